"""A volume that can't be had: a claim that isn't there or isn't bound, a disk in another zone or on another node.

Sources, 2026-11-23: https://kubernetes.io/docs/concepts/storage/persistent-volumes/, the scheduler's words in
pkg/scheduler/framework/plugins/{volumebinding,volumezone,volumerestrictions} of Kubernetes v1.37.2.
"""

import re
from collections.abc import Iterator

from podzol.clusters.storage import DEFAULT_CLASS
from podzol.why.case import Case, claim_names, unschedulable
from podzol.why.evidence import Object, name_of, one_line, reference, spec_of, status_of
from podzol.why.findings import Finding, Rank

LATE = "WaitForFirstConsumer"
SCHEDULER = {
    "had volume node affinity conflict": (
        "its volume is in a zone, or on a node, where no node takes it",
        "have a node in the volume's zone, or take a claim that can be used in every zone",
    ),
    "had no available volume zone": (
        "its volume is in a zone where no node takes it",
        "have a node in the volume's zone, or take a claim that can be used in every zone",
    ),
    "ReadWriteOncePod access mode already in-use": (
        "another pod has its claim, which only one pod may have (ReadWriteOncePod)",
        "end that pod first",
    ),
    "exceed max volume count": ("no node can attach another volume", "have more nodes, or fewer volumes a node"),
}
"""What the scheduler says -> the reason and what to do."""
REFERENCE = re.compile(r"(secret|configmap) \S+ not found|non-existent")
"""What `references` tells."""
ATTACH = ("FailedAttachVolume", "FailedMount", "FailedMapVolume")


def causes(case: Case) -> Iterator[Finding]:
    for claim in case.claims:
        phase = status_of(claim).get("phase")
        if phase == "Pending":
            yield from _pending(case, claim)
        elif phase == "Lost":
            volume = spec_of(claim).get("volumeName")
            reason = f"its volume {volume} is gone, and with it what was on it"
            todo = "make the claim anew, from a copy of the data"
            yield Finding("volumes", Rank.SAID, (reference(claim),), reason, todo)
    for _, pod in case.sick:
        yield from _missing(case, pod)
        said = unschedulable(pod)
        for words, (reason, todo) in SCHEDULER.items():
            if words in said:
                seen = (f"the scheduler: {one_line(said)}",)
                yield Finding("volumes", Rank.SAID, (reference(pod),), reason, todo, seen)
        yield from _mount(case, pod)


def _missing(case: Case, pod: Object) -> Iterator[Finding]:
    """Claims that the pod mounts and that aren't there."""
    claims = {name_of(each) for each in case.evidence.all("PersistentVolumeClaim", case.namespace)}
    for name in claim_names(spec_of(pod)):
        if case.evidence.knows("PersistentVolumeClaim") and name not in claims:
            reason = f"the claim {name} isn't in the namespace; there are {', '.join(sorted(claims)) or 'none'}"
            todo = "install the DatasetVolume that makes it, or correct the name (`datasets` of the values)"
            yield Finding("volumes", Rank.SAID, (reference(pod),), reason, todo)


def _pending(case: Case, claim: Object) -> Iterator[Finding]:
    """Why a claim has no volume."""
    evidence, spec, about = case.evidence, spec_of(claim), (reference(claim),)
    classes = {name_of(it): it for it in evidence.all("StorageClass")}
    name = spec.get("storageClassName")
    known = ", ".join(sorted(classes)) or "none"
    by_hand = name == "" or (evidence.knows("StorageClass") and name not in classes)
    told = tuple(evidence.told(each) for each in evidence.events(claim, "ProvisioningFailed", "FailedBinding")[:1])
    if name is None and evidence.knows("StorageClass") and not any(is_default(it) for it in classes.values()):
        reason = f"it names no storage class, and the cluster has no default one; there are {known}"
        yield Finding("volumes", Rank.SAID, about, reason, "set `storageClassName` to one of them", told)
    elif name and evidence.knows("StorageClass") and name not in classes and not _fits(case, claim):
        reason = f"the storage class {name} isn't there; there are {known}"
        todo = "set `storageClassName` to one of them; a claim can't be changed: delete it first"
        yield Finding("volumes", Rank.SAID, about, reason, todo, told)
    elif by_hand or classes.get(name or "", {}).get("provisioner") == "kubernetes.io/no-provisioner":
        yield _static(case, claim, told)
    elif events := evidence.events(claim, "ProvisioningFailed"):
        reason = f"its volume can't be made: {one_line(events[0].message)}"
        yield Finding("volumes", Rank.SAID, about, reason, "mend what the driver names", told)
    elif name in classes and classes[name].get("volumeBindingMode") == LATE:
        if not any(name_of(claim) in claim_names(spec_of(pod)) for _, pod in case.pods):
            reason = "it waits for the first pod that mounts it (WaitForFirstConsumer), as it should"
            yield Finding("volumes", Rank.ASIDE, about, reason)
    elif evidence.age(claim) > 30 and name in classes:
        driver = classes[name].get("provisioner")
        reason = f"nobody makes a volume for it: the driver {driver} of its class {name} says nothing"
        todo = f"see that the driver {driver} is installed and runs"
        yield Finding("volumes", Rank.FOLLOWS, about, reason, todo, told)


def _static(case: Case, claim: Object, told: tuple[str, ...]) -> Finding:
    """A claim on a volume that somebody has to have made: which come near, and why not."""
    spec = spec_of(claim)
    name = spec.get("storageClassName")
    size, modes = spec["resources"]["requests"]["storage"], ", ".join(spec.get("accessModes") or ())
    there = [
        f"{name_of(it)} has {spec_of(it)['capacity']['storage']}, {', '.join(spec_of(it)['accessModes'])}, "
        f"and is {status_of(it).get('phase', 'Available')}"
        for it in case.evidence.all("PersistentVolume")
        if (spec_of(it).get("storageClassName") or "") == (name or "")
    ]
    asked = f"it asks for {size}, {modes}, class {name or '(none)'}"
    return Finding(
        "volumes",
        Rank.SAID,
        (reference(claim),),
        f"no volume that is there fits it: {asked}; {', '.join(there[:3]) or 'there is no such volume'}",
        "make such a PersistentVolume, or name a storage class that makes volumes",
        told,
    )


def _fits(case: Case, claim: Object) -> bool:
    """Whether a volume of the claim's class, which need not exist, is there for it."""
    name = spec_of(claim).get("storageClassName")
    return any(spec_of(it).get("storageClassName") == name for it in case.evidence.all("PersistentVolume"))


def is_default(it: Object) -> bool:
    annotations = it["metadata"].get("annotations") or {}
    return DEFAULT_CLASS.items() <= annotations.items()


def _mount(case: Case, pod: Object) -> Iterator[Finding]:
    """What the kubelet says while it attaches and mounts."""
    for event in case.evidence.events(pod, *ATTACH):
        said = one_line(event.message)
        if "Multi-Attach" in said:
            reason = f"its volume is still attached to another node: {said}"
            todo = "end the pod that has it; if its node is lost, taint it node.kubernetes.io/out-of-service=:NoExecute"
        elif status_of(pod).get("phase") != "Pending" or REFERENCE.search(said):
            continue
        elif "not found in the list of registered CSI drivers" in said:
            reason = f"the CSI driver of its volume isn't on the node: {said}"
            todo = "install the driver (its DaemonSet must run on that node)"
        else:
            reason, todo = f"its volume can't be mounted: {said}", "mend what the driver names"
        yield Finding("volumes", Rank.SAID, (reference(pod),), reason, todo, (case.evidence.told(event),))
        return
