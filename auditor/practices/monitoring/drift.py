"""Checks for data drift: detectors of libraries, statistical tests of two samples, and own comparisons.

The names of libraries stand in `knowledge/tables/drift.yaml`; the population stability index is as commonly defined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.evidence import Place, Trace, counts, half, seen, strong_first
from auditor.facts.dependencies import Dependencies
from auditor.facts.own_work.template import Template
from auditor.facts.python import Call, Function, PythonFile, PythonProject, Role, Site
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api, Endpoint
from auditor.practices.automation.commands import RunCommands
from auditor.practices.monitoring.experiments import Experiments, stem
from auditor.practices.traces import DECLARED, why_idle
from auditor.practices.uses import Uses
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

ROLES = (Role.OWN, Role.NOTEBOOK, Role.TEST)
COMPARES = pattern(
    r"drift|shift|referen|baseline|current|monitor|robust|stabil|before|after|production|serving|live\b|histor",
    re.IGNORECASE,
)
"""Words around a two-sample test that say what it is for."""

OWN_NAME = pattern(r"(^|[_/.])(\w*drift\w*|psi|population_stability\w*|\w*_psi|psi_\w+|kl_divergence|js_divergence|data_stability|"
                      r"distribution_shift|covariate_shift|ood_score|\w*mmd\w*)$", re.IGNORECASE)  # fmt: skip
OWN_STATISTIC = pattern(
    r"(^|_)(ks|psi|csi|kolmogorov\w*|wasserstein\w*|jensen\w*|js|kl|hellinger|mmd|emd|chi2?|chi_?sq\w*|cramer\w*|energy)(_|$)",
    re.IGNORECASE,
)
"""How own functions that measure how far two samples are apart are called."""
REFERENCE = pattern(
    r"(^|_)(ref|reference|baseline|base|expected|train|training|old|before|historical?|source|p|a|x|past)(_|$|\d)|^(ref|train|base)",
    re.IGNORECASE,
)
CURRENT = pattern(
    r"(^|_)(cur|curr|current|new|actual|live|prod|production|recent|latest|after|now|today|serving|target|test|q|b|y|incoming|collected|observed|other|week|candidate|challenger|sample|window|fresh)(_|$|\d)|^(cur|new|live|prod)",
    re.IGNORECASE,
)
WITH_ITSELF = "it compares data with itself"
COPY = pattern(r"\.(?:copy|clone)\((?:\.\.\.)?\)$")
"""The end of an expression that is a copy of the data before it."""
SAMPLES = frozenset({"x", "y", "data1", "data2", "u_values", "v_values", "x_ref", "f_obs", "f_exp"})
"""Parameters for one of two samples that are not called reference or current."""
STATISTICAL_METHOD = pattern(r"\.(mean|std|var|median|quantile|value_counts|describe|cov|histogram)$")

EARLIER = pattern(
    r"(^|_)(ref|reference|baseline|base|train|training|old|before|historical?|source|past|expected|last|previous|original)(_|$|\d)",
    re.IGNORECASE,
)
LATER = pattern(
    r"(^|_)(cur|curr|current|new|live|prod|production|recent|latest|target|test|serving|collected|observed|incoming|after|week|today|this|actual)"
    r"(_|$|\d)",
    re.IGNORECASE,
)
"""Names of two data sets that a model is to tell apart: stricter than those around a statistic."""
LIBRARIES_BY_NAME = frozenset({"np", "numpy", "pd", "pandas", "torch", "stats", "scipy", "statistics", "pl", "math"})
"""What a function of statistics is called through, where its first argument says of what it is taken."""
IS_REFERENCE = pattern(r"(^|_)(ref|reference|baseline)(_|$|\d)", re.IGNORECASE)
IS_CURRENT = pattern(r"(^|_)(cur|current|production|live|latest|recent|incoming|serving)(_|$|\d)", re.IGNORECASE)
"""Parameters that say by themselves that data are held against earlier data."""
LABELS = pattern(r"(^|_)(label|labels|y|origin|domain|is_\w+|source|target|which|from_\w+)$", re.IGNORECASE)

NO_METRIC = "it is of a library that detects drift, and no metric of drift is asked"
MADE_ELSEWHERE = "it only shows a report that was made elsewhere"
RESULT_ONLY = "it is a result, without the code that made it"

REPORT_SIGNS = ("evidently", "DataDrift", "data drift", "Dataset Drift", "nannyml")
HTML_HEAD = 200_000


class Drift(Record):
    """What compares reference with current data."""

    traces: tuple[Trace, ...] = ()
    """Detectors, tests, own comparisons and experiments; what counts by half: dead ones, results, declared libraries."""
    served: tuple[Endpoint, ...] = ()
    """Live routes that lead to a check."""
    showing: tuple[Place, ...] = ()
    """Live routes that give out a drift report made elsewhere, or that lead to no live check."""

    comparisons: tuple[Trace, ...] = ()
    """Those of them that are code which compares: neither results nor what is only declared."""

    @property
    def checks(self) -> tuple[Place, ...]:
        """Where data are compared by code that runs."""
        return tuple(trace.place for trace in self.traces if trace.strong)


@fact
def drift(
    project: PythonProject,
    api: Api,
    uses: Uses,
    experiments: Experiments,
    commands: RunCommands,
    template: Template,
    dependencies: Dependencies,
    snapshot: Snapshot,
) -> Drift:
    """The drift checks of own code, notebooks and tests."""
    found: list[Trace] = []
    functions: set[str] = set()
    calls: set[int] = set()
    metric = bool(uses.calls("drift.metric", roles=ROLES))
    for file in project.of(*ROLES):
        if template.is_stub(file.path):
            continue
        for call in file.calls:
            checks = checks_drift(call, uses, metric)
            if checks is not None and with_itself(call, file):
                found.append(half(call.evidence, WITH_ITSELF))
            elif checks is not None:
                found.append(by_code(call) if checks else half(call.evidence, NO_METRIC))
                calls.add(id(call))
        if file.role is not Role.TEST:
            for function in own_comparisons(file, project, uses):
                found.append(by_code(function))
                functions.add(function.name)
            found += [by_code(call) for call in compared_at_top(file, uses)]
    for one in commands.running(*uses.names.listed("drift.detects", "commands")):
        if one.origin != "docs":
            found.append(one.trace)
    served, showing = [], []
    for endpoint in api.live:
        if any(id(c) in calls for c in endpoint.calls) or leads_to(endpoint, functions, project):
            served.append(endpoint)
        elif "drift" in endpoint.route.url.lower() and shows_report(endpoint, project):
            showing.append(endpoint.evidence)
    found += experiments.traces
    compared = strong_first(found)
    found += [half(place, RESULT_ONLY) for place in committed_reports(snapshot)]
    found += [half(place, MADE_ELSEWHERE) for place in showing]
    declared = dependencies.declaring(uses.names.listed("drift.detects", "distributions"))
    found += [half(place, DECLARED) for place in declared]
    if not found:
        found += uses.named_only("drift.detects", "drift.report", roles=ROLES)
    return Drift(strong_first(found), tuple(served), tuple(showing), compared)


def by_code(site: Site) -> Trace:
    """A check as a trace; one that only the tests run counts too, since a drift test is a test."""
    return counts(site.evidence) if site.live else half(site.evidence, why_idle(site))


def checks_drift(call: Call, uses: Uses, metric: bool) -> bool | None:
    """Whether a call compares two data sets (True), belongs to such a library only (False), or neither (None)."""
    if uses.is_a(call, "drift.detects"):
        return True
    if uses.is_a(call, "drift.report"):
        return metric
    if uses.is_a(call, "drift.metric", "drift.other_metric"):
        return False
    if uses.is_a(call, "drift.two_samples"):
        words = (call.path, call.scope, call.text, *(value.text for value in call.args))
        return True if any(COMPARES.search(word) for word in words) or compares_by_name(call) else None
    if call.own and OWN_STATISTIC.search(call.written.rpartition(".")[2]) and compares_by_name(call):
        functions = (uses.project.function(name) for name in call.names)
        return True if any(one is not None and one.statements > 1 for one in functions) else None
    return None


def with_itself(call: Call, file: PythonFile) -> bool:
    """Whether a comparison is given the same data twice: by one name, by another name for it, or as its copy."""
    by_keyword = [
        value
        for name, value in call.keywords
        if name in SAMPLES or IS_REFERENCE.search(name) or IS_CURRENT.search(name)
    ]
    given = [origin(value.text, call.scope, file) for value in (*call.args, *by_keyword)[:2]]
    return len(given) == 2 and given[0] == given[1] and given[0].replace(".", "").isidentifier()  # of no part or result


def origin(text: str, scope: str, file: PythonFile) -> str:
    """What an expression stands for, where it is a copy of something, or a name that is set once, and to another name."""
    text = COPY.sub("", text)
    values = [one.value.text for one in file.assignments if one.target == text and one.scope == scope]
    source = COPY.sub("", values[0]) if len(values) == 1 else ""
    return source if source.isidentifier() and not source[0].isupper() else text


def compares_by_name(call: Call) -> bool:
    """Whether the two samples of a test are named as reference and current data."""
    words = [re.split(r"[\W]", value.text, maxsplit=1)[0] for value in call.args[:2]]
    return len(words) == 2 and any(
        REFERENCE.search(a) and CURRENT.search(b) and len(a) > 1 and len(b) > 1 for a, b in (words, words[::-1])
    )


def own_comparisons(file: PythonFile, project: PythonProject, uses: Uses) -> Iterator[Function]:
    """Own functions that compare the distributions of two data sets.

    They, their class, their file or its folder are named for it, they have reference and current data by name, and take
    statistics; or they put both together and see how well a model tells them apart.
    """
    classes = {cls.qualname: cls for cls in file.classes}
    for function in file.functions:
        if function.is_empty:
            continue
        calls = project.calls_in(function)
        if function.statements < 2 and sum(is_statistic(call, uses) for call in calls) < 2:
            continue
        owner = classes.get(function.owner)
        folder = file.path.rpartition("/")[0].rpartition("/")[2]
        names = (function.own_name, owner.own_name if owner else "", stem(file.path), folder)
        if (
            tells_apart(calls, function.qualname, file, uses)
            or finds_new(calls, uses)
            or holds_against(function, calls, uses)
        ):
            yield function
        elif any(OWN_NAME.search(name) for name in names if name):
            scopes = {function.qualname, *((f"{owner.qualname}.{name}" for name in owner.methods) if owner else ())}
            if compares_two(calls, scopes, file, uses):
                yield function


def compared_at_top(file: PythonFile, uses: Uses) -> Iterator[Call]:
    """The first statistic of a script or notebook, named for drift, that compares two data sets outside of functions."""
    calls = [call for call in file.calls if not call.scope]
    if OWN_NAME.search(stem(file.path)) and compares_two(calls, {""}, file, uses):
        yield next(call for call in calls if is_statistic(call, uses))
    elif tells_apart(calls, "", file, uses):
        yield next(call for call in calls if uses.is_a(call, "drift.tells_apart"))
    elif finds_new(calls, uses):
        yield next(call for call in calls if uses.is_a(call, "drift.novelty"))


def finds_new(calls: Iterable[Call], uses: Uses) -> bool:
    """Whether a detector of novelty learns from earlier data and judges later ones."""
    detecting = [call for call in calls if uses.is_a(call, "drift.novelty")]
    learns = [call for call in detecting if call.written.endswith("fit")]
    judges = [call for call in detecting if not call.written.endswith("fit")]
    return any(said_of(call, EARLIER) for call in learns) and any(said_of(call, LATER) for call in judges)


def said_of(call: Call, words: re.Pattern[str]) -> bool:
    """Whether one of the names in a call's arguments is among the words."""
    return any(words.search(word) for v in call.args for word in re.findall(r"[A-Za-z_]\w{0,40}", v.text[:200]))


