"""Data and models of libraries that no list has, told by how they are used.

A library's function that is named for reading and is told what brings data in; what has its parameters handed to an
optimiser, its weights loaded, or is fitted, is a model, whatever library it is from.
"""

from __future__ import annotations

from auditor.facts.python import Call, PythonProject
from auditor.knowledge.names import Names
from auditor.patterns import pattern

READING = pattern(
    r"^(?:im|scan_?|bulk_?)?(?:read|load|fetch|open|download|retrieve|import|parse|rd)(?:_|[A-Z0-9]|\w*$)|(?:Reader|Loader|Supplier|Dataset|Source)$|"
    r"^(?:from|get)_(?:file|path|url|csv|json|dataset|data|sdf|hdf|zarr|parquet)\w*$"
)
"""Names of functions and classes that bring something in."""
WRITING = pattern(r"(?i)^(?:save|write|dump|export|to_|mkdir|copy|log|print|upload|plot|show|set_|register|seed)")
PREPARING = pattern(
    r"(?i)(?:^|_)(?:pre_?process|normali[sz]e|standardi[sz]e|clean|tokeni[sz]e|split|augment|encode|rescale|scale|resize|filter|crop|"
    r"impute|resample|highly_variable|log1p|fingerprint|featuri[sz]e|feature|segment|tile|detrend|bandpass|subtract|denoise|mask|"
    r"one_?hot|pad|pool|warp|rotate|transform)"
)
"""Names of a library's functions that change data."""
OPTIMISED = frozenset(
    """parameters named_parameters trainable_parameters trainable_variables trainable_weights load_state_dict
    load_weights""".split()
)
"""Methods and attributes that models have: what an optimiser is given, and where weights go."""
FITTED = frozenset(
    """fit fit_generator partial_fit learn learn_one learn_many train fit_one_cycle train_step train_on_batch fine_tune""".split()
)
NO_MODEL = pattern(
    r"(?i)preprocess|feature|scaler|encoder$|transformer$|vectori[sz]er|tokeni[sz]er|imputer|binari[sz]er|discreti[sz]er|selector|"
    r"normali[sz]er|decomposition|pca|umap|tsne|manifold|spline|callback|logger|vocab"
)
"""What has a `fit` or `train` but is no model."""
GRADIENTS = (".backward", "value_and_grad", ".grad", ".gradient", "value_and_grad()")
UPDATES = (".step", ".update", ".minimize", "apply_gradients", "apply_updates")


def of_library(name: str, project: PythonProject) -> bool:
    """Whether a resolved name is one of a third-party package that the project imports."""
    return name.partition(".")[0].removesuffix("()") in project.imported_packages


def brings_in(call: Call, project: PythonProject, names: Names) -> bool:
    """Whether a call into a library reads something that it is told, by its name; settings are no data."""
    if call.own or not (call.args or call.keywords):
        return False
    for name in call.names:
        last = name.rpartition(".")[2]
        data = "code.reads_settings" not in names.of(name) and of_library(name, project)
        if data and READING.search(last) and not WRITING.search(last):
            return True
    return False


def prepares(call: Call, project: PythonProject) -> bool:
    """Whether a call into a library changes data by its name."""
    return not call.own and any(
        of_library(name, project) and PREPARING.search(name.rpartition(".")[2]) for name in call.names
    )


def used_as_model(call: Call, project: PythonProject) -> str:
    """The resolved name of the library's class or function whose result is used as a model by this call; else empty."""
    if call.own:
        return ""
    for name in call.names:
        owner, _, method = name.rpartition(".")
        if not owner.endswith("()") or not of_library(name, project):
            continue
        maker = owner.removesuffix("()")
        if method in OPTIMISED or (method in FITTED and not NO_MODEL.search(maker)):
            return maker
    return ""


def fits(call: Call, project: PythonProject) -> bool:
    """Whether a call trains a library's model, whatever library it is."""
    return any(name.rpartition(".")[2] in FITTED for name in call.names) and bool(used_as_model(call, project))
