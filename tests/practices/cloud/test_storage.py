from __future__ import annotations

from support.cloud_files import known
from support.trees import Trees

from auditor.practices.cloud import Buckets
from auditor.practices.cloud.storage import ANOTHER_CLOUD, NOT_LINKED, names_bucket


def test_a_remote_in_a_bucket_is_strong_and_other_uses_are_weak(tree: Trees) -> None:
    found = known(
        tree,
        Buckets,
        **{
            ".dvc/config": "['remote \"a\"']\n    url = gs://shop-data\n['remote \"b\"']\n    url = s3://shop\n",
            "load.py": "import pandas as pd\n\npd.read_csv('gs://shop-data/till.csv')\n",
        },
    )
    assert [(trace.place.path, trace.why) for trace in found.traces] == [
        (".dvc/config", ""),
        (".dvc/config", ANOTHER_CLOUD),
        ("load.py", NOT_LINKED),
    ]


def test_names_of_buckets() -> None:
    assert names_bucket("gs://shop-data/dvc")
    assert not any(
        names_bucket(url) for url in ("gs://", "gs://<name>", "gs://your-bucket", "gs://my-bucket", "s3://shop")
    )
