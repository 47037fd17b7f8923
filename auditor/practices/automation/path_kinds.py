"""What path patterns are about: data, stored models, or code."""

from __future__ import annotations

import re

from auditor.facts.workflows.filters import Filter
from auditor.patterns import pattern
from auditor.repository.snapshot import Snapshot

MAX_PATHS = 1_000
_DATA_FOLDER = pattern(r"(.*[-_])?(data|datasets?)([-_].*)?|raw|processed|interim|external", re.IGNORECASE)
_MODEL_FOLDER = pattern(r"(.*[-_])?(models?|registry|checkpoints|weights|artifacts)([-_].*)?", re.IGNORECASE)
_DATA_FILE = pattern(
    r".*\.(csv|tsv|parquet|feather|npy|npz|h5|hdf5|jsonl|arrow|tfrecord|zip|tar|gz|dvc|xlsx|jpe?g|png|wav)\*?",
    re.IGNORECASE,
)
_MODEL_FILE = pattern(
    r".*\.(pt|pth|ckpt|onnx|safetensors|joblib|pkl|pickle|h5|keras|mar|bento|bin)(\.dvc)?\*?", re.IGNORECASE
)
_CODE_ENDINGS = (".py", ".ipynb", ".md", ".toml", ".sh")
_PIPELINE_FILES = ("dvc.lock", "dvc.yaml")
CODE_FILE = pattern(r".*\.(py|ipynb|ya?ml|toml|md|txt|sh|dockerfile)\*?", re.IGNORECASE)


class PathKinds:
    """Tells what the patterns of a filter match in one repository."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._files: dict[str, list[str]] = {}

    def is_data(self, pattern: str) -> bool:
        """Whether a path pattern is about data: DVC's files, a data folder, files of data formats; not models, not code."""
        name = pattern.rpartition("/")[2]
        folders = [part for part in pattern.split("/")[:-1] if part != "**"]
        if self.is_model(pattern) or self.is_code(pattern):
            return False
        if name in _PIPELINE_FILES or _DATA_FILE.fullmatch(name):
            return True
        parts = folders if "." in name else [*folders, name]
        return any(_DATA_FOLDER.fullmatch(part) for part in parts) and not CODE_FILE.fullmatch(name)

    def is_model(self, pattern: str) -> bool:
        """Whether a path pattern is about stored models: a folder or files of models; not the code of models."""
        name = pattern.rpartition("/")[2]
        folders = [part for part in pattern.split("/")[:-1] if part != "**"]
        if self.is_code(pattern) or CODE_FILE.fullmatch(name):
            return False
        if _MODEL_FILE.fullmatch(name) and (not name.lower().endswith(("h5", "pkl")) or "model" in pattern.lower()):
            return True
        if any(_DATA_FOLDER.fullmatch(part) for part in folders):
            return False
        parts = [*folders, name.partition(".")[0]]
        return any(_MODEL_FOLDER.fullmatch(part) for part in parts)

    def is_code(self, pattern: str) -> bool:
        """Whether what a pattern matches is code, most of it."""
        if CODE_FILE.fullmatch(pattern) and not pattern.endswith(_PIPELINE_FILES):
            return True
        found = self.matched(pattern)
        code = [path for path in found if path.endswith(_CODE_ENDINGS)]
        return 2 * len(code) > len(found)

    def matched(self, pattern: str) -> list[str]:
        """The files that a path pattern matches, a bounded number of them looked at."""
        if pattern not in self._files:
            wanted = Filter((pattern,))
            start = re.split(r"[*?+\[!\\]", pattern, maxsplit=1)[0]
            candidates = [path for path in self.snapshot.paths if path.startswith(start)][:MAX_PATHS]
            self._files[pattern] = [path for path in candidates if wanted.admits(path)]
        return self._files[pattern]
