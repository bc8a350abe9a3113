"""Defines `Case`: what a person asks about, with all that belongs to it, as every cause looks at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from podzol.elasticity.kinds import condition
from podzol.elasticity.records import seconds
from podzol.fit import Report, check, live
from podzol.kubernetes.labels import INSTANCE
from podzol.why.evidence import Evidence, Object, labels_of, name_of, namespace_of, reference, selects, spec_of
from podzol.why.health import ENDED, State, pod_runs, state

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "TrainJob", "JobSet", "CronJob", "Job", "ReplicaSet", "Pod")
"""Kinds that run something, or make what does."""
TASKS = ("TrainJob", "JobSet", "CronJob", "Job")
"""Of them those that come to an end."""
MAKES = {"Deployment": "ReplicaSet", "CronJob": "Job", "TrainJob": "JobSet", "JobSet": "Job"}
"""Kind -> what it makes that makes its pods."""
WHOLE = ("TrainJob", "JobSet")
"""Kinds of which all counts that they made, not only the newest."""
HOOK = "helm.sh/hook"
"""Annotation of what Helm runs beside a release, such as a test.
Source: https://helm.sh/docs/topics/charts_hooks/ (2026-11-23)."""


@dataclass(frozen=True)
class Part:
    """A workload, what it made to make its pods, and the pods."""

    it: Object
    makers: tuple[Object, ...]
    """Itself, its newest ReplicaSet, its newest Job, its JobSet: whoever is told when a pod can't be made."""
    pods: tuple[Object, ...]
    state: State

    @property
    def name(self) -> str:
        return reference(self.it)

    @property
    def template(self) -> Mapping[str, Any]:
        """`metadata` and `spec` of its pods; where it doesn't say them itself, those of a pod."""
        if self.it["kind"] == "Pod":
            return self.it
        spec = spec_of(self.it)
        if self.it["kind"] == "CronJob":
            spec = (spec.get("jobTemplate") or {}).get("spec") or {}
        return spec.get("template") or next(iter(self.pods), {})

    @property
    def pod_spec(self) -> Mapping[str, Any]:
        return self.template.get("spec") or {}

    @cached_property
    def sick(self) -> list[Object]:
        """Pods that don't run, and have not ended well."""
        return [pod for pod in self.pods if not pod_runs(pod)]

    @cached_property
    def waiting(self) -> list[Object]:
        """Pods that have no node."""
        return [pod for pod in self.sick if not spec_of(pod).get("nodeName") and not ended(pod)]


@dataclass(frozen=True)
class Case:
    """A release, or one workload."""

    evidence: Evidence
    namespace: str
    name: str
    """As the person gave it."""
    release: str
    """Name of the Helm release; empty when it isn't one's."""
    parts: tuple[Part, ...]
    services: tuple[Object, ...]
    claims: tuple[Object, ...]
    scalers: tuple[Object, ...]
    """HorizontalPodAutoscalers."""
    budgets: tuple[Object, ...]
    """PodDisruptionBudgets."""

    @property
    def pods(self) -> Iterator[tuple[Part, Object]]:
        for part in self.parts:
            yield from ((part, pod) for pod in part.pods)

    @property
    def sick(self) -> Iterator[tuple[Part, Object]]:
        """Pods that don't run, with whose they are."""
        for part in self.parts:
            yield from ((part, pod) for pod in part.sick)

    @cached_property
    def helm(self) -> Object | None:
        """What Helm keeps of the release."""
        return self.evidence.find("HelmRelease", self.namespace, self.release)

    @cached_property
    def _cluster(self) -> Any:
        kinds = ("Node", "Pod", "CSIDriver", *live.KEPT)
        return live.cluster_of([it for kind in kinds for it in self.evidence.all(kind)], "live")

    def fit(self, pod: Object) -> Report:
        """Which pools could take a pod that waits, as everything is now."""
        meta = {key: value for key, value in pod["metadata"].items() if key != "ownerReferences"}
        return check([{**pod, "metadata": meta}], self._cluster, self.namespace)


def ended(pod: Object) -> bool:
    return (pod.get("status") or {}).get("phase") in ENDED


