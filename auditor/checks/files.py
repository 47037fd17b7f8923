"""Files that should not be in a repository: data and models that git keeps for ever."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.model import Flaw, check
from auditor.injection import fact
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

DATA_AND_MODELS = (
    "*.pt", "*.pth", "*.ckpt", "*.onnx", "*.h5", "*.hdf5", "*.keras", "*.pkl", "*.pickle", "*.joblib", "*.safetensors", "*.bin", "*.tflite",
    "*.npy", "*.npz", "*.csv", "*.tsv", "*.parquet", "*.feather", "*.arrow", "*.tfrecord*", "*.zip", "*.tar", "*.tar.gz", "*.tgz", "*.7z", "*.rar",
    "*.mar", "*.db", "*.sqlite", "*.sqlite3", "*.wav", "*.mp3", "*.mp4", "*.gguf", "*.pb", "*.msgpack", "*.mat", "*.nii", "*.nii.gz", "*.csv.gz",
    "*.tar.xz", "*.tar.bz2", "*.pkl.gz", "*.json.gz", "*.jsonl", "*.xlsx", "*.cbm", "*.ubj", "*.bst", "*.weights", "*.avro", "*.orc", "*.rds",
)  # fmt: skip
"""Names of data sets, models and archives of either."""
DATA_BYTES = 1_000_000
"""A data or model file that is smaller may be a sample for tests."""
INSTEAD = "ignore it, and put it under data version control or into a bucket."
ANY_BYTES = 10_000_000
"""Any other file that is larger is nothing that was written by hand."""
MODELS = tuple(".pt .pth .ckpt .onnx .h5 .hdf5 .keras .pkl .pickle .joblib .safetensors .mar .tflite".split())


class LargeFiles(Record):
    """Files that git tracks and should not keep, with their bytes; `data` are all data sets and models, small ones too."""

    sizes: dict[str, int]
    data: frozenset[str]


@fact
def too_large(snapshot: Snapshot) -> LargeFiles:
    """What is too large for git, by what it is."""
    data = frozenset(snapshot.named(*DATA_AND_MODELS))
    sizes = ((path, snapshot.kept_size(path) or 0) for path in snapshot.paths)
    found = {path: size for path, size in sizes if size > (DATA_BYTES if path in data else ANY_BYTES)}
    return LargeFiles(found, data)


@check("H.large_files", "No large data or model files are committed", "Large files")
def large_files(large: LargeFiles, snapshot: Snapshot) -> Iterator[Flaw]:
    """Data sets and trained models are under data version control or in a bucket, not in git.

    Looked at are files that git tracks: data and models over 1 MB, anything over 10 MB. What was committed once stays in the history
    also when it is deleted, and everybody who clones the repository downloads it; the history is not searched here.
    """
    for path, size in sorted(large.sizes.items(), key=lambda one: (one[1], one[0]), reverse=True):
        what = "A model" if path.lower().endswith(MODELS) else "Data" if path in large.data else "A large file"
        said = f"{what} of {size / 1_000_000:.1f} MB is"
        if snapshot.in_last_commit(path):
            yield Flaw(path, None, f"{said} committed.", f"Take it out of git (git rm --cached), {INSTEAD}")
        else:
            settle = f"Do not commit it: unstage it (git restore --staged), {INSTEAD}"
            yield Flaw(path, None, f"{said} staged, not committed yet.", settle, uncommitted=True)
