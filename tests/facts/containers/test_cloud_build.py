from __future__ import annotations

from support.container_files import read
from support.trees import Trees


def test_cloud_build(tree: Trees) -> None:
    found = read(
        tree,
        {
            "configs/build.yaml": "steps:\n- name: gcr.io/cloud-builders/docker\n"
            "  args: ['build', '-f', 'a.dockerfile', '.']\n- name: gcr.io/cloud-builders/gcloud\n  entrypoint: bash\n"
            "  args:\n  - -c\n  - |\n    set -e\n    gcloud run deploy shop\nimages: ['gcr.io/shop/api']\n",
            "kaniko.yaml": "steps:\n- name: gcr.io/kaniko-project/executor:latest\n  args: [--dockerfile=a]\n",
            "cloudbuild.yaml": "# steps:\n# - name: gcr.io/cloud-builders/docker\n",
            ".github/workflows/x.yml": "steps:\n- name: gcr.io/x\n",
            "other.yaml": "steps:\n- name: load data\n",
        },
    )
    assert [(b.path, b.builds_image, b.images) for b in found.cloud_builds] == [
        ("configs/build.yaml", True, ("gcr.io/shop/api",)),
        ("kaniko.yaml", True, ()),
    ]
    build, deploy = found.cloud_builds[0].steps
    assert (build.line, build.commands[0].words[:2]) == (2, ("docker", "build"))
    assert [(c.line, c.text) for c in deploy.commands if c.runs("gcloud run deploy")] == [
        (10, "gcloud run deploy shop")
    ]