def case_of_release(evidence: Evidence, namespace: str, release: str) -> Case:
    """Everything with the release's label."""

    def own(kind: str) -> list[Object]:
        return [it for it in evidence.all(kind, namespace) if labels_of(it).get(INSTANCE) == release]

    roots = [it for kind in WORKLOADS for it in own(kind) if not made(it) and not hook(it)]
    parts = tuple(part_of(evidence, it) for it in roots)
    names = {reference(part.it) for part in parts}
    scalers = evidence.all("HorizontalPodAutoscaler", namespace)
    return Case(
        evidence,
        namespace,
        release,
        release,
        parts,
        services=tuple(own("Service")),
        claims=tuple({id(it): it for it in (*own("PersistentVolumeClaim"), *used_claims(evidence, parts))}.values()),
        scalers=tuple(it for it in scalers if labels_of(it).get(INSTANCE) == release or target(it) in names),
        budgets=tuple(own("PodDisruptionBudget")),
    )


def case_of_object(evidence: Evidence, it: Object) -> Case:
    """A workload with the Services, claims, HPAs and budgets that are about its pods."""
    namespace = namespace_of(it)
    parts = (part_of(evidence, it),) if it["kind"] in WORKLOADS else ()
    labels = [(part.template.get("metadata") or {}).get("labels") or {} for part in parts]

    def about(kind: str) -> list[Object]:
        of_kind = evidence.all(kind, namespace)
        return [one for one in of_kind if one is it or any(pods_selected(one, each) for each in labels)]

    return Case(
        evidence,
        namespace,
        reference(it),
        labels_of(it).get(INSTANCE, ""),
        parts,
        services=tuple(about("Service")),
        claims=tuple([it] if it["kind"] == "PersistentVolumeClaim" else used_claims(evidence, parts)),
        scalers=tuple(
            one
            for one in evidence.all("HorizontalPodAutoscaler", namespace)
            if one is it or target(one) == reference(it)
        ),
        budgets=tuple(about("PodDisruptionBudget")),
    )


def part_of(evidence: Evidence, it: Object) -> Part:
    """A workload with what it made. Of ReplicaSets and Jobs the newest counts, but every pod that is left."""
    kind = it["kind"]
    everything = made_between(evidence, it)
    newest = everything if kind in WHOLE else everything[:1]
    pods = [it] if kind == "Pod" else []
    for maker in (it, *(newest if kind == "CronJob" else everything)):
        pods += evidence.made_by(maker, "Pod")
    return Part(it, (it, *newest), tuple(pods), state(evidence, it, newest, pods))


def made_between(evidence: Evidence, it: Object) -> list[Object]:
    """What a workload made that makes its pods, the newest first, and what that made in turn."""
    own = sorted(evidence.made_by(it, MAKES.get(it["kind"], "")), key=born, reverse=True)
    return [*own, *(further for each in own for further in made_between(evidence, each))]


def born(it: Object) -> float:
    return seconds(it["metadata"].get("creationTimestamp")) or 0.0


def made(it: Object) -> bool:
    """Whether another object made it."""
    return any(owner.get("controller") for owner in it["metadata"].get("ownerReferences") or ())


def hook(it: Object) -> bool:
    return HOOK in (it["metadata"].get("annotations") or {})


def target(scaler: Object) -> str:
    """`Kind/name` of what an HPA scales."""
    scaled = spec_of(scaler).get("scaleTargetRef") or {}
    return f"{scaled.get('kind')}/{scaled.get('name')}"


def pods_selected(it: Object, labels: Mapping[str, str]) -> bool:
    """Whether a Service or a PodDisruptionBudget is about pods with these labels."""
    selector = spec_of(it).get("selector") or {}
    selector = selector.get("matchLabels") or {} if it["kind"] == "PodDisruptionBudget" else selector
    return bool(selector) and selects(selector, labels)


def used_claims(evidence: Evidence, parts: tuple[Part, ...]) -> list[Object]:
    """Claims that the pods mount."""
    found: dict[str, Object] = {}
    for part in parts:
        for spec in [part.pod_spec, *(spec_of(pod) for pod in part.pods)]:
            for name in claim_names(spec):
                if claim := evidence.find("PersistentVolumeClaim", namespace_of(part.it), name):
                    found[name_of(claim)] = claim
    return list(found.values())


def claim_names(pod_spec: Mapping[str, Any]) -> list[str]:
    """Claims that a pod mounts."""
    volumes = pod_spec.get("volumes") or ()
    return [each["persistentVolumeClaim"]["claimName"] for each in volumes if each.get("persistentVolumeClaim")]


def unschedulable(pod: Object) -> str:
    """What the scheduler says of a pod that waits; empty when it says nothing."""
    found = condition(pod, "PodScheduled")
    return str(found.get("message") or "") if found.get("status") == "False" else ""
