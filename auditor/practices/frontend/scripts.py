"""Applications in JavaScript and its relatives, and the requests that they send.

Sources: "Fetch API" and "XMLHttpRequest" (MDN), axios, jQuery, Angular HttpClient, SWR, TanStack Query, Dart's http and Dio.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice

from auditor.evidence import Place, seen
from auditor.facts.own_work.vendored import foreign_folders, is_vendored
from auditor.formats.javascript import Script, read_script
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

ENDINGS = ("*.js", "*.jsx", "*.ts", "*.tsx", "*.mjs", "*.vue", "*.svelte", "*.astro", "*.dart")
MOST_FILES = 500
MOST_REQUESTS = 100
"""Requests of one script that are looked at."""
FOREIGN = pattern(
    r"(^|/)(node_modules|dist|build|out|vendor|vendors|third_party|lib/python[\d.]+|\.next|\.nuxt|\.svelte-kit|coverage|htmlcov|"
    r"docs?|site|_static|assets/vendor|wandb|mlruns|reports?|tests?|__tests__|e2e|cypress)/|\.min\.|\.d\.ts$|\.(config|test|spec|setup)\.\w+$"
)
REQUESTS = pattern(
    r"\bfetch\s*\(|\baxios\s*(\.\s*(get|post|put|request|create)\s*)?\(|\bnew\s+(XMLHttpRequest|WebSocket|EventSource)\b|"
    r"\$\s*\.\s*(ajax|post|get|getJSON)\s*\(|\b(useFetch|useSWR|useQuery|useMutation|useAxios)\s*\(|\b(ky|got|superagent|ofetch|\$fetch)\s*(\.\s*\w+\s*)?\(|"
    r"\bhttp\s*\.\s*(post|get|put|MultipartRequest)\s*(<[^>(]{0,80}>\s*)?\(|\bDio\s*\(|\bdio\s*\.\s*(post|get)\b|\bclient\s*\.\s*predict\s*\(|"
    r"\bInferenceSession\s*\.\s*create\b|\bloadLayersModel\s*\(|\bloadGraphModel\s*\("
)
"""Calls that send a request, or run a model in the browser."""
FRAMEWORKS = frozenset(
    """react react-dom vue svelte next nuxt @angular/core solid-js preact astro vite @sveltejs/kit gatsby react-native expo ember-source
    lit alpinejs""".split()
)


class Page(Record):
    """A page or application in the browser; `calls` are where it sends something."""

    evidence: Place
    calls: tuple[Place, ...]


def requests_in(script: Script) -> list[tuple[int, str]]:
    """(line, call) of every request in a script; a definition of a function of that name is none."""
    found = []
    for match in islice(REQUESTS.finditer(script.code), MOST_REQUESTS):
        before = script.code[max(0, match.start() - 12) : match.start()]
        if not re.search(r"\bfunction\s*$", before):
            found.append((script.line_of(match.start()), " ".join(match[0].split()).rstrip("(")))
    return found


def applications(snapshot: Snapshot) -> Iterator[Page]:
    """One page for each folder with a `package.json` of a frontend framework, and for each script outside of these."""
    roots = {path.rpartition("/")[0]: path for path in snapshot.named("package.json") if not FOREIGN.search(path)}
    frameworks = {folder: path for folder, path in roots.items() if names_framework(snapshot.text(path) or "")}
    calls: dict[str, list[Place]] = {}
    foreign = foreign_folders(snapshot.paths)
    named = snapshot.named(*ENDINGS)[:MOST_FILES]
    own = (path for path in named if not FOREIGN.search(path) and not is_vendored(path, foreign))
    for path, script in each_file(snapshot, own, script_of):
        place = next((f for f in frameworks if not f or path.startswith(f + "/")), path)
        sent = [seen(path, line, what) for line, what in requests_in(script)]
        if sent or place != path:
            calls.setdefault(place, []).extend(sent)
    for folder, manifest in frameworks.items():
        if folder in calls:
            yield Page(seen(manifest, 1, "application in JavaScript"), tuple(calls.pop(folder)))
    for path, sent in calls.items():
        if browser_script(snapshot, path):
            yield Page(seen(path, 1, "script in the browser"), tuple(sent))


def script_of(snapshot: Snapshot, path: str) -> Iterator[tuple[str, Script]]:
    """The script in one file, by its path; those for k6 aside."""
    script = read_script(markup_aside(snapshot.text(path) or "", path))
    if script is not None and not any(text == "k6" or text.startswith("k6/") for _, text in script.strings):
        yield path, script


def names_framework(text: str) -> bool:
    """Whether a `package.json` depends on a frontend framework."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(data, dict):
        return False
    groups = (data.get("dependencies"), data.get("devDependencies"))
    return any(isinstance(group, dict) and not FRAMEWORKS.isdisjoint(group) for group in groups)


def markup_aside(text: str, path: str) -> str:
    """The script blocks of a Vue, Svelte or Astro file, its other lines empty; other files as they are."""
    if not path.endswith((".vue", ".svelte")):
        return text
    inside, kept = False, []
    for line in text.split("\n"):
        if line.lstrip().startswith("</script"):
            inside = False
        kept.append(line if inside else "")
        if line.lstrip().startswith("<script"):
            inside = True
    return "\n".join(kept)


def browser_script(snapshot: Snapshot, path: str) -> bool:
    """Whether a script by itself belongs to a page: a page names it, or it is written in Dart."""
    if path.endswith(".dart"):
        return True
    name = path.rpartition("/")[2]
    pages = snapshot.named("*.html", "*.htm", "*.jinja2", "*.j2")[:MOST_FILES]
    return any(name in (snapshot.text(page) or "")[:200_000] for page in pages)
