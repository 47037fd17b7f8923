"""Dockerfiles and what belongs to them."""

from __future__ import annotations

from hostile.ground import Ground
from hostile.registry import case, places_for

PLACES = ("dockerfiles/x.dockerfile", "sub/Dockerfile", "Dockerfile.x", "Containerfile")


def place(ground: Ground, text: str | bytes) -> None:
    ground.write(dict.fromkeys(places_for(text, PLACES), text))


@case()
def unknown_instructions(ground: Ground) -> None:
    place(
        ground,
        '# escape=`\n# syntax=evil/x\n# check=error=true\nFROM python:3.12\nEVIL x\n\x00FROM\nONBUILD ONBUILD ONBUILD RUN x\nCOPY\nRUN\nFROM\nENV\nARG\nCMD [\nENTRYPOINT ["a", 7, [], "\\ud800"]\nLABEL =\nSHELL []\nHEALTHCHECK CMD\n',
    )


@case()
def heredocs(ground: Ground) -> None:
    place(
        ground,
        "FROM python:3.12\nRUN <<EOF <<'A B' <<-\"C\" <<EOF\n"
        + "pip install torch <<EOF\n" * 5_000
        + "COPY <<X <<Y /a\nRUN <<\nRUN <<-\nRUN python - <<EOF\nimport torch\n",
    )


@case()
def continuation_at_the_end(ground: Ground) -> None:
    place(ground, "FROM python:3.12\nRUN pip install \\\n# a comment\n\n\\\n \\ \n  torch && \\")
    ground.write(
        {
            "dockerfiles/y.dockerfile": "FROM \\",
            "dockerfiles/z.dockerfile": "\\\n" * 20_000,
            "dockerfiles/w.dockerfile": "FROM x\nRUN " + "a \\\n" * 30_000,
        }
    )


@case()
def variables_that_double(ground: Ground) -> None:
    doubling = "".join(f"ARG A{n}=$A{n - 1}$A{n - 1}\nENV E{n}=${{A{n}}}${{A{n}:-$A{n}}}\n" for n in range(1, 60))
    place(
        ground,
        "ARG A0=0123456789\nARG B=$C\nARG C=$B\n"
        + doubling
        + "FROM ${A59}:${B} AS ${C}\n"
        + doubling
        + 'COPY ${A59} ${E59}\nRUN echo $E59 ${E59:-${E58:-${E57}}}\nENTRYPOINT ["$E59"]\nCMD $A59\n',
    )
    ground.write(
        {"dockerfiles/nested.dockerfile": "FROM " + "${X:-" * 9_000 + "}" * 9_000 + "\nCOPY " + "${" * 20_000 + "\n"}
    )


@case()
def stages_in_circles(ground: Ground) -> None:
    place(
        ground,
        "FROM b AS a\nFROM a AS b\nCOPY --from=b . .\nCOPY --from=99999999999999999999 . .\nCOPY --from=-1 /a /b\nFROM self AS self\nCOPY --from=self x y\n"
        + "".join(f"FROM s{n - 1} AS s{n}\nCOPY --from=s{n + 1} /x /y\n" for n in range(3_000)),
    )


@case()
def places_outside(ground: Ground) -> None:
    """Contexts, files and patterns that lead out of the repository."""
    outside = f"../../../../../../{ground.secret_file}"
    place(
        ground,
        f'FROM python:3.12\nCOPY ../../../../etc/passwd /x\nCOPY {ground.secret_file} /\nADD file://{ground.secret_file} /\nCOPY {outside} {outside}\nCOPY ** /\nCOPY ["[", "a/**/../../**", "/"]\nRUN --mount=type=bind,source=/etc cat /etc/passwd\n',
    )
    ground.write(
        {
            "docker-compose.override.yml": f"services:\n  a: {{build: {{context: ../../.., dockerfile: {ground.secret_file}}}, env_file: {ground.secret_file}}}\n",
            "sub/.dockerignore": "**/" * 300
            + "x\n"
            + "a*" * 300
            + "b\n"
            + "[" * 300
            + "\n!"
            + "*" * 300
            + "\n"
            + "".join(f"p{n}/**\n" for n in range(20_000)),
            "Makefile.x": f"build:\n\tdocker build -f {outside} {ground.outside}\n",
            "scripts/build.sh": f"docker build -f /etc/passwd -t x /etc\ndocker build -t y - < {ground.secret_file}\ndocker buildx bake -f {ground.secret_file}\n",
        }
    )


@case()
def many_lines(ground: Ground) -> None:
    place(ground, "FROM python:3.12\n" + "RUN pip install torch && echo a | tee b > c\n" * 100_000)


@case()
def one_long_line(ground: Ground) -> None:
    place(
        ground,
        "FROM python:3.12\nRUN "
        + "pip install a && " * 60_000
        + "\nENV "
        + "A=1 " * 60_000
        + "\nCMD ["
        + '"a", ' * 60_000
        + '"a"]\n',
    )
