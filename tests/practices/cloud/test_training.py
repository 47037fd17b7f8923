from __future__ import annotations

from support.cloud_files import known
from support.trees import Trees

from auditor.practices.cloud import CloudTraining


def test_a_vertex_job_needs_machine_and_image(tree: Trees) -> None:
    pool = "workerPoolSpecs:\n  - machineSpec: {{machineType: n1-standard-4}}\n    containerSpec: {{imageUri: {}}}\n"
    found = known(
        tree,
        CloudTraining,
        **{"good.yaml": pool.format("gcr.io/shop/train"), "form.yaml": pool.format("gcr.io/<project-id>/<image>")},
    )
    assert [(trace.place.path, trace.strong) for trace in found.traces] == [
        ("good.yaml", True),
        ("form.yaml", False),
    ]


def test_a_machine_trains_where_its_file_says_so(tree: Trees) -> None:
    found = known(
        tree,
        CloudTraining,
        **{
            "train.sh": "gcloud compute instances create vm\ngcloud compute ssh vm --command 'python -m shop.train'\n",
            "vm.sh": "gcloud compute instances create vm\n",
            "jobs.sh": "gcloud run jobs execute shop-report\n",
        },
    )
    assert {(t.place.path, t.strong) for t in found.traces} == {
        ("train.sh", True),
        ("vm.sh", False),
        ("jobs.sh", False),
    }


def test_the_sdk_and_variables_count_by_their_own_names(tree: Trees) -> None:
    found = known(
        tree,
        CloudTraining,
        **{
            "submit.py": "from google.cloud import aiplatform as vertex\n\nvertex.CustomJob(display_name='shop').run()\n",
            "own.py": "class CustomJob:\n    def run(self): ...\n\n\nCustomJob().run()\n",
            "save.py": "import os\n\nprint(os.environ['AIP_MODEL_DIR'], os.getenv('AIP_HTTP_PORT'))\n",
        },
    )
    assert {trace.place.path for trace in found.traces if trace.strong} == {"submit.py", "save.py"}
