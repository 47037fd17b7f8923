"""The project's data code: modules that load data and transform it.

Libraries are recognised by their documented entry points (`knowledge/tables/code.yaml`); a call counts by its resolved name, not by the
word. What a method of an unknown object does is told by its name where only data frames, arrays and datasets have such.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place, Trace, half
from auditor.facts.own_work.template import Template
from auditor.facts.python import Call, Class, Function, PythonFile, PythonProject, Role
from auditor.injection import fact
from auditor.knowledge.names import Names
from auditor.patterns import pattern
from auditor.practices.code.by_use import brings_in, prepares
from auditor.practices.traces import why_idle
from auditor.records import Record

TRANSFORMING_METHODS = frozenset(
    """dropna fillna drop drop_duplicates merge join groupby apply applymap map_elements astype rename replace
    sort_values reset_index set_index pivot pivot_table melt resample rolling interpolate assign query filter
    with_columns select to_csv to_parquet to_pickle write_csv write_parquet normalize unsqueeze permute reshape
    transpose resize crop rotate convert fit_transform transform train_test_split shuffle batch encode tokenize lower
    strip split map remove_columns rename_column class_encode_column cast_column to_tensor float long div sub mul add_
    mean std clip one_hot sample isin str_replace save_to_disk quantile between withcolumn""".split()
)
"""Methods of data frames, arrays, tensors, images, datasets and strings that change what they hold."""

MODULE_NAME = pattern(
    r"(^|.*[_/-])(data|datas?ets?|dataloaders?|data_?loaders?|data_?module|make_dataset|load_data|preprocess\w*|prepare\w*"
    r"|ingest\w*|download\w*|etl|features?|build_features|feature_engineering|transforms?|augment\w*|corpus)([_-].*|s)?$"
)
"""Names of modules that hold data code, without `.py`; also of the folder that a module lies in."""

PREPARING = pattern(
    r"(pre_?process|process|prepare|transform|normali[sz]e|standardi[sz]e|clean|tokeni[sz]e|split|augment|encode|scale|resize|"
    r"feature|balance|filter|crop|convert|extract|impute|label|collate|make_dataset|build_dataset)"
)
"""Names of functions that transform data."""

OTHER_PURPOSE = pattern(
    r"train|predict|infer|eval|drift|monitor|report|plot|visuali|test|serv|deploy|dashboard|metric|benchmark|sweep|tune|model|analy|compar|(^|[/_])(api|app|main)([/_.]|$)"
)
"""Words in a path of files whose tables are results, not data."""
STORING = frozenset(
    """to_csv to_parquet to_feather to_pickle to_json to_sql to_hdf to_excel write_parquet write_csv write_json
    write_table save_to_disk push_to_hub savez savez_compressed imwrite to_zarr to_netcdf sink_parquet to_gbq""".split()
)
"""Methods and functions that write data out."""


class DataCode(Record):
    """What the project's data code does."""

    modules: tuple[str, ...] = ()
    """Own files that hold data code, by name or by a dataset class in them; the template's stubs left out."""
    stubs: tuple[Place, ...] = ()
    """The template's data modules, unchanged or nearly so, and data modules without content."""
    datasets: tuple[Class, ...] = ()
    loads: tuple[Call, ...] = ()
    """Calls in those modules that bring data in."""
    transforms: tuple[Place, ...] = ()
    """Where those modules change data: calls and functions; only live code."""
    dead: tuple[Trace, ...] = ()
    """The same where it cannot run, or where nothing leads to it, each with its reason."""
    elsewhere: tuple[Call, ...] = ()
    """Live calls outside of data modules that bring data in."""


