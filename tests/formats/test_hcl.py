"""Terraform files as blocks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees

from auditor.facts.terraform import read_terraform
from auditor.formats.hcl import parse_terraform

SERVICE = """\
# resource "google_cloud_run_service" "old" {}
variable "region" { default = "europe-west1" }

resource "google_cloud_run_v2_service" "api" {
  name = "shop-api" // the service
  template {
    containers {
      image = "${var.region}-docker.pkg.dev/shop/api:${lookup(var.tags, "api}")}"
    }
  }
  labels = {
    team = "ada" # }
  }
}
/* resource "google_monitoring_dashboard" "no" {
} */
resource "google_compute_instance" "vm" {
  count = 0
  metadata_startup_script = <<-EOF
    #!/bin/bash
    if true; then { python train.py; } fi
  EOF
}
"""


def test_blocks_have_labels_lines_and_attributes() -> None:
    blocks, problem = parse_terraform(SERVICE, "main.tf")
    assert problem is None
    assert [(b.type, b.labels, b.line) for b in blocks] == [
        ("variable", ("region",), 2),
        ("resource", ("google_cloud_run_v2_service", "api"), 4),
        ("resource", ("google_compute_instance", "vm"), 17),
    ]
    api = blocks[1]
    assert api.value("name") == "shop-api"
    assert api.value("image").endswith('"api}")}')
    assert [a.name for a in api.attributes] == ["name", "labels"]
    assert api.evidence.text == 'resource "google_cloud_run_v2_service" "api" {'


def test_a_heredoc_is_one_value_and_count_zero_makes_nothing() -> None:
    machine = parse_terraform(SERVICE)[0][2]
    assert "python train.py" in machine.value("metadata_startup_script")
    assert not machine.live
    assert machine.attributes[0].line == 18


def test_what_is_not_terraform_is_told_and_what_came_before_kept() -> None:
    blocks, problem = parse_terraform('resource "a" "b" {}\n<<< ours\n')
    assert [block.labels for block in blocks] == [("a", "b")]
    assert problem is not None
    assert "line 2" in problem
    assert parse_terraform('resource "a" "b" {\n')[1] == "not Terraform: the block of line 1 has no end"


def test_resources_are_found_by_type(tree: Trees) -> None:
    terraform = read_terraform(tree({"infra/main.tf": SERVICE}).snapshot)
    assert [block.labels[1] for block in terraform.resources("google_cloud_run*")] == ["api"]
    assert terraform.resources("google_monitoring_*") == ()


def test_deep_nesting_ends() -> None:
    assert parse_terraform("a {\n" * 5_000)[1]
    assert parse_terraform("a = " + "[" * 50_000)[1] is None
    assert parse_terraform('a = "' + "${" * 50_000)[1] is None


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet='ab =\n"{}[]()$<-#/*E', max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    blocks, _ = parse_terraform(text)
    assert all(1 <= block.line <= text.count("\n") + 1 for block in blocks)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), min_size=1, max_size=5), st.text(max_size=30))
def test_blocks_are_read_back(names: list[str], comment: str) -> None:
    note = comment.replace("\n", " ").replace("\r", " ")
    text = "".join(f'resource "{name}" "x" {{\n  # {note}\n  key = "{name}"\n}}\n' for name in names)
    blocks, problem = parse_terraform(text)
    assert problem is None
    assert [(b.labels[0], b.value("key"), b.line) for b in blocks] == [(n, n, 1 + 4 * i) for i, n in enumerate(names)]
