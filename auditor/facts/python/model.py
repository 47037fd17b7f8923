"""What is known of the Python code in a repository.

Names are resolved: `wb.log` after `import wandb as wb` is `wandb.log`. A name may go through calls and subscripts:

| written | name |
| --- | --- |
| `run = wandb.init(); run.log(x)` | `wandb.init().log` |
| `for batch in DataLoader(d): batch.x` | `torch.utils.data.DataLoader()[].x` |
| `cfg = yaml.safe_load(f); cfg["lr"]` | `yaml.safe_load()[lr]` |
| `self.log(x)` in a subclass of `LightningModule` | `lightning.LightningModule().log` |
| `self.net(x)` in the project's own class `shop.model.Net` | `shop.model.Net().net` |
| `x.step()`, where nothing says what `x` is | `?x.step` |
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

from auditor.evidence import Place, seen
from auditor.records import Record


class Unknown:
    """The one value `UNKNOWN`: what an expression is worth shows only when the code runs."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()

DEPENDS = frozenset(
    {"fastapi.Depends()", "fastapi.Security()", "fastapi.param_functions.Depends()", "fastapi.params.Depends()"}
)
"""FastAPI's dependencies, whose first argument is called for a parameter ("Dependencies")."""


class Role(Enum):
    """What a Python file is in the repository."""

    OWN = "own"
    TEST = "test"
    NOTEBOOK = "notebook"
    DOCS = "docs"
    VENDORED = "vendored"
    """Somebody else's code that was copied in: listed, but not read."""


class Value(Record, array_like=True):
    """What an expression says without being run.

    `literal` is the Python value where the expression is a literal (or a dict of literals, or a list, as which a tuple
    and a set come too), else `UNKNOWN`; the text of an f-string or a concatenation has `{}` for what is filled in. `names` are
    the resolved names of a name, attribute or call, several where branches differ. `elements` are the items of a list,
    tuple or set, the values of a dict with its `keys` (also of `dict(a=1)`), or the positional arguments of a call;
    long ones are cut off.
    """

    text: str
    line: int
    literal: Any = UNKNOWN
    names: tuple[str, ...] = ()
    elements: tuple[Value, ...] = ()
    keys: tuple[Value, ...] = ()

    def __hash__(self) -> int:
        """As equality has it, without the literal: a list has no hash, and the text says the same."""
        return hash((self.text, self.line, self.names))

    @property
    def name(self) -> str:
        """The (first) resolved name, or the empty string."""
        return self.names[0] if self.names else ""

    @property
    def known(self) -> bool:
        """Whether it is a literal."""
        return self.literal is not UNKNOWN

    @property
    def string(self) -> str | None:
        """The text of a string, with `{}` for what is filled in; None where it is no string."""
        return self.literal if isinstance(self.literal, str) else None

    @property
    def strings(self) -> tuple[str, ...]:
        """The strings that it is or holds."""
        return tuple(one.string for one in (self, *self.elements) if one.string is not None)

    def get(self, key: str) -> Value | None:
        """The value that a dict has under `key`."""
        return next((value for k, value in zip(self.keys, self.elements, strict=False) if k.literal == key), None)


class Site(Record, array_like=True):
    """Where something stands in code, and whether it can ever run.

    `scope` is the qualified name of the function or class around it (`Net.forward`), empty at module level; `text` is
    the line. `live` is False where it cannot run (after `return`, under `if False:`) or where nothing in the repository
    leads to it; in doubt it is True. `only_tests` where nothing but the tests leads to it, `idle` where it could run, but
    nothing leads to it at all.
    """

    path: str
    line: int
    scope: str
    text: str
    live: bool
    only_tests: bool
    idle: bool

    @property
    def evidence(self) -> Place:
        """The line as evidence."""
        return seen(self.path, self.line, self.text)


class Import(Site):
    """`import package.name as alias` or `from package import name as alias`; `name` is `package.name`, absolute.

    `own` where the project's own module is meant; `optional` where a failure is caught (`except ImportError`).
    `alias` is the name that it binds; `*` for a star import.
    """

    name: str
    alias: str
    own: bool
    optional: bool
    written: str
    """The module as it is written, `.data` in `from .data import load`."""

    @property
    def package(self) -> str:
        """The top-level name."""
        return self.name.partition(".")[0]


