"""What makes strangers' text fit to be shown: masking, and escaping for each form of output."""

from __future__ import annotations

import csv
import io
import re

from markdown_it import MarkdownIt

from auditor.evidence import Place, shorten
from auditor.output.alerts import sarif
from auditor.output.alerts.github import command
from auditor.output.markdown.markdown import code, fenced, prose
from auditor.output.pages.claim_views import shortened
from auditor.output.pages.class_views import web_address
from auditor.output.spreadsheets.sheet_rows import MAX_UNITS, cut, fit, numbered
from auditor.output.spreadsheets.sheets import as_csv, as_text
from auditor.output.terminal.console import clean
from auditor.output.words.wording import one_line, visible
from auditor.result.masking import mask_text
from fuzzing.registry import takes_text

SIGNS = "< > & ' \" ` ``` * _ ~ | \\ [ ] ( ) ! # - + = @ : / . http://example.org www.example.org <script> &lt; &#60; :smile: @someone #1 GH-1 $x$ 1. {{ }} {% %}"
HIDDEN = (
    "\x1b[31m",
    "\u202e",
    "\u200b",
    "\0",
    "\x07",
    "\u2028",
    "\ufeff",
    "\x85",
    "\U000e0041",
    "\t",
    "\r",
    "\x0b",
    "\u3000",
)
GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
KEYS = (
    "ghp_" + "a1B2c3D4" * 5, "hf_" + "aB3d" * 9, "AKIA" + "ABCD1234" * 2, "AIza" + "b2C3d4E5" * 4 + "x", "sk-proj-" + "Zz9y8X7w" * 4,
    "glpat-" + "a1b2c3d4" * 3,
)  # fmt: skip


@takes_text(
    'api_key= token: password = "x" \' login(key= :// @ user: ghp_ hf_ sk- AKIA eyJ . = / + - _ A1b2C3d4E5f6G7h8 0123456789abcdef wandb login |',
    more=KEYS,
)
def masking(text: str) -> None:
    """Masking masks nothing more the second time, and a key between blanks never stays."""
    once = mask_text(text)
    assert once.count("\n") == text.count("\n")
    for key in KEYS:
        assert f" {key} " not in mask_text(f"{text} {key} {text}")
    assert re.sub(r"\*{4}", "", mask_text(once)) in (
        re.sub(r"\*{4}", "", once),
        re.sub(r"\*{4}", "", mask_text(mask_text(once))),
    )


@takes_text(SIGNS, more=HIDDEN)
def shown_text(text: str) -> None:
    """Nothing that a terminal obeys or a reader cannot see, and nothing more is changed the second time."""
    seen = visible(text)
    assert visible(seen) == seen
    assert not any(unicode_control(c) for c in seen)
    assert visible(text) == text or not text.isprintable()
    for line in (one_line(text), clean(text), shorten(text)):
        assert "\n" not in line and "\r" not in line
    assert not any(unicode_control(c) for c in clean(text))
    shortened(text)


def unicode_control(character: str) -> bool:
    """Whether a character is one that turns, hides or steers text."""
    code_point = ord(character)
    return (
        (code_point < 0x20 and character not in "\n\t")
        or 0x7F <= code_point < 0xA0
        or character in "\u202e\u202d\u2066\u200b\u2028\u2029\ufeff"
    )


@takes_text(SIGNS, more=HIDDEN)
def markdown_text(text: str) -> None:
    """What is written as prose or as code is read as that text by a Markdown reader, and as nothing else."""
    plain = " ".join(one_line(text).split())
    for before, after in (("", ""), ("- ", ""), ("> ", ""), ("x ", " y"), ("## ", "")):
        kinds, content = read_markdown(before + prose(text) + after)
        assert kinds <= {
            "text",
            "text_special",
            "inline",
            "paragraph",
            "heading",
            "bullet_list",
            "list_item",
            "blockquote",
            "softbreak",
        }, (kinds, prose(text))
        said = before.strip(" ->#") + (" " if before == "x " else "") + plain + after
        assert squeezed(content) == squeezed(said), (content, said)
    kinds, content = read_markdown("x " + code(text) + " y")
    assert kinds <= {"text", "inline", "paragraph", "code_inline"}, (kinds, code(text))
    assert squeezed(content) == squeezed(f"x {one_line(text)} y")
    kinds, content = read_markdown(fenced(visible(text)))
    assert kinds == {"fence"}, kinds
    assert content.rstrip() == visible(text).rstrip()


def squeezed(text: str) -> str:
    """The text without blanks and the break that `prose` puts into addresses."""
    return "".join(text.replace("\u200b", "").split())


def read_markdown(text: str) -> tuple[set[str], str]:
    """Kinds of tokens of a Markdown text, and what it says."""
    kinds, said = set(), []
    for token in GITHUB.parse(text):
        kinds.add(token.type.removesuffix("_open").removesuffix("_close"))
        for child in token.children or [token]:
            kinds.add(child.type.removesuffix("_open").removesuffix("_close"))
            if child.type in ("text", "text_special", "code_inline", "fence", "html_inline", "html_block"):
                said.append(child.content)
    return kinds, "".join(said)


@takes_text("= + - @ | % \t \r ' \" , ; =1+1 @SUM(1) http://example.org \uff1d", more=(*HIDDEN, "x" * 200))
def sheets(text: str) -> None:
    """No cell is read as a formula, by programs that split lines and tabs either, and none is longer than a cell may be."""
    told = as_text(fit(text))
    assert not re.search(r"(?:^|[;\t\n])\s*[=+@-]", told), told
    assert len(fit(text).encode("utf-16-le", "surrogatepass")) <= MAX_UNITS * 2
    assert cut(cut(text)) == cut(text)
    data = as_csv(("a", "b"), [(fit(text), 1)]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline="")))
    assert len(rows) == 2 and len(rows[1]) == 2 and rows[1][0].lstrip("'") == as_text(fit(text)).lstrip("'")
    numbered([text])


@takes_text("http:// https:// javascript: data: // \\ : / . @ % ? # ' \" < > example.org", more=HIDDEN)
def web_addresses(text: str) -> None:
    found = web_address(text)
    assert found is None or found.startswith(("http://", "https://"))


@takes_text(SIGNS + " :: ##[ ::error file= %0A %25 , ;", more=HIDDEN)
def workflow_command(text: str) -> None:
    """Whatever it is made of, a workflow command is one line, and no other command begins in it."""
    made = command("warning", Place(text, 3, text), text, text)
    assert "\n" not in made and "\r" not in made and not made[2:].startswith("::")
    assert made.startswith("::warning ") and "##[" not in made
    properties, _, message = made.removeprefix("::warning ").partition("::")
    assert [name.partition("=")[0] for name in properties.split(",")] in (["file", "line", "title"], ["title"])
    assert "%" not in re.sub("%(25|0A|0D|3A|2C)", "", message)


@takes_text(SIGNS + " { } {0} [a](1) file: ../ %2F", more=HIDDEN)
def sarif_texts(text: str) -> None:
    """No placeholder and no link in a message, no HTML in a rule's text, no scheme, host or query in a path."""
    said = sarif.text(text)
    assert not re.search(r"(?<!\{)\{(?!\{)", said.replace("{{", "")) and not re.search(r"\]\(", said)
    kinds, _ = read_markdown(sarif.markdown(text.replace("`", "").split("\n")))  # of the rules' own texts only
    assert not kinds & {"html_inline", "html_block"}, kinds
    uri = sarif.path_uri(text)
    assert not uri.startswith("/") and not set(uri) & set('?#\\<>" ') and ":" not in uri.partition("/")[0]
