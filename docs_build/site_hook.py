"""The hook that adds the generated pages to the site (mkdocs.yml, `hooks`)."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

from case_examples import read_examples
from claim_pages import by_section, claim_page, claims_index, page_name
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from program_pages import SCHEMA_FILE, commands_page, hand_in_page, limits_page, schema_page

from auditor.course.rulebook import load_rulebook
from auditor.result.json import schema

HOME = Path(__file__).resolve().parent.parent
CASES = HOME / "fixtures" / "cases"


LINK = re.compile(r"\]\((?P<path>\.\./[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")
ON_THE_SITE = {
    "../auditor/checks/": "hand-in.md",
    "../auditor/cli/": "commands.md",
    "../auditor/limits.py": "limits.md",
    "../auditor/result/audit.py": "schema.md",
    "../rules/catalog.yaml": "claims/index.md",
    "../CHANGELOG.md": "changelog.md",
}
"""Pages that are made of what the written pages link to: those can be read where there is no site, too."""
CASES_OF = "../fixtures/cases/"


@lru_cache(maxsize=1)
def pages() -> dict[str, str]:
    """Every generated page by its place among the site's sources."""
    book, examples = load_rulebook(), read_examples(CASES)
    made = {page_name(claim): claim_page(claim, book, examples.get(claim.id, ())) for claim in book.catalog}
    return made | {
        "claims/index.md": claims_index(book, examples),
        "commands.md": commands_page(),
        "hand-in.md": hand_in_page(),
        "limits.md": limits_page(),
        "schema.md": schema_page(),
        "changelog.md": (HOME / "CHANGELOG.md").read_text(encoding="utf-8"),
        SCHEMA_FILE: json.dumps(schema(), indent=2) + "\n",
    }


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the claims' pages into the navigation, below "Claims"."""
    sections = [
        {section: [{claim.id: page_name(claim)} for claim in claims]} for section, claims in by_section(load_rulebook())
    ]
    for entry in config.nav or ():
        if isinstance(entry, dict) and "Claims" in entry:
            entry["Claims"] = ["claims/index.md", *sections]
    return config


def on_page_markdown(markdown: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A written page with its links to the program's files led to the pages that are made of them."""
    return LINK.sub(lambda link: f"]({page_for(link['path'])}{link['anchor'] or ''})", markdown)


def page_for(path: str) -> str:
    """The page that stands for a file of the program; the file itself where none does."""
    if path.startswith(CASES_OF) and path.endswith(".yaml"):
        return f"claims/{path.removeprefix(CASES_OF).removesuffix('.yaml')}.md"
    return ON_THE_SITE.get(path, path)


def on_files(files: Files, /, *, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    for place, content in pages().items():
        files.append(File.generated(config, place, content=content))
    return files
