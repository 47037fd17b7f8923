"""Which file an import means: the project's own modules by their dotted names."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable

from auditor.knowledge.distribution_tables import MODULES
from auditor.patterns import pattern

LIBRARIES = frozenset(
    """accelerate alibi_detect bentoml bitsandbytes click dash datasets dvc evidently fastapi fire flask gradio hydra
    lightning locust logging loguru mlflow numpy omegaconf onnx onnxruntime optuna pandas prometheus_client
    prometheus_fastapi_instrumentator pytest pytorch_lightning ray requests scipy sklearn streamlit structlog
    tensorboard tensorflow torch torchvision transformers typer ultralytics uvicorn wandb webdataset""".split()
)
"""Names that an own module may bear without being taken for the library: it is then called `src.<name>`."""


MOST_PARTS = 30
"""Parts of a name by which a module in another folder is found; nobody imports by more, and each ending is kept."""
PLAIN = pattern(r"(?:[^\W\d]\w*+/)*+[^\W\d]\w*+")
"""A path of nothing but identifiers."""


def dotted(path: str) -> str:
    """Dotted name of a file as seen from the repository's root: `src/shop/__init__.py` is `src.shop`.

    What no identifier may have (`front-end/`, `.github/`, `01_train.py`) becomes an underscore: nothing can import it.
    """
    stem = path.rsplit(".", 1)[0].removesuffix("__init__").rstrip("/") or "__init__"
    if PLAIN.fullmatch(stem):
        return stem.replace("/", ".")
    return ".".join(re.sub(r"^(?=\d)|\W", "_", part) for part in stem.split("/"))


class Modules:
    """The project's own modules. `text` gives a file's text, `declared` tells whether a package of a name is installed."""

    def __init__(
        self,
        paths: Iterable[str],
        text: Callable[[str], str] = lambda path: "",
        declared: Callable[[str], bool] = lambda top: False,
    ) -> None:
        self._paths = [p for p in paths if p.endswith(".py")]
        self._by_place = {dotted(path): path for path in self._paths}
        self._text = text
        self._declared = declared
        self.name_of: dict[str, str] = {}
        taken: set[str] = set()
        for place, path in sorted(self._by_place.items(), key=lambda item: item[0].startswith("src.")):
            short = place.removeprefix("src.")
            top = short.partition(".")[0]
            name = place if short in taken else short
            if top in LIBRARIES or top in sys.stdlib_module_names:
                name = place if place.startswith("src.") else f"src.{place}"
            taken.add(name)
            self.name_of[path] = name
        self.path_of = {name: path for path, name in self.name_of.items()}
        self._folders: dict[str, str] = {}  # place of a folder that holds modules -> its dotted name
        for path, name in self.name_of.items():
            place = dotted(path)
            if path.endswith("/__init__.py"):
                self._folders[place] = name
            elif "." in place:
                self._folders.setdefault(place.rpartition(".")[0], name.rpartition(".")[0] or place.rpartition(".")[0])
        self._tails: dict[str, list[str]] = {}  # each ending of a place, of two to thirty parts -> places
        for place in self._by_place:
            parts = place.split(".")
            for start in range(max(1, len(parts) - MOST_PARTS), len(parts) - 1):
                self._tails.setdefault(".".join(parts[start:]), []).append(place)
        self._packages: dict[str, list[str]] = {}  # packages that lie in no other, by their own name -> places
        for place, path in self._by_place.items():
            above, _, last = place.rpartition(".")
            if path.endswith("/__init__.py") and not self._by_place.get(above, "").endswith("__init__.py"):
                self._packages.setdefault(last, []).append(place)
        self._by_stem: dict[str, list[str]] = {}  # a module's own name -> places
        for place in self._by_place:
            self._by_stem.setdefault(place.rpartition(".")[2], []).append(place)
        self.tops = frozenset(name.partition(".")[0] for name in self.path_of)
        self._located: dict[tuple[str, str], str | None] = {}

    def locate(self, name: str, importer: str) -> str | None:
        """The resolved form of the absolute `name` imported in file `importer`; None where it is not the project's own.

        `name` may go on beyond the module (`shop.data.load`). Looked at: the repository's root, `src` and every folder
        above the importer (scripts import what lies next to them; tests and notebooks extend `sys.path`).
        """
        folder, _, file = importer.rpartition("/")
        itself = file == "__init__.py" or dotted(file) == name.partition(".")[0]  # may be what is looked for
        key = (name, importer if itself else folder)
        if key not in self._located:
            self._located[key] = self._locate(name, importer, folder)
        return self._located[key]

    def _locate(self, name: str, importer: str, folder: str) -> str | None:
        top = name.partition(".")[0]
        roots = ["", "src"]
        here = folder
        while here:
            roots.append(here.replace("/", "."))
            roots.append(here.replace("/", ".") + ".src")
            here = here.rpartition("/")[0]
        # Where several folders hold the package, the one that holds the whole module goes before one with a part of it.
        for root in sorted(roots, key=lambda root: -self._depth(f"{root}.{name}" if root else name, root)):
            place = f"{root}.{name}" if root else name
            found = self._at(place, least=root.count(".") + 1 if root else 0)
            if found is None:
                continue
            standard = top in sys.stdlib_module_names
            own = self._by_place.get(f"{root}.{top}" if root else top)
            itself = own is not None and (own == importer or imports_itself(self._text(own), top))
            if standard or (itself and not self._holds(root, name)):
                return None  # a module of this name next to the importer that itself imports the library
            if self._is_library(top) and not self._goes_before(root, name, folder, importer):
                if well_known(top):
                    return None
                continue  # the project's own distribution, which another part of it declares
            return found
        if top in sys.stdlib_module_names or top in LIBRARIES:
            return None
        found = self._elsewhere(name) or self._below(name) if "." in name else None
        if found is None and not self._is_library(top) and top not in MODULES and len(self._packages.get(top, ())) == 1:
            found = self._at(f"{self._packages[top][0]}{name[len(top) :]}", least=0)  # another package of a monorepo
        if found is None and "sys.path" in (text := self._text(importer)):
            alike = self._by_stem.get(top, [])
            if len(alike) > 1:  # the one whose folder is named where the path is extended
                added = " ".join(line for line in text.splitlines() if "path" in line.lower())
                alike = [one for one in alike if one.split(".")[-2:-1] and one.split(".")[-2] in added]
            path = self._by_place[alike[0]] if len(alike) == 1 else importer
            if path != importer and not imports_itself(self._text(path), top):
                found = f"{self.name_of[path]}{name[len(top) :]}"
        return found

    def _is_library(self, top: str) -> bool:
        """Whether an installed package bears the name: a well-known one, or one that the project declares."""
        return top in LIBRARIES or self._declared(top)

    def _goes_before(self, root: str, name: str, folder: str, importer: str) -> bool:
        """Whether the own module or package at `root` goes before a library of its name.

        It does where Python looks before the installed packages (the importer's own folder, the root, `src`, or a folder
        that the importer adds to its path; any folder, where no public library is known by the name), and where it holds what is imported: a folder without `__init__.py` is no package
        beside an installed one, and nobody imports from his own empty package what only the library has.
        """
        top, _, rest = name.partition(".")
        nearby = root in ("", "src", folder.replace("/", ".")) or "sys.path" in self._text(importer)
        if not nearby and well_known(top):
            return False
        place = f"{root}.{top}" if root else top
        if self._holds(root, name):
            return True
        own = self._by_place.get(place)
        return own is not None and defines(self._text(own), rest.partition(".")[0])

    def _holds(self, root: str, name: str) -> bool:
        """Whether the package at `root` has the module that `name` says after the first dot."""
        top, _, rest = name.partition(".")
        member = ".".join(part for part in (root, top, rest.partition(".")[0]) if part)
        return bool(rest) and (member in self._by_place or member in self._folders)

    def _depth(self, place: str, root: str) -> int:
        """How many parts of `place` beyond `root` name a module or folder."""
        parts = place.split(".")
        least = root.count(".") + 1 if root else 0
        for count in range(len(parts), least, -1):
            prefix = ".".join(parts[:count])
            if prefix in self._by_place or prefix in self._folders:
                return count - least
        return 0

    def canonical(self, name: str) -> str | None:
        """`name` in resolved form, where it begins with one of the project's modules as seen from the root."""
        return self._at(name, 0)

    def _at(self, place: str, least: int) -> str | None:
        """`place`, or the longest part of it that is a module, in resolved form and with the rest appended."""
        parts = place.split(".")
        for count in range(len(parts), least, -1):
            prefix = ".".join(parts[:count])
            path = self._by_place.get(prefix)
            found = self.name_of[path] if path else self._folders.get(prefix)
            if found is not None:
                return ".".join([found, *parts[count:]])
        return None

    def _elsewhere(self, name: str) -> str | None:
        """A package in another folder (`backend/src/shop`), where exactly one file ends in the module's whole name."""
        parts = name.split(".")
        for count in range(min(len(parts), MOST_PARTS), 1, -1):
            found = self._tails.get(".".join(parts[:count]), [])
            if len(found) == 1:
                return ".".join([self.name_of[self._by_place[found[0]]], *parts[count:]])
        return None

    def _below(self, name: str) -> str | None:
        """A module whose name is preceded by folders above the repository, or by a name that it has elsewhere.

        `kiln_project.src.kiln.api` is imported from the folder above, or from where the repository had that name: what follows
        the first parts must be an own module of two parts or more.
        """
        parts = name.split(".")
        if self._is_library(parts[0]) or parts[0] in MODULES:
            return None
        for start in range(1, len(parts) - 1):
            shorter = ".".join(parts[start:])
            for place in (shorter, f"src.{shorter}"):
                if self._depth(place, "") - place.startswith("src.") >= 2:
                    return self._at(place, least=0)
        return None

    def relative(self, path: str, level: int, name: str) -> str:
        """The resolved form of `from ...name import` in file `path` with `level` dots."""
        place = dotted(path)
        parts = place.split(".") if path.endswith("/__init__.py") else place.split(".")[:-1]
        parts = parts[: len(parts) - level + 1] if level > 1 else parts
        whole = ".".join([*parts, name]) if name else ".".join(parts)
        return self.canonical(whole) or whole


def well_known(top: str) -> bool:
    """Whether a public library is known by this top-level name."""
    return top in LIBRARIES or top in MODULES


def defines(text: str, name: str) -> bool:
    """Whether a module's text defines or imports `name` at its top level; without a name, whether it defines anything."""
    word = re.escape(name) if name else r"\w+"
    head = r"^(?:async[ \t]+def|def|class)[ \t]+" + word + r"\b"
    if name:
        head += rf"|^{word}[ \t]*[:=]|^(?:from|import)\b.*\b{word}\b"
    return re.search(head, text, re.MULTILINE) is not None


def imports_itself(text: str, top: str) -> bool:
    """Whether `text` has an import statement of the top-level name `top`."""
    return re.search(rf"^[ \t]*(?:import|from)[ \t]+{re.escape(top)}\b", text, re.MULTILINE) is not None