def holds_against(function: Function, calls: Iterable[Call], uses: Uses) -> bool:
    """Whether a function is given reference and current data by these very names, and takes statistics of both."""
    named = [parameter.name for parameter in function.parameters]
    if not (any(map(IS_REFERENCE.search, named)) and any(map(IS_CURRENT.search, named))):
        return False
    return sum(is_statistic(call, uses) for call in calls) > 1


def tells_apart(calls: Iterable[Call], scope: str, file: PythonFile, uses: Uses) -> bool:
    """Whether code joins two data sets, labels which is which, and takes the score of a model that tells them apart."""
    calls = list(calls)
    if not any(uses.is_a(call, "drift.tells_apart") for call in calls):
        return False
    words = {p.name for f in file.functions if f.qualname == scope for p in f.parameters}
    assigned = {a.target for a in file.assignments if a.scope == scope}
    words |= assigned | {w for call in calls for v in call.args for w in re.findall(r"[A-Za-z_]\w{0,40}", v.text[:200])}
    two = any(EARLIER.search(a) for a in words) and any(LATER.search(b) for b in words)
    joined = any(joins_both(call, uses) for call in calls)
    labelled = any(uses.is_a(call, "drift.labels") for call in calls) or any(LABELS.search(word) for word in assigned)
    return two and joined and labelled


