"""What the repository does in the cloud, Google Cloud above all.

addresses.py     addresses of deployed services -> Address
manifests.py     YAML and JSON files that a cloud service or a cluster reads -> Manifests
resources.py     resources, however they are described -> Resources
deployments.py   what is deployed -> Deployments
image_triggers.py  images that are built automatically -> ImageTriggers
training.py      training that is sent to the cloud -> CloudTraining
storage.py       buckets, and what links them with data version control -> Buckets
monitoring.py    monitoring and alerts -> CloudMonitoring
"""

from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.cloud.deployments import Deployment, Deployments
from auditor.practices.cloud.image_triggers import ImageTriggers
from auditor.practices.cloud.manifests import Manifest, Manifests
from auditor.practices.cloud.monitoring import CloudMonitoring
from auditor.practices.cloud.storage import Buckets
from auditor.practices.cloud.training import CloudTraining

__all__ = [
    "Buckets",
    "CloudMonitoring",
    "CloudTraining",
    "Deployment",
    "Deployments",
    "ImageTriggers",
    "Manifest",
    "Manifests",
    "RunCommand",
    "RunCommands",
]
