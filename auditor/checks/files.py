"""Files that should not be in a repository: data and models that git keeps for ever."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.model import Flaw, check
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
ANY_BYTES = 10_000_000
"""Any other file that is larger is nothing that was written by hand."""
MODELS = tuple(".pt .pth .ckpt .onnx .h5 .hdf5 .keras .pkl .pickle .joblib .safetensors .mar .tflite".split())


@check("H.large_files", "No large data or model files are committed")
def large_files(snapshot: Snapshot) -> Iterator[Flaw]:
    """Data sets and trained models are under data version control or in a bucket, not in git.

    Looked at are files that git tracks: data and models over 1 MB, anything over 10 MB. What was committed once stays in the history
    also when it is deleted, and everybody who clones the repository downloads it; the history is not searched here.
    """
    data = frozenset(snapshot.named(*DATA_AND_MODELS))
    found = []
    for path in snapshot.paths:
        size = snapshot.kept_size(path) or 0
        if size > (DATA_BYTES if path in data else ANY_BYTES):
            found.append((size, path))
    for size, path in sorted(found, reverse=True):
        what = "A model" if path.lower().endswith(MODELS) else "Data" if path in data else "A large file"
        yield Flaw(
            path,
            None,
            f"{what} of {size / 1_000_000:.1f} MB is committed.",
            "Take it out of git (git rm --cached), ignore it, and put it under data version control or into a bucket.",
        )
