"""Asks: will the autoscalers do it? Can the pool grow from nothing for this pod, does its next machine take it, does an
HPA have figures to go by?

Sources, 2026-11-23: cluster-autoscaler/cloudprovider/aws/README.md (it reads the first machine type of a group, and one
zone of a group that spans several); https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale
(a container without the request leaves utilisation undefined); Karpenter's provisioner.go and nodeclaim_validation.go,
https://github.com/kubernetes-sigs/karpenter/tree/v1.14.1/pkg.
"""

from collections.abc import Iterator

from podzol.fit.asked import Asked
from podzol.fit.findings import Finding, error, warning
from podzol.fit.placement import Placement
from podzol.fit.pods import Pod, container_requests, is_sidecar
from podzol.kubernetes.node_labels import HOSTNAME, ZONE


def scale_up(asked: Asked) -> Iterator[Finding]:
    """Whether some pool that takes the pod would be grown for it, and on which machines it would then be lost."""
    fitting, pod = asked.fitting, asked.pod
    nowhere = all(_not_grown(pod, each) and each.pool.min == 0 for each in fitting)
    for each in fitting:
        if why := _not_grown(pod, each):
            empty = "has no nodes and " if each.pool.min == 0 else ""
            finding = error if nowhere else warning
            yield finding("autoscaling", f"{each.pool.name} {empty}may not be grown for it: {why}", _fix(each))
        elif each.pool.autoscaler in ("cluster-autoscaler", "gke") and (unfit := _unfit(each)):
            yield warning(
                "autoscaling",
                f"{each.pool.name} may grow by machines that do not take it: {', '.join(unfit)}",
                "give the pool machines of one size, or ask for less",
            )


def grows(pod: Pod, placement: Placement) -> bool:
    """Whether the autoscaler would add a node to the pool for the pod."""
    return placement.fits and placement.pool.autoscaler != "none" and not _not_grown(pod, placement)


def _not_grown(pod: Pod, placement: Placement) -> str:
    """Why the autoscaler would not see that a new node takes the pod; empty when it would."""
    match placement.pool.autoscaler:
        case "karpenter":
            return _unread_by_karpenter(pod)
        case "cluster-autoscaler":
            return _unseen_on_aws(pod, placement)
    return ""


def _unread_by_karpenter(pod: Pod) -> str:
    """Karpenter passes over a pod if a single term of its node affinity is of a kind that it doesn't read."""
    terms = pod.affinity_terms or ()
    if any(term.fields for term in terms):
        return "Karpenter passes over pods with matchFields"
    expressions = [each for term in terms for each in term.expressions]
    if HOSTNAME in {*(key for key, _ in pod.node_selector), *(each.key for each in expressions)}:
        return f"Karpenter passes over pods that select by {HOSTNAME}"
    if any(each.operator in ("Gt", "Lt") and (each.bound is None or each.bound < 0) for each in expressions):
        return "Karpenter passes over pods with Gt or Lt of what is no whole number from 0 up"
    return ""


def _unseen_on_aws(pod: Pod, placement: Placement) -> str:
    """Cluster Autoscaler imagines the new node of an empty group, and doesn't see all of it."""
    pool = placement.pool
    kinds = {node.kind for node in placement.nodes}
    if pool.nodes[0].kind not in kinds:
        return f"Cluster Autoscaler judges a group by its first machine type, {pool.nodes[0].kind}"
    if pool.min == 0 and (
        unknown := sorted(key for key in pod.keys if key in pool.nodes[0].labels and key not in pool.known_labels)
    ):
        return f"Cluster Autoscaler does not know {', '.join(unknown)} of a group without nodes"
    zones = {zone for node in placement.nodes for zone in node.zones}
    if ZONE in pod.keys and zones != set(pool.nodes[0].zones):
        return "Cluster Autoscaler judges a group that spans zones by one of them, whichever it is"
    return ""


def _fix(placement: Placement) -> str:
    if placement.pool.autoscaler == "karpenter":
        return "select by labels of the pool"
    return f"select by podzol.dev/pool={placement.pool.name} alone, or give the pool one machine type and one zone"


def _unfit(placement: Placement) -> list[str]:
    fitting = {node.kind for node in placement.nodes}
    return [node.kind for node in placement.pool.nodes if node.kind not in fitting]


def metrics(asked: Asked) -> Iterator[Finding]:
    """An HPA by utilisation needs a request of every container that it looks at."""
    spec = asked.spec
    containers = [*(spec.get("containers") or ()), *(c for c in spec.get("initContainers") or () if is_sidecar(c))]
    for metric in (asked.workload.hpa or {}).get("metrics") or ():
        kind = metric.get("type")
        source = metric.get("resource") or metric.get("containerResource") or {}
        if "averageUtilization" not in (source.get("target") or {}):
            continue
        looked_at = [each for each in containers if kind == "Resource" or each.get("name") == source.get("container")]
        name = str(source.get("name"))
        without = [str(each.get("name")) for each in looked_at if not container_requests(each).get(name)]
        if without or not looked_at:
            missing = f"container {', '.join(without)} asks for none" if without else "there is no such container"
            yield error(
                "autoscaling",
                f"its HPA goes by {name} utilisation, but {missing}, so it never scales",
                f"give every container a {name} request",
            )