def joins_both(call: Call, uses: Uses) -> bool:
    """Whether a call puts earlier and later data together."""
    said = " ".join(value.text for value in call.args)[:400]
    words = re.findall(r"[A-Za-z_]\w{0,40}", said)
    return (
        uses.is_a(call, "drift.joins") and any(EARLIER.search(a) for a in words) and any(LATER.search(b) for b in words)
    )


def compares_two(calls: Iterable[Call], scopes: set[str], file: PythonFile, uses: Uses) -> bool:
    """Whether code takes the same statistic of two things, or takes statistics and has reference and current data by name."""
    calls = list(calls)
    statistics = [call for call in calls if is_statistic(call, uses)]
    if not statistics:
        return False
    if any(len(subjects) > 1 for subjects in subjects_by_method(statistics).values()):
        return True
    words = {p.name for f in file.functions if f.qualname in scopes for p in f.parameters}
    words |= {a.target.removeprefix("self.") for a in file.assignments if a.scope in scopes}
    words |= {w for call in calls for value in call.args for w in re.findall(r"[A-Za-z_]\w{0,40}", value.text[:200])}
    words -= {"self", "cls"}
    return any(REFERENCE.search(a) and CURRENT.search(b) and a != b for a in words for b in words)


def subjects_by_method(statistics: Iterable[Call]) -> dict[str, set[str]]:
    """What each statistic is taken of: the first name in what it is called on, or in its first argument."""
    found: dict[str, set[str]] = {}
    for call in statistics:
        on, _, method = call.written.rpartition(".")
        of_a_library = on.partition(".")[0] in LIBRARIES_BY_NAME or not STATISTICAL_METHOD.search(f".{call.written}")
        text = call.args[0].text if call.args and of_a_library else on
        word = re.match(r"\W*([A-Za-z_]\w*(?:\.\w+)?)", text[:200])
        if word and not word[1].startswith(("self", "cls")):
            found.setdefault(method, set()).add(word[1].partition(".")[0])
    return found


