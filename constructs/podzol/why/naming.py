"""Defines `find`: which release or workload a person means by a name, and the nearest names when there is none."""

from difflib import get_close_matches

from podzol.faults import Fault, UserError
from podzol.kubernetes.labels import INSTANCE
from podzol.why.case import WORKLOADS, Case, case_of_object, case_of_release, made
from podzol.why.evidence import Evidence, labels_of, name_of, namespace_of

SHORT = {
    "deploy": "Deployment",
    "sts": "StatefulSet",
    "ds": "DaemonSet",
    "cj": "CronJob",
    "rs": "ReplicaSet",
    "po": "Pod",
    "svc": "Service",
    "pvc": "PersistentVolumeClaim",
    "hpa": "HorizontalPodAutoscaler",
}
"""kubectl's short names. Source: `kubectl api-resources` of v1.37.2 (2026-11-23)."""
ASKED = (*WORKLOADS, "Service", "PersistentVolumeClaim", "HorizontalPodAutoscaler")
"""Kinds that one can ask about, in the order in which a bare name is looked for."""
MOST_NAMES = 5


def find(evidence: Evidence, namespace: str, name: str) -> Case:
    """A release, else a workload: `train`, `job/train-gpu-batch-job-4b95170c`, `pod/api-0`.

    Raises:
        UserError: there is none of that name here.
    """
    kind, slash, rest = name.partition("/")
    if slash:
        return _find_kind(evidence, namespace, name, kind, rest)
    if name in releases(evidence, namespace):
        return case_of_release(evidence, namespace, name)
    for each in ASKED:
        if it := evidence.find(each, namespace, name):
            return case_of_object(evidence, it)
    refuse_unknown_namespace(evidence, namespace)
    raise UserError([_unknown(evidence, namespace, name)])


def releases(evidence: Evidence, namespace: str) -> set[str]:
    """Names of releases: Helm's own, and those that labels name."""
    kept = {name_of(it) for it in evidence.all("HelmRelease", namespace)}
    labelled = {
        labels_of(it).get(INSTANCE, "")
        for kind in (*ASKED, "PodDisruptionBudget")
        for it in evidence.all(kind, namespace)
    }
    return (kept | labelled) - {""}


def _find_kind(evidence: Evidence, namespace: str, name: str, given: str, rest: str) -> Case:
    kinds = {each.lower(): each for each in ASKED} | {f"{each.lower()}s": each for each in ASKED} | SHORT
    kind = kinds.get(given.lower())
    if kind is None:
        known = ", ".join(sorted({each.lower() for each in ASKED}))
        raise UserError([Fault("NAME", "must begin with a kind that can be asked about", name, f"use one of {known}")])
    if it := evidence.find(kind, namespace, rest):
        return case_of_object(evidence, it)
    refuse_unknown_namespace(evidence, namespace)
    near = nearest(rest, [name_of(it) for it in evidence.all(kind, namespace)])
    fix = f"the nearest are {', '.join(f'{given}/{each}' for each in near)}" if near else "name the namespace with -n"
    raise UserError([Fault("NAME", f"must be a {kind} in the namespace {namespace}", name, fix)])


def _unknown(evidence: Evidence, namespace: str, name: str) -> Fault:
    """What to do when nothing has that name here; it may be elsewhere."""
    elsewhere = sorted(
        {
            namespace_of(it)
            for kind in ("Pod", "HelmRelease")
            for it in evidence.all(kind)
            if namespace_of(it) != namespace and name in (labels_of(it).get(INSTANCE), name_of(it))
        }
    )
    rule = f"must be a release or workload in the namespace {namespace}"
    if elsewhere:
        return Fault("NAME", rule, name, f"there is one elsewhere: add -n {elsewhere[0]}")
    workloads = [name_of(it) for kind in WORKLOADS for it in evidence.all(kind, namespace) if not made(it)]
    near = nearest(name, [*releases(evidence, namespace), *workloads])
    return Fault("NAME", rule, name, f"the nearest are {', '.join(near)}" if near else "name the namespace with -n")


def refuse_unknown_namespace(evidence: Evidence, namespace: str) -> None:
    """Refuse a namespace that the cluster hasn't.

    Raises:
        UserError: it hasn't.
    """
    there = [name_of(it) for it in evidence.all("Namespace")]
    if there and namespace not in there:  # where none may be seen, none is missed
        fix = f"the nearest are {', '.join(nearest(namespace, there))}"
        raise UserError([Fault("-n", "must be a namespace of the cluster", namespace, fix)])


def nearest(name: str, names: list[str]) -> list[str]:
    """Names that look alike, or the first ones in order when none does."""
    unique = sorted(set(names))
    return get_close_matches(name, unique, MOST_NAMES, cutoff=0.5) or unique[:MOST_NAMES]