class Call(Site):
    """A call, or a decorator (also one without brackets).

    `names` are all that the called thing may be (branches may differ), `written` is how the code puts it (`self.log`).
    `own` where the project's own function or class is called.
    """

    names: tuple[str, ...]
    written: str
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    own: bool
    in_loop: bool
    decorates: str
    """Qualified name of the function or class that it decorates, else empty."""
    unpacks: bool
    """Whether it has `*args` or `**kwargs`, which may hide any argument."""

    @property
    def name(self) -> str:
        """The (first) resolved name."""
        return self.names[0] if self.names else ""

    @property
    def values(self) -> tuple[Value, ...]:
        """All that it is given, by place and by name."""
        return (*self.args, *(value for _, value in self.keywords))

    @property
    def handed(self) -> tuple[str, ...]:
        """Resolved names of what it is given."""
        return tuple(name for value in self.values for name in value.names)

    def keyword(self, name: str) -> Value | None:
        """The argument that is given as `name=...`."""
        return next((value for key, value in self.keywords if key == name), None)

    def argument(self, position: int, name: str) -> Value | None:
        """The argument that is given at `position` (from 0) or as `name=...`."""
        return self.keyword(name) or (self.args[position] if 0 <= position < len(self.args) else None)


class Reference(Site):
    """A name or attribute that is read (called ones are `Call`s); bare names that resolve to nothing are left out."""

    names: tuple[str, ...]
    written: str

    @property
    def name(self) -> str:
        """The (first) resolved name."""
        return self.names[0] if self.names else ""


class Assignment(Site):
    """`target = value`. Targets are written out: `lr`, `self.logger`, `config["lr"]`."""

    target: str
    value: Value
    annotation: str


class Text(Site):
    """A string in code that is no docstring."""

    value: str


class Loop(Site):
    """A `for` or `while` loop, or one within a `comprehension`; `over` is what it runs over, `target` the names that it binds."""

    kind: str
    over: Value | None
    target: str = ""


class Assertion(Site):
    """A check of a test: an `assert` statement, `self.assertX(...)`, `pytest.raises(...)` and the like.

    `trivial` where it cannot fail: `assert True`, `x == x`, `isinstance(x, object)`. `names` are the resolved names of
    what is called or read in it.
    """

    kind: str
    trivial: bool
    names: tuple[str, ...]


class Parameter(Record, array_like=True):
    """A parameter of a function. `annotation` is the resolved name of its type, empty where there is none."""

    name: str
    annotation: str
    default: Value | None
    annotated: bool
    metadata: tuple[Value, ...] = ()
    """What `Annotated[X, ...]` says beside the type, also where the annotation is a name for such a type."""


class Function(Site):
    """A function or method. `qualname` is its name within the module (`Net.forward`), `name` with the module's."""

    name: str
    qualname: str
    parameters: tuple[Parameter, ...]
    returns: tuple[Value, ...]
    """What its `return` and `yield` statements give."""
    return_annotation: str
    annotated_return: bool
    docstring: str | None
    decorators: tuple[Call, ...]
    owner: str
    """Qualified name of the class that it is a method of, else empty."""
    is_async: bool
    is_empty: bool
    """Whether it does nothing: `pass`, `...`, a docstring, `raise NotImplementedError` or a lone `print`."""
    statements: int

    @property
    def own_name(self) -> str:
        """The name alone."""
        return self.qualname.rpartition(".")[2]

    @property
    def annotated(self) -> bool:
        """Whether it says the type of a parameter, or of what it returns."""
        return self.annotated_return or any(parameter.annotated for parameter in self.parameters)


class Class(Site):
    """A class. `bases` are resolved names; `attributes` what the class body or `self.x = ...` assigns."""

    name: str
    qualname: str
    bases: tuple[str, ...]
    decorators: tuple[Call, ...]
    methods: tuple[str, ...]
    attributes: tuple[tuple[str, tuple[str, ...]], ...]
    docstring: str | None
    is_empty: bool

    @property
    def own_name(self) -> str:
        """The name alone."""
        return self.qualname.rpartition(".")[2]


class PythonFile(Record):
    """One Python file or notebook. One that could not be read has `problem`, its line if one is at fault, and is otherwise empty."""

    path: str
    module: str
    role: Role
    lines: int = 0
    docstring: str | None = None
    has_main_block: bool = False
    problem: str | None = None
    problem_line: int | None = None
    imports: tuple[Import, ...] = ()
    calls: tuple[Call, ...] = ()
    functions: tuple[Function, ...] = ()
    classes: tuple[Class, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    references: tuple[Reference, ...] = ()
    texts: tuple[Text, ...] = ()
    loops: tuple[Loop, ...] = ()
    statements: int = 0
    copied: bool = False
    """Whether somebody else's notice of copyright stands in it: used by the group, but no work of its own."""

    @property
    def is_notebook(self) -> bool:
        """Whether it is a Jupyter notebook."""
        return self.path.endswith(".ipynb")

    @property
    def is_test(self) -> bool:
        """Whether it belongs to the tests."""
        return self.role is Role.TEST

    @property
    def evidence(self) -> Place:
        """The file as a whole."""
        return seen(self.path)