def is_statistic(call: Call, uses: Uses) -> bool:
    """Whether a call computes a statistic of data."""
    return not call.own and (uses.is_a(call, "drift.statistic") or bool(STATISTICAL_METHOD.search("." + call.written)))


def leads_to(endpoint: Endpoint, functions: set[str], project: PythonProject) -> bool:
    """Whether a route runs one of these own functions."""
    if any(handler.name in functions for handler in endpoint.route.handlers):
        return True
    names = {name for call in endpoint.calls for name in call.names}
    names |= {name for call in endpoint.calls for value in call.args for name in value.names}
    return any(function.name in functions for name in names if (function := project.function(name)) is not None)


def shows_report(endpoint: Endpoint, project: PythonProject) -> bool:
    """Whether a route gives out a file that was made elsewhere, or starts a program for it."""
    giving = ("*FileResponse", "*HTMLResponse", "open", "*.read_text", "subprocess.*", "json.load*")
    found = {id(call) for call in project.calls(*giving)}
    return any(id(call) in found for call in endpoint.calls)


def committed_reports(snapshot: Snapshot) -> Iterator[Place]:
    """HTML or JSON files named for drift that a library wrote."""
    for path in snapshot.named("*drift*.html", "*drift*.json", "*evidently*.html"):
        head = (snapshot.text(path) or "")[:HTML_HEAD]
        if path.endswith(".json") or any(sign in head for sign in REPORT_SIGNS):
            yield seen(path, None, "a report of drift")
