"""Defines: the annotations by which node autoscalers are told what they may evict. Does not define: how long a pod has
to shut down (terminationGracePeriodSeconds of each workload).

Sources, read on 2026-11-23:
- Karpenter: https://karpenter.sh/docs/concepts/disruption/#pod-level-controls; since 1.12 a duration is taken, counted
  from the pod's start. It doesn't stop spot interruption, expiration or node repair.
- Cluster Autoscaler: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md, "What types of
  pods can prevent CA from removing a node?": an emptyDir on disk is one, unless the pod says it is safe to evict.
"""

from typing import Any

from podzol.template import to_str, when

KARPENTER_DO_NOT_DISRUPT = "karpenter.sh/do-not-disrupt"
SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict"

MAY_EVICT = {SAFE_TO_EVICT: "true"}
"""A stateless service: its emptyDirs (/tmp) must not pin a node for ever."""


def do_not_disrupt(deadline_seconds: Any = None) -> dict[str, Any]:
    """Annotations of a pod that should run to its end: no autoscaler removes its node to save money.

    Args:
        deadline_seconds: the Job's active deadline (a value, may be null); Karpenter's protection then ends with it,
            so that a pod that hangs can't hold an expensive node for ever.
    """
    held = when(deadline_seconds, lambda seconds: to_str(seconds) + "s", "true")
    return {KARPENTER_DO_NOT_DISRUPT: held, SAFE_TO_EVICT: "false"}
