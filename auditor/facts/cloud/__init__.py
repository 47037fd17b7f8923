"""What the repository does in the cloud, Google Cloud above all.

commands.py      every command with whether it can run -> CloudCommands
addresses.py     addresses of deployed services -> Address
manifests.py     YAML and JSON files that a cloud service or a cluster reads -> Manifests
deployments.py   what is deployed -> Deployments
image_triggers.py  images that are built automatically -> ImageTriggers
training.py      training that is sent to the cloud -> CloudTraining
storage.py       buckets, and what links them with data version control -> Buckets
monitoring.py    monitoring and alerts -> CloudMonitoring
"""

from auditor.facts.cloud.commands import CloudCommand, CloudCommands
from auditor.facts.cloud.deployments import Deployment, Deployments
from auditor.facts.cloud.image_triggers import ImageTriggers
from auditor.facts.cloud.manifests import Manifest, Manifests
from auditor.facts.cloud.monitoring import CloudMonitoring
from auditor.facts.cloud.storage import Buckets
from auditor.facts.cloud.traces import Trace, evidence
from auditor.facts.cloud.training import CloudTraining

__all__ = [
    "Buckets",
    "CloudCommand",
    "CloudCommands",
    "CloudMonitoring",
    "CloudTraining",
    "Deployment",
    "Deployments",
    "ImageTriggers",
    "Manifest",
    "Manifests",
    "Trace",
    "evidence",
]
