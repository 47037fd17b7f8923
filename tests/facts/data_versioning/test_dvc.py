"""DVC, Git LFS and other tools that keep versions of data."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees

from auditor.facts.data_versioning import DataVersioning, data_versioning, storage_scheme
from auditor.facts.data_versioning.dvc import head, read_dvc_config
from auditor.formats.yaml_lines import YamlError, parse_yaml

TRACKED = "outs:\n- md5: 0123456789abcdef0123456789abcdef.dir\n  size: 10\n  hash: md5\n  path: raw\n"


def versioning(tree: Trees, files: dict[str, str]) -> DataVersioning:
    return data_versioning(tree(files).snapshot)


def test_dvc_with_remote_and_tracked_data(tree: Trees) -> None:
    config = (
        "[core]\n    remote = cloud\n    autostage = true\n['remote \"old\"']\n"
        "    url = /mnt/store\n['remote \"cloud\"']\n    url = gs://shop-data/store\n"
        "    version_aware = true\n"
    )
    found = versioning(
        tree, {".dvc/config": config, "data/raw.dvc": TRACKED, ".dvc/config.local": "[core]\nremote = x\n"}
    )
    assert [(r.name, r.scheme, r.default, r.line) for r in found.remotes] == [
        ("cloud", "gs", True, 7),
        ("old", "local", False, 5),
    ]
    assert [(o.target, o.line) for o in found.outputs] == [("data/raw", 2)]


def test_dvc_in_a_subfolder(tree: Trees) -> None:
    found = versioning(
        tree,
        {"data/.dvc/config": "['remote \"a\"']\nurl = s3://b\n", "data/raw.dvc": TRACKED, "models.dvc": TRACKED},
    )
    assert [(p.folder, len(p.remotes), [o.target for o in p.outputs]) for p in found.projects] == [
        ("data", 1, ["data/raw"]),
        ("", 0, ["raw"]),
    ]


@pytest.mark.parametrize(
    "content",
    ["", "# outs\n", "outs: []\n", "outs:\n- path: raw\n", "outs:\n- md5: abc\n", "- x\n", "outs: {", "md5: abc\n"],
)
def test_a_dvc_file_without_hash_or_path_tracks_nothing(tree: Trees, content: str) -> None:
    assert versioning(tree, {".dvc/config": "", "raw.dvc": content}).outputs == ()


def test_versioned_and_imported_outputs(tree: Trees) -> None:
    many = "outs:\n- path: images\n  files:\n" + "".join(
        f"  - relpath: {n}.png\n    md5: {n:032x}\n    size: 1\n" for n in range(2000)
    )
    imported = "deps:\n- path: data\n  repo:\n    url: https://example.org/shop\n    rev_lock: 1\n" + TRACKED
    found = versioning(tree, {".dvc/config": "", "images.dvc": many, "sub/other.dvc": imported})
    assert [(o.target, o.imported_from) for o in found.outputs] == [
        ("images", ""),
        ("sub/raw", "https://example.org/shop"),
    ]


def test_pipeline(tree: Trees) -> None:
    text = (
        "stages:\n  clean:\n    wdir: sub\n    cmd: python clean.py\n    deps: [raw.csv]\n    outs:\n"
        "    - clean.csv:\n        cache: false\n  each:\n    foreach: [a, b]\n    do:\n"
        "      cmd: python x.py ${item}\n  stub:\n    outs: [x]\n"
    )
    found = versioning(tree, {"dvc.yaml": text})
    assert [(s.name, s.line, s.outs) for s in found.stages] == [
        ("clean", 2, ("sub/clean.csv",)),
        ("each", 9, ()),
    ]
    assert [o.evidence.text for o in found.outputs] == ["stage clean makes sub/clean.csv"]


def test_git_lfs_and_other_tools(tree: Trees) -> None:
    found = versioning(
        tree,
        {
            ".gitattributes": (
                "# *.x filter=lfs\n*.ckpt filter=lfs diff=lfs merge=lfs -text\n*.h5 filter=lfs\n* text=auto\n"
            ),
            "models/a.ckpt": "version https://git-lfs.github.com/spec/v1\n",
            ".lakefs_ref.yaml": "src: lakefs://shop/main/\nat_head: 1\n",
            "quilt.yml": "# nothing\n",
        },
    )
    assert [(rule.pattern, rule.line, rule.files) for rule in found.lfs] == [
        ("*.ckpt", 2, ("models/a.ckpt",)),
        ("*.h5", 3, ()),
    ]
    assert [(tool.tool, tool.line) for tool in found.others] == [("lakefs", 1)]


@pytest.mark.parametrize(
    ("url", "scheme"),
    [
        ("gs://shop", "gs"),
        ("gcs://shop", "gs"),
        ("s3://shop", "s3"),
        ("gdrive://1abc", "gdrive"),
        ("ssh://ada@example.org/x", "ssh"),
        ("https://example.org/x", "http"),
        ("https://dagshub.com/ada/shop.dvc", "dagshub"),
        ("azure://x", "azure"),
        ("/mnt/x", "local"),
        ("../store", "local"),
        ("", ""),
    ],
)
def test_scheme(url: str, scheme: str) -> None:
    assert storage_scheme(url) == scheme


def test_config_without_url_has_no_remote() -> None:
    assert read_dvc_config("['remote \"x\"']\n    url =\n[core]\n    remote = x\n", ".dvc/config") == ()
    assert read_dvc_config("# ['remote \"x\"']\n#    url = gs://x\n", ".dvc/config") == ()


@given(st.text(max_size=200) | st.text("[]'\"remote=url #\n:/g", max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_config_is_read(text: str) -> None:
    for remote in read_dvc_config(text, ".dvc/config"):
        assert remote.url
        assert 1 <= remote.line <= text.count("\n") + 1


@given(st.text("outs:-md5path \n{}[]&*!|", max_size=120))
@settings(max_examples=100, deadline=None)
def test_head_of_a_long_file_is_whole_lines(text: str) -> None:
    long = (text + "\n") * 400
    assert long.startswith(head(long))
    with suppress(YamlError):
        parse_yaml(head(long))
