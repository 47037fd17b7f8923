from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees

from auditor.facts.documents.markdown import MAX_DOCUMENTS, Docs, docs, read_document

TEXT = """# Shop

A model that *predicts* what Ada buys, see [the paper](https://example.org/paper "Paper").
Second line with ![curve](figures/loss%20curve.png) and `make train`.

```bash
docker build -f dockerfiles/train.dockerfile .
```

<p align="center">
  <img src="../img/logo.png" alt="logo">
  <a href="https://example.org/docs">Docs</a>
</p>

| a | b |
|---|---|
| [x](y.md) | z |

[ref]: https://example.org/ref
And [ref] here.
"""


def test_lines_targets_and_texts() -> None:
    document = read_document("docs/index.md", TEXT)
    assert [(h.line, h.level, h.text) for h in document.headings] == [(1, 1, "Shop")]
    assert [(x.line, x.text, x.target) for x in document.links] == [
        (3, "the paper", "https://example.org/paper"),
        (12, "Docs", "https://example.org/docs"),
        (17, "x", "y.md"),
        (20, "ref", "https://example.org/ref"),
    ]
    assert [(i.line, i.alt, i.file) for i in document.images] == [
        (4, "curve", "docs/figures/loss curve.png"),
        (11, "logo", "img/logo.png"),
    ]
    assert [(b.line, b.language, b.text) for b in document.code_blocks] == [
        (7, "bash", "docker build -f dockerfiles/train.dockerfile .\n")
    ]
    assert [(b.line, b.text) for b in document.inline_code] == [(4, "make train")]


def test_words_are_those_of_prose() -> None:
    assert read_document("a.md", "# One two\n\nthree four\n\n- five\n\n```\nsix\n```\n").words == 3


def test_front_matter_is_no_text_and_keeps_lines() -> None:
    document = read_document("a.md", "---\ntitle: x\n---\n# Shop\n")
    assert [(h.line, h.text) for h in document.headings] == [(4, "Shop")]
    assert document.paragraphs == ()


def test_a_comment_is_not_shown() -> None:
    document = read_document("a.md", "<!-- ![old](old.png) [x](y) words -->\n")
    assert (document.images, document.links, document.words) == ((), (), 0)


def test_sites_and_pages(tree: Trees) -> None:
    files = {
        "README.md": "# Shop",
        "src/readme.md": "# Inner",
        "docs/mkdocs.yaml": "# settings\nsite_name: Shop\n",
        "docs/source/index.md": "Hello",
        "manual/conf.py": 'project = "Shop"\n',
        "manual/index.rst": "Shop\n====\n",
        "src/conf.py": "x = 1\n",
        "empty/mkdocs.yml": "# site_name: Shop\n",
        "book/_toc.yml": "root: index\n",
        "book/_config.yml": "title: Shop\n",
        "book/chapter.md": "Hello",
    }
    found: Docs = docs(tree(files).snapshot)
    assert {(s.path, s.generator, s.line) for s in found.sites} == {
        ("docs/mkdocs.yaml", "mkdocs", 2),
        ("manual/conf.py", "sphinx", 1),
        ("book/_toc.yml", "jupyter-book", 1),
    }
    assert [d.path for d in found.readmes] == ["README.md", "src/readme.md"]
    assert [d.path for d in found.pages] == ["book/chapter.md", "docs/source/index.md"]
    assert found.rst_paths == ("manual/index.rst",)


def test_what_matters_is_read_where_there_are_too_many(tree: Trees) -> None:
    wanted = {"README.md", "reports/README.md", "web/docs/manual/a.md", "docs/z.md", "tool/README.md"}
    others = {f"a{n}.md" for n in range(300)} | {f"b/readme.d/{n}/README.md" for n in range(300)}
    snapshot = tree({"web/docs/mkdocs.yml": "site_name: x\n"} | dict.fromkeys(wanted | others, "# a\n")).snapshot
    found = docs(snapshot)
    paths = [document.path for document in found.documents]
    assert wanted <= set(paths)
    assert paths == sorted(paths)
    assert len(paths) == MAX_DOCUMENTS
    assert {problem.path for problem in snapshot.problems} == (wanted | others) - set(paths)


def test_work_on_all_documents_is_bounded(tree: Trees, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.facts.documents.markdown.MAX_MARKS", 20_000)
    monkeypatch.setattr("auditor.facts.documents.markdown.MAX_TOTAL", 300_000)
    marks = {f"{name}.md": "[x](y) words\n\n" + "[a" * 9_000 + "\n" for name in "abcdefgh"}
    long = {f"long{number}.md": "word\n" * 8_000 for number in range(8)}
    snapshot = tree({"README.md": "[x](y) words\n", **marks, **long}).snapshot
    found = docs(snapshot)
    assert found.by_path["README.md"].links
    assert found.by_path["h.md"].paragraphs[0] == (1, "x words")
    assert not found.by_path["h.md"].links[1:]
    said = {problem.path: problem.message for problem in snapshot.problems}
    assert "more than 20,000 marks" in said["h.md"]
    assert "more than 300,000 characters" in said["long7.md"]
    assert "README.md" not in said


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("ab \n#*_`~[]()!<>|-=:&;\\\"'\t0é"), max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    document = read_document("a.md", text)
    last = text.count("\n") + 1
    lines = [h.line for h in document.headings] + [x.line for x in document.links] + [i.line for i in document.images]
    assert all(1 <= line <= last for line in lines)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "*a " * 50_000, "> " * 50_000, '<a href="' * 40_000, "![" * 50_000, "`a" * 90_000]
)
def test_hostile_text_costs_little_time(text: str) -> None:
    start = time.perf_counter()
    read_document("a.md", text)
    assert time.perf_counter() - start < 3
