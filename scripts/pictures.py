"""Make the documentation's pictures from real audits of the sample groups.

    python scripts/pictures.py [--into docs/pictures]

`console.svg` is what `auditor audit` prints (rich's export, without the fonts that it would fetch from elsewhere), `check.svg` what
`auditor check` prints, `page.png` the page of a class, `group.png` that of a group and `desk.png` a claim at the desk, as Chromium draws them. The pictures
hold no path of this machine. Pages need Debian's Chromium; where it is missing they are left as they are.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from auditor.samples import build_samples

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WIDTH, LINES = 100, 46
SIZES = {"page.png": "1200,900", "group.png": "1200,860", "desk.png": "1200,900"}
"""Width and height of what is photographed, so that no line is cut through at the bottom."""
COMMANDS = {
    "console.svg": ("audit", "hollow", "--select", "M14,M17,M23"),
    "check.svg": ("check", "hollow", "--select", "M8,M12,M23,H.placeholder,H.length"),
}
DESK = "group-hollow/claim/M17.matrix_cache"
"""What is shown of the desk."""
FONT = re.compile(r"\s*@font-face \{.*?\}\n", re.DOTALL)
FAMILY = re.compile(r"font-family: [^;]+;")
SECONDS = 120
MAIN = "from auditor.cli import main; main()"


def printed(folder: Path, *words: str) -> str:
    """What a command of auditor prints on a terminal, with its colours, without the names of temporary folders."""
    environment = {**os.environ, "COLUMNS": str(WIDTH), "TERM": "xterm-256color", "FORCE_COLOR": "1"}
    environment.pop("NO_COLOR", None)
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"auditor {' '.join(words)}: {done.stderr}")
    return done.stdout.replace(f"{folder}/", "")


def drawn(text: str, title: str) -> str:
    """The first lines of a terminal's text as an SVG that fetches nothing."""
    lines = text.rstrip("\n").split("\n")
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], "..."]
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for line in lines:
        console.print(Text.from_ansi(line), soft_wrap=True)
    svg = FONT.sub("", console.export_svg(title=title, unique_id="auditor"))
    svg = FAMILY.sub("font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace;", svg)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def photographed(address: str, picture: Path) -> bool:
    """Whether Chromium drew the page."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return False
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                *(chromium, "--headless", "--no-sandbox", "--disable-background-networking", "--hide-scrollbars"),
                *(
                    f"--user-data-dir={profile}",
                    f"--window-size={SIZES[picture.name]}",
                    f"--screenshot={picture}",
                    "--virtual-time-budget=3000",
                    address,
                ),
            ],
            check=True,
            capture_output=True,
            timeout=SECONDS,
        )
    return True


def photographed_desk(out: Path, picture: Path) -> bool:
    """Whether Chromium drew a claim at the desk over the class run in `out`."""
    words = [sys.executable, "-c", MAIN, "serve", str(out), "--no-browser", "--by", "dana"]
    desk = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        found = re.search(r"(http://\S+/)\?(token=\S+)", desk.stdout.readline() if desk.stdout else "")
        if found is None:
            raise SystemExit("auditor serve: prints no address")
        return photographed(f"{found[1]}group/{DESK}?{found[2]}", picture)
    finally:
        desk.send_signal(signal.SIGINT)
        desk.wait(SECONDS)


def main() -> int:
    """Make every picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=PICTURES, metavar="DIR")
    into: Path = parser.parse_args().into.resolve()
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="auditor-pictures-") as temporary:
        folder = Path(temporary, "samples")
        build_samples(folder)
        for name, words in COMMANDS.items():
            shown = drawn(printed(folder, *words), f"auditor {' '.join(words)}")
            (into / name).write_text(shown, encoding="utf-8")
        printed(folder.parent, "batch", "samples", "--out", "class", "--cache", "cache", "--progress", "quiet")
        printed(folder, "audit", "hollow", "--format", "html", "--output", "hollow.html")
        pages = {"page.png": folder.parent / "class" / "index.html", "group.png": folder / "hollow.html"}
        missing = [name for name, page in pages.items() if not photographed(page.as_uri(), into / name)]
        if not photographed_desk(folder.parent / "class", into / "desk.png"):
            missing.append("desk.png")
    for name in missing:
        print(f"{name}: not made, there is no chromium", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