@fact
def read_data_code(project: PythonProject, template: Template, names: Names) -> DataCode:
    """The data code of the own files and notebooks."""
    modules, stubs = [], []
    datasets: list[Class] = []
    loads: list[Call] = []
    transforms: list[Place] = []
    dead: list[Trace] = []
    elsewhere: list[Call] = []
    bases = names.listed("code.dataset", "bases")
    for file in project.files:
        if file.role not in (Role.OWN, Role.NOTEBOOK) or file.problem:
            continue
        found = [cls for cls in file.classes if project.inherits(cls, *bases)]
        named = is_data_module(file.path) or makes_data(file, names)
        if template.is_stub(file.path):
            if (named or found) and file.statements:
                stubs.append(file.evidence)
            continue
        brings = [call for call in file.calls if is_load(call, names) or brings_in(call, project, names)]
        if not (named or found):
            elsewhere += [call for call in brings if call.live and call.name != "open" and "pathlib." not in call.name]
            continue
        modules.append(file.path)
        datasets += found
        loads += [call for call in brings if project.may_run(call)]
        dead += [half(call.evidence, why_idle(call)) for call in brings if not project.may_run(call)]
        transforms += transforming(file, project, names)
    return DataCode(
        tuple(modules), tuple(stubs), tuple(datasets), tuple(loads), tuple(transforms), tuple(dead), tuple(elsewhere)
    )


DATA_FOLDERS = frozenset(
    """data dataset datasets preprocessing data_processing data_preprocessing data_engineering data_preparation etl
    ingestion""".split()
)
"""Folders whose modules are data code."""


def makes_data(file: PythonFile, names: Names) -> bool:
    """Whether a file brings data in and changes it or writes it out, whatever it is called, and does nothing else that would be its purpose.

    Training, predictions, reports, pictures and checks come of data as well.
    """
    if OTHER_PURPOSE.search(file.path.lower()) or any(
        last_word(call) in ("fit", "predict", "backward", "eval", "show", "savefig") for call in file.calls
    ):
        return False
    brings = [call for call in file.calls if is_load(call, names) and call.name != "open"]
    if any(last_word(call) in STORING and "." in call.written for call in file.calls if brings):
        return True
    data = any(not names.are(call.names, "code.loads_anything", "code.reads_settings") for call in brings)
    return data and any(
        names.are(call.names, "code.transforms") or (call in brings and last_word(call).lower() in TRANSFORMING_METHODS)
        for call in file.calls
    )


def last_word(call: Call) -> str:
    """The name of what is called, without what it is called on."""
    return call.written.rpartition(".")[2]


def is_data_module(path: str) -> bool:
    """Whether a file's name, or the name of the package folder it lies in, is one of data code."""
    parts = path.lower().removesuffix(".py").removesuffix(".ipynb").split("/")
    if MODULE_NAME.match(parts[-1]):
        return True
    return len(parts) > 1 and parts[-2] in DATA_FOLDERS and parts[-1] != "__init__"


def is_load(call: Call, names: Names) -> bool:
    """Whether a call brings data in; `open` only for reading."""
    if not names.are(call.names, "code.loads_data"):
        return False
    if call.name == "open":
        mode = call.argument(1, "mode")
        return mode is None or (isinstance(mode.string, str) and "r" in mode.string)
    return True


def transforming(file: PythonFile, project: PythonProject, names: Names) -> Iterator[Place]:
    """Where a data module changes data: by known transforms, and in functions that are named for it and do something."""
    for call in file.calls:
        if not project.may_run(call) or call.own:
            continue
        method = last_word(call)
        if (
            names.are(call.names, "code.transforms", "code.computes")
            or ("." in call.written and method.lower() in TRANSFORMING_METHODS)
            or prepares(call, project)
        ):
            yield call.evidence
    for function in file.functions:
        if project.may_run(function) and not function.is_empty and does_something(function):
            yield function.evidence


def does_something(function: Function) -> bool:
    """Whether a function is named for transforming data, or gives out samples, and has a body to speak of."""
    if function.own_name in ("__getitem__", "__iter__"):
        return function.statements >= 3
    return bool(PREPARING.search(function.own_name.lower())) and function.statements >= 3
