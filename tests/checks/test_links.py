from __future__ import annotations

from pathlib import Path

from support.hand_in_samples import files, remarks, whole_report, words
from support.repositories import make_repository


def test_links_that_lead_to_nothing(tmp_path: Path) -> None:
    text = whole_report(
        {
            10: f"{words(120)} [config](../configs/none.yaml) [code](../src/shop/__init__.py) [web](https://example.org/x)"
        }
    )
    folder = make_repository(
        tmp_path / "shop", files(text, {"README.md": "# shop\n\n[here](docs/none.md) [up](#shop) [code](src/shop)\n"})
    )
    found = remarks(folder, "H.links")
    assert [(one.place.path, "none" in one.message) for one in found] == [
        ("reports/README.md", True),
        ("README.md", True),
    ]


def test_pages_of_the_hosting_site_are_no_files(tmp_path: Path) -> None:
    readme = "# shop\n\n[![ci](../../actions/workflows/ci.yml/badge.svg)](../../actions) [issues](../../issues) [tel](tel:+4512345678)\n"
    text = whole_report({10: f"{words(120)} [pulls](../../../pulls)"})
    assert remarks(make_repository(tmp_path / "shop", files(text, {"README.md": readme})), "H.links") == []


def test_nobody_is_told_to_commit_what_is_kept_out_of_git(tmp_path: Path) -> None:
    more = {".gitignore": ".env\n/models/\n", "README.md": "# shop\n\n[keys](.env) [model](models/model.pt)\n"}
    found = remarks(make_repository(tmp_path / "shop", files(whole_report(), more)), "H.links")
    assert [("kept out of git" in one.message, "commit" in one.settle) for one in found] == [(True, False)] * 2
