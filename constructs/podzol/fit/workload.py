"""Defines `Workload`: a pod template with how many pods of it there may be at once.

Does not define how it is read from manifests (`workloads.py`, `jobs.py`), nor what a pod asks for (`pods.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BATCH = ("Job", "CronJob", "JobSet", "TrainJob")
"""Kinds whose pods end by themselves."""


@dataclass(frozen=True)
class Workload:
    """Pods of one kind."""

    kind: str
    name: str
    namespace: str
    labels: Mapping[str, str]
    template: Mapping[str, Any]
    """`metadata` and `spec` of its pods."""
    pods: int
    """Pods that it starts with; of a DaemonSet one a node, so 0 here."""
    most: int
    """Pods that it may come to have at once."""
    gang: bool
    """Whether its pods can only work together."""
    spec: Mapping[str, Any]
    """Of the object that makes the pods: of a CronJob, a JobSet or a TrainJob, its Job's."""
    restarts: bool = False
    """Whether it is a Job that is started again as a whole when it fails."""
    hpa: Mapping[str, Any] | None = None
    """Spec of the HorizontalPodAutoscaler that scales it."""
    claims: tuple[dict[str, Any], ...] = ()
    """Claim templates of a StatefulSet."""

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def pod_spec(self) -> Mapping[str, Any]:
        return self.template.get("spec") or {}

    @property
    def annotations(self) -> Mapping[str, str]:
        """Of its pods."""
        return (self.template.get("metadata") or {}).get("annotations") or {}

    @property
    def pod_labels(self) -> Mapping[str, str]:
        return (self.template.get("metadata") or {}).get("labels") or {}

    @property
    def ends(self) -> bool:
        """Whether its pods end by themselves."""
        return self.kind in BATCH or (
            self.kind == "Pod" and self.pod_spec.get("restartPolicy") in ("Never", "OnFailure")
        )
