"""The pages as files: nothing in them runs, loads or misleads, whatever strangers wrote."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.page_samples import (
    COMMIT,
    HOSTILE,
    WEB,
    A,
    C,
    D,
    N,
    Q,
    U,
    audit,
    claim,
    failed_row,
    group,
    hostile_audit,
    row,
    school,
)

from auditor.evidence import Place
from auditor.output.pages.html import Neighbour, class_page, group_page, to_html
from auditor.output.words.wording import visible
from auditor.records import replace
from auditor.result.audit import Decision, Excerpt, PartResult, Remark, Verdict
from auditor.result.class_run import ClassResult, GroupAudit, SharedFile

VOID = {"meta", "link", "input", "br", "hr", "img", "col"}


class Page(HTMLParser):
    """A page taken apart: tags with their attributes, the text of each element kind, and ids."""

    def __init__(self, data: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.inside: dict[str, list[str]] = {}
        self.text = ""
        self.feed(data.decode())
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (self.open[-3:], tag, self.getpos())
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open:
            self.inside.setdefault(self.open[-1], []).append(data)
            if self.open[-1] not in ("style", "script"):
                self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def ids(self) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get("id"))]


def small_class() -> ClassResult:
    return school(
        [
            row("Group 1", audit((C, C, D, D, Q, N)), "group-1.html"),
            row("Group 2", audit((C, Q, D, C, C, U)), "group-2.html", ("Bo Holm", "Chidi Obi")),
            failed_row("Group 3", "the repository was not found", "group-3.html"),
            row("Group 10", audit((C, C, Q, C, A, N)), "group-10.html"),
        ],
        (SharedFile("figure", (("Group 1", "reports/a.png"), ("Group 2", "reports/b.png"))),),
    )


def pages() -> dict[str, bytes]:
    """One of each kind."""
    return {
        "single": to_html(audit()),
        "group": group_page(
            group(),
            home="index.html",
            shared=small_class().shared,
            rates=small_class().rates,
            neighbours=(Neighbour("Group 6", "group-6.html"), None),
        ),
        "failed": group_page(GroupAudit("Group 3", (), "example", None, "not found"), home="index.html"),
        "no report": to_html(audit(report=replace(audit().report, path=None, group=None))),
        "class": class_page(small_class()),
        "empty class": class_page(school([])),
        "hostile": group_page(group(HOSTILE[0], hostile_audit(HOSTILE[1]))),
    }


@pytest.mark.parametrize("name", pages())
def test_a_page_allows_its_own_style_and_script_and_nothing_else(name: str) -> None:
    page = Page(pages()[name])
    first_metas = page.all("meta")[:2]
    assert first_metas[0] == {"charset": "utf-8"}
    policy = first_metas[1]
    assert policy["http-equiv"] == "Content-Security-Policy"
    hashes = {
        kind: "sha256-" + b64encode(sha256("".join(page.inside[kind]).encode()).digest()).decode()
        for kind in ("style", "script")
    }
    assert policy["content"] == (
        f"default-src 'none'; style-src '{hashes['style']}'; script-src '{hashes['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert len(page.all("style")) == len(page.all("script")) == 1
    assert {"name": "referrer", "content": "no-referrer"} in page.all("meta")
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not any(key.startswith("on") for key in attributes), (tag, attributes)


@pytest.mark.parametrize("name", pages())
def test_a_page_refers_to_nothing_but_itself_its_site_and_the_hosting_site(name: str) -> None:
    page = Page(pages()[name])
    for tag, attributes in page.tags:
        assert not {"src", "srcset", "action", "data", "formaction", "poster", "background"} & set(attributes), tag
        href = attributes.get("href")
        if href is None:
            continue
        assert tag == "a"
        if href.startswith("#"):
            assert href[1:] in page.ids, href
        elif href.startswith(("https://", "http://")):
            assert href.startswith(WEB), href
            assert attributes["rel"] == "noopener noreferrer"
        else:
            assert re.fullmatch(r"[A-Za-z0-9_.%-]+\.html(#claim-[A-Za-z0-9_.-]+)?", href), href
    assert "url(" not in "".join(page.inside["style"]) and "@import" not in "".join(page.inside["style"])
    assert not {"link", "img", "iframe", "object", "embed", "base"} & {tag for tag, _ in page.tags}


@pytest.mark.parametrize("name", pages())
def test_every_id_is_unique_and_a_page_is_the_same_every_time(name: str) -> None:
    data = pages()[name]
    page = Page(data)
    assert len(page.ids) == len(set(page.ids))
    for _, attributes in page.tags:
        for key in ("aria-labelledby", "aria-describedby", "data-copy"):
            assert attributes.get(key) is None or attributes[key] in page.ids
    assert data == pages()[name]


@pytest.mark.parametrize("text", HOSTILE)
def test_strangers_text_is_shown_as_text(text: str) -> None:
    data = group_page(
        group(text, hostile_audit(text), members=(text,), address=text, notes=(text,)),
        home=text,
        shared=(SharedFile("code", ((text, text), ("Group 2", text)), 9),),
        neighbours=(Neighbour(text, text), Neighbour(text, text)),
    )
    tame = Page(group_page(group("x", hostile_audit("x"), members=("x",), address="x", notes=("x",))))
    page = Page(data)
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in tame.tags}
    flat = " ".join(page.text.split())
    assert flat.count(" ".join(visible(text).split())) >= 30
    no_invisible(data)


@pytest.mark.parametrize("text", HOSTILE)
def test_strangers_text_is_shown_as_text_in_the_class(text: str) -> None:
    made = replace(row(text, hostile_audit(text), text, (text,)), address=text, notes=(text,), problems=(text,))
    gone = replace(failed_row(text, text, text), address=text)
    data = class_page(school([made, gone], (SharedFile("code", ((text, text),), 3),), title=text))
    tame = class_page(
        school(
            [replace(row("x", hostile_audit("x"), "x"), notes=("x",), problems=("x",)), failed_row("x", "x", "x")],
            (SharedFile("code", (("x", "x"),), 3),),
        )
    )
    page = Page(data)
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in Page(tame).tags}
    assert " ".join(page.text.split()).count(" ".join(visible(text).split())) >= 9
    for attributes in page.all("a"):
        assert not (attributes["href"] or "").startswith(("javascript:", "//", "/"))
    no_invisible(data)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_keeps_a_page_whole(text: str) -> None:
    page = Page(group_page(group(text, hostile_audit(text), members=(text,))))
    wholesome = Page(group_page(group("x", hostile_audit("x"))))
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in wholesome.tags}


def no_invisible(data: bytes) -> None:
    """No control character but line feed and tab, and nothing that turns the direction of writing."""
    shown = [c for c in data.decode() if not c.isprintable() and c not in "\n\t"]
    assert shown == []


def test_invisible_characters_are_made_visible_and_words_stay() -> None:
    assert visible("\x1b[1m") == "␛[1m"
    assert visible("a\u202eb") == "a[U+202E]b"
    assert visible("\x9b\x7f") == "[U+009B]␡"
    assert visible("שלום, Krøyer 👩\u200d🔬\u00a0ok\n\tx") == "שלום, Krøyer 👩\u200d🔬\u00a0ok\n\tx"


def test_addresses_of_pages_stay_within_the_site() -> None:
    page = Page(
        group_page(group(), home="//elsewhere.example/x.html", neighbours=(Neighbour("a", "javascript:x"), None))
    )
    assert [one["href"] for one in page.all("a")][1:3] == ["elsewhere.example/x.html", "javascript%3Ax"]


def test_a_repository_address_that_is_no_web_address_is_not_linked() -> None:
    made = replace(audit(), repository=replace(audit().repository, web="javascript:alert(1)"))
    assert b'href="javascript' not in group_page(group(result=made))
    assert b'href="javascript' not in class_page(school([row("Group 1", made, "group-1.html")]))


def test_evidence_stands_in_its_lines_with_the_hit_marked_and_linked() -> None:
    text = group_page(group()).decode()
    query = text[text.index('id="claim-M8.dvc"') : text.index("</article>", text.index('id="claim-M8.dvc"'))]
    assert f'href="{WEB}/blob/{COMMIT}/src/buoy/train.py#L7"' in query
    assert '<span class="line hit"><span class="number">▸7</span><mark>    logger.info(loss)</mark>' in query
    assert '<span class="line"><span class="number">5</span>def train():' in query
    assert "Looked for: <bdi>a remote in .dvc/config</bdi>" in query
    assert f'href="{WEB}/blob/{COMMIT}/reports/README.md#L21"' in query


def test_places_that_touch_stand_in_one_snippet_and_far_ones_do_not() -> None:
    lines = tuple(f"line {number}" for number in range(1, 41))
    places = tuple(Place("a.py", number, f"line {number}") for number in (3, 5, 30))
    part = PartResult("calls", "found", (*places, Place("gone.py", 2, "not kept"), Place("a.py", 99, "beyond")), "")
    made = replace(audit((D,)), claims=(claim(0, D, parts=(part,)),), excerpts=(Excerpt("a.py", 1, lines),))
    text = to_html(made).decode()
    assert text.count("<figure>") == 2
    numbers = [int(number) for number in re.findall(r'class="number">▸?(\d+)', text)]
    assert numbers == [*range(1, 8), *range(28, 33)]
    assert re.findall(r"<mark>(.*?)</mark>", text) == ["line 3", "line 5", "line 30"]
    assert "not kept" in text and "beyond" in text


def test_order_of_sections_and_what_is_folded_away() -> None:
    text = group_page(group()).decode()
    headings = re.findall(r'<h2 id="([a-z]+)"', text)
    assert headings == ["questions", "discrepancy", "query", "ask", "unclaimed", "confirmed", "none"]
    confirmed = text[text.index('id="confirmed"') :]
    assert confirmed.index("<details") < confirmed.index('id="claim-M5.git"') < confirmed.index("</details>")


def test_questions_are_one_text_with_discrepancies_first() -> None:
    page = Page(group_page(group()))
    questions = next(text for text in page.inside["pre"] if text.startswith("Questions"))
    assert questions == (
        "Questions to Group 7 (commit 0123456789)\n\n"
        "1. M14.logging: You ticked “Logging of events”. Could you show it?\n\n"
        "2. M8.dvc: You ticked “Data under version control”. Could you show it?\n\n"
        "3. M17.lint: You ticked “Linting in continuous integration”. Could you show it?\n"
    )


@pytest.mark.parametrize("stale", [False, True])
def test_a_decision_counts_unless_it_was_made_on_another_commit(stale: bool) -> None:
    decision = Decision(
        Verdict.SUPPORTED, C, "shown in the meeting", "Dana Reyes", "2026-01-25T10:00", "fedcba9876", stale
    )
    made = replace(audit(), claims=(claim(2, D, decision=decision),))
    text = group_page(group(result=made)).decode()
    assert ("Decided on another commit" in text) is stale
    assert "shown in the meeting" in text and "Dana Reyes" in text
    assert "The program says: unsupported, discrepancy" in text
    assert ('<h2 id="discrepancy">' in text) is stale
    assert ('id="questions-text"' in text) is stale
    cells = class_page(school([row("Group 1", made, "group-1.html")])).decode()
    assert (">D!</a>" if stale else ">✓*</a>") in cells


def test_a_group_that_failed_says_why_on_both_pages() -> None:
    assert "the repository was not found" in class_page(small_class()).decode()
    alone = group_page(GroupAudit("Group 3", ("Finn Aas",), "example", None, "it is private", notes=("seen twice",)))
    for words in ("it is private", "seen twice", "Finn Aas", "could not be audited"):
        assert words in alone.decode()


def test_the_class_table_has_a_cell_for_every_group_and_claim_that_leads_to_the_claim() -> None:
    text = class_page(small_class()).decode()
    assert '<td class="d"><a href="group-1.html#claim-M14.logging">D</a></td>' in text
    assert '<td class="n">·</td>' in text
    first = text[text.index("<tbody>") : text.index("</tr>", text.index("<tbody>"))]
    assert first.count("<td") == 5 + 6 + 5
    assert [int(number) for number in re.findall(r'<td class="number">(\d+)', first)] == [2, 1, 0, 0, 2]
    page = Page(class_page(small_class()))
    scopes = [attributes.get("scope") for attributes in page.all("th")]
    assert None not in scopes
    assert {"row", "col", "colgroup"} <= set(scopes)
    assert len(page.inside["caption"]) == 2


def test_cells_follow_their_claims_where_a_row_lacks_some() -> None:
    made = row("Group 1", audit((C, C, D, C, C, C)), "group-1.html")
    text = class_page(school([replace(made, cells=made.cells[2:3])])).decode()
    first = text[text.index("<tbody>") : text.index("</tr>", text.index("<tbody>"))]
    assert re.findall(r'<td class="[a-z]">(.*?)</td>', first) == [
        "", "", '<a href="group-1.html#claim-M14.logging">D</a>', "", "", "",
    ]  # fmt: skip


def test_what_most_groups_get_wrong_stands_out() -> None:
    rows = [row(f"Group {number}", audit((C, C, D, C, C, C)), f"{number}.html") for number in range(4)]
    text = class_page(school(rows)).decode()
    marked = re.findall(r'<tr class=most><th scope="row">(.*?)</th>', text)
    assert marked == ["M14.logging"]
    assert '<rect class="d" x="0.0" width="100.0" height="10"/>' in text
    ours = group_page(group(), rates=school(rows).rates).decode()
    assert "in the class: 4 discrepancies and 0 queries of 4 ticked" in ours


def test_equal_files_are_shown_to_the_groups_that_hold_them_only() -> None:
    shared = small_class().shared
    assert b"reports/b.png" in group_page(group("Group 1"), shared=shared)
    assert b"reports/b.png" not in group_page(group("Group 9"), shared=shared)
    assert "never verdicts" in class_page(small_class()).decode()


def test_a_class_of_150_is_small_and_quick_to_write() -> None:
    heads = [replace(head, id=f"{head.id}{number}") for number in range(10) for head in small_class().claims][:56]
    cells = row("x", audit(), "x").cells
    rows = [
        replace(
            row(f"Group {number}", audit(), f"group-{number}.html"),
            cells=tuple(replace(cells[index % 6], claim=head.id) for index, head in enumerate(heads)),
        )
        for number in range(150)
    ]
    made = replace(school(rows), claims=tuple(heads))
    class_page(made)
    start = time.process_time()
    data = class_page(made)
    assert time.process_time() - start < 1.2, "about 0.07 s on a quiet machine; 0.4 s is what it may take"
    assert len(data) < 1_500_000


def test_the_pages_are_written_in_utf_8_whatever_the_locale() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from auditor.output.pages.html import group_page; from auditor.result.class_run import GroupAudit;"
            "sys.stdout.buffer.write(group_page(GroupAudit('Gr\\u00f8n', (), '', None, 'x')))",
        ],
        capture_output=True,
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONPATH": ":".join(sys.path)},
        check=True,
    )
    assert "Grøn" in done.stdout.decode()


def test_titles_say_what_a_page_is() -> None:
    titles = [
        Page(data).inside["title"]
        for data in (
            group_page(group("43"), of_class="Winter 2026"),
            to_html(audit()),
            class_page(school([], title="Winter 2026")),
        )
    ]
    assert ["".join(one) for one in titles] == [
        "Group 43: audit of the hand-in (Winter 2026)",
        "Group 7: audit of the hand-in",
        "Winter 2026: audit of a class",
    ]
    assert Page(group_page(group("43"))).inside["bdi"][0] == "Group 43"


def test_keys_and_large_files_stand_first() -> None:
    key = Remark("H.secrets", "x", Place(".env", 3, "TOKEN=***"), "This looks like a secret (a token).", "Revoke it.")
    large = Remark("H.large_files", "x", Place("big.pt", None, ""), "A model of 3.0 MB is committed.", "Take it out.")
    other = Remark("H.length", "x", Place("reports/README.md", 9, ""), "Too short.", "Write more.")
    result = audit(hand_in=(other, key, large))
    text = Page(group_page(group("43", result))).text
    assert (
        0 < text.index("Keys and passwords that are committed") < text.index("Large files") < text.index("Repository")
    )
    assert text.count("This looks like a secret") == text.count("A model of 3.0 MB") == 1
    assert text.index("What the hand-in lacks") < text.index("Too short.")

    one = replace(
        row("43", result, "group-43.html"), keys=(".env:3: <a key>",), large_files=("big.pt: 3.0 MB", "b: 4 MB")
    )
    page = Page(class_page(school([one, row("44", audit(), "group-44.html")])))
    assert "1 key or password, 2 large files" in page.text
    assert ".env:3: <a key>" in page.text
    assert "Keys and large files" not in Page(class_page(school([row("44", audit(), "group-44.html")]))).text


def test_every_sign_is_explained() -> None:
    decided = tuple(
        replace(one, decision=Decision(Verdict.SUPPORTED, C, "", "nb", "2026-01-25", COMMIT, stale=one.id == "M5.git"))
        for one in audit().claims
    )
    page = Page(group_page(group("43", audit(claims=decided))))
    legend = page.text[page.text.index("discrepancyQ") :]
    for words in (
        "decided by a teaching assistant",
        "decided on another commit",
        "a part: not found",
        "the line that is evidence",
    ):
        assert words in legend
    assert "behind a group: see its notes" in Page(class_page(school([row("44", audit(), "x.html")]))).text
