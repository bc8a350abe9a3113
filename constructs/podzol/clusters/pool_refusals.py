"""Defines what a spec must not say of a pool. Does not define what is allowed but doubtful (`pool_warnings.py`)."""

from collections.abc import Callable, Iterator

from podzol.clusters.machines import ATTACHED_COUNTS, Machine, accelerators, machines, nearest
from podzol.clusters.names import DEFAULT_POOL, SYSTEM_POOL
from podzol.clusters.regions import regions
from podzol.clusters.spec import Cloud, ClusterSpec, Pool
from podzol.faults import Fault
from podzol.kubernetes.accelerators import ACCELERATOR, CAPACITY_TYPE, GPU_TAINT, POOL

RESERVED_PREFIXES = (
    "kubernetes.io",
    "k8s.io",
    "cloud.google.com",
    "gke.io",
    "eks.amazonaws.com",
    "karpenter.sh",
    "karpenter.k8s.aws",
)
"""Domains whose labels a cloud or the kubelet owns. gcloud takes them and the nodes never come up.
Source: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction (2026-11-23)."""
MOST_ASG_TAGS = 50
"""Tags of an Auto Scaling group. Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
(2026-11-23). eksctl and EKS take some of them."""
TAGS_OF_OTHERS = 10


def refused(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """Every reason why the pool can't be made."""
    for rule in RULES:
        yield from rule(spec, pool, where)


def a_free_name(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """GKE makes a pool by itself, and so do we with Karpenter on EKS."""
    taken = {DEFAULT_POOL} | ({SYSTEM_POOL} if spec.node_autoscaler == "karpenter" else set())
    if pool.name in taken:
        yield Fault(f"{where}.name", "must not be a name that Podzol uses itself", pool.name, "rename the pool")


def a_range(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """gcloud and eksctl's schema take min above max."""
    if pool.min > pool.max:
        yield Fault(f"{where}.min", f"must be at most max ({pool.max})", pool.min, "lower min or raise max")


def known_machines(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """gcloud and eksctl take any text for a machine type, or none."""
    for cloud in spec.clouds:
        listed = pool.machines.of(cloud)
        place = f"{where}.machines.{cloud}"
        if not listed:
            yield Fault(place, "must name a machine type", fix=f"the spec has {cloud}, so every pool needs one there")
        if cloud == "gke" and len(listed) > 1:
            yield Fault(place, "must be one machine type: a GKE node pool has no more", listed, "keep the first")
        for number, name in enumerate(listed):
            if name not in machines(cloud):
                found = nearest(cloud, name)
                fix = f"did you mean {' or '.join(found)}" if found else f"see podzol cluster machines {cloud}"
                yield Fault(f"{place}[{number}]", "unknown machine type", name, fix)
            elif name in listed[:number]:
                yield Fault(f"{place}[{number}]", "must differ from the other machine types", name, "leave it out")


def machines_alike(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """Cluster Autoscaler takes the first type of an EKS node group for all: a smaller one breaks its sums in silence.

    Source: cluster-autoscaler/cloudprovider/aws/README.md of kubernetes/autoscaler, "Each Auto Scaling Group should be
    composed of instance types that provide approximately equal capacity" (2026-08-22). Karpenter knows each type, but
    an image runs on one architecture.
    """
    found = known(pool, "eks") if "eks" in spec.clouds else []
    for number, machine in enumerate(found):
        place = f"{where}.machines.eks[{number}]"
        first = found[0]
        if machine.arch != first.arch:
            yield Fault(
                place, f"must be {first.arch} like {first.name}", machine.arch, "make a pool for each architecture"
            )
        elif spec.node_autoscaler == "cluster-autoscaler" and size(machine) != size(first):
            yield Fault(
                place,
                f"must have {first.vcpu} vCPU and {first.memory_gib:g} GiB like {first.name}: "
                "Cluster Autoscaler counts on the first type",
                f"{machine.name} with {machine.vcpu} vCPU and {machine.memory_gib:g} GiB",
                "make a pool for each size, or set nodeAutoscaler: karpenter",
            )


def gpus_that_fit(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """gcloud takes an accelerator that the machine can't have; eksctl takes a GPU machine for a CPU pool."""
    if pool.accelerator and pool.accelerator.type not in accelerators():
        yield Fault(
            f"{where}.accelerator.type",
            "unknown accelerator",
            pool.accelerator.type,
            f"known are {', '.join(accelerators())}",
        )
        return
    for cloud in spec.clouds:
        for machine in known(pool, cloud):
            if not machine.carries(pool.accelerator):
                asked = f"{pool.accelerator.count} {pool.accelerator.type}" if pool.accelerator else "no GPU"
                yield Fault(
                    f"{where}.accelerator",
                    f"must be what {machine.name} has: {gpus_of(machine)}",
                    asked,
                    "change the accelerator or the machine type",
                )


def gpu_taint(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """Without the taint any pod starts a GPU machine; with it on a CPU pool nothing lands there."""
    has = any(taint.model_dump() == GPU_TAINT for taint in pool.taints)
    written = "{key: nvidia.com/gpu, value: present, effect: NoSchedule}"
    if pool.accelerator and not has:
        yield Fault(f"{where}.taints", "must keep other pods off a GPU machine", fix=f"add {written}")
    if not pool.accelerator and any(taint.key == GPU_TAINT["key"] for taint in pool.taints):
        yield Fault(
            f"{where}.taints", "must not have the GPU taint without GPUs", fix="leave it out, or add an accelerator"
        )
    keys = [taint.key for taint in pool.taints]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            yield Fault(
                f"{where}.taints[{number}].key", "must differ from the other taints: EKS tells them by key", key
            )


def labels_of_ones_own(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """gcloud takes reserved labels; the kubelet then refuses to register."""
    for label in pool.labels:
        domain = label.partition("/")[0] if "/" in label else ""
        if domain and any(domain == prefix or domain.endswith(f".{prefix}") for prefix in RESERVED_PREFIXES):
            yield Fault(
                f"{where}.labels", "keys must not be of a domain that Kubernetes or a cloud owns", label, "use your own"
            )
        elif label in (POOL, CAPACITY_TYPE, ACCELERATOR):
            yield Fault(f"{where}.labels", "keys must not be the ones that Podzol writes itself", label, "leave it out")


def zones_of_the_cluster(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """A pool's zones are some of the cluster's; eksctl takes others and fails after a quarter of an hour."""
    both: tuple[Cloud, ...] = ("eks", "gke")
    for cloud in both:
        place = spec.place(cloud)
        for number, zone in enumerate(pool.zones.of(cloud)):
            at = f"{where}.zones.{cloud}[{number}]"
            if place is None:
                yield Fault(at, f"must not be given: the spec has no {cloud}", zone, "leave it out")
            elif zone not in place.zones:
                known_zones = regions(cloud).get(place.region, ())
                fix = f"add it to {cloud}.zones" if zone in known_zones else f"take some of {', '.join(place.zones)}"
                yield Fault(at, "must be a zone of the cluster", zone, fix)
            elif zone in pool.zones.of(cloud)[:number]:
                yield Fault(at, "must differ from the other zones", zone, "leave it out")


def a_start_within_max(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """GKE starts a pool with the same number of nodes in every zone."""
    zones = len(spec.zones_of(pool, "gke"))
    start = -(-pool.min // zones) * zones if zones else 0
    if start > pool.max >= pool.min:
        yield Fault(
            f"{where}.max",
            f"must be at least {start}: GKE starts a pool with as many nodes in each of its {zones} zones",
            pool.max,
            f"raise max, or give fewer zones under {where}.zones.gke",
        )


def tags_that_fit(spec: ClusterSpec, pool: Pool, where: str) -> Iterator[Fault]:
    """Labels and taints become tags of the Auto Scaling group, which has room for fifty."""
    tags = len(pool.all_labels) + len(pool.taints) + TAGS_OF_OTHERS
    if "eks" in spec.clouds and tags > MOST_ASG_TAGS:
        most = MOST_ASG_TAGS - TAGS_OF_OTHERS
        yield Fault(
            f"{where}.labels", f"and taints must be at most {most} together on EKS", tags - TAGS_OF_OTHERS, "drop some"
        )


RULES: tuple[Callable[[ClusterSpec, Pool, str], Iterator[Fault]], ...] = (
    a_free_name,
    a_range,
    known_machines,
    machines_alike,
    gpus_that_fit,
    gpu_taint,
    labels_of_ones_own,
    zones_of_the_cluster,
    a_start_within_max,
    tags_that_fit,
)


def known(pool: Pool, cloud: Cloud) -> list[Machine]:
    """The pool's machine types that are in the table; the others have a fault already."""
    table = machines(cloud)
    return [table[name] for name in pool.machines.of(cloud) if name in table]


def size(machine: Machine) -> tuple[int, float, int]:
    return machine.vcpu, machine.memory_gib, machine.gpus


def gpus_of(machine: Machine) -> str:
    if machine.attaches:
        *fewer, most = ATTACHED_COUNTS
        return f"none, or {', '.join(map(str, fewer))} or {most} {machine.attaches}"
    return f"{machine.gpus} {machine.accelerator}" if machine.gpus else "no GPU"
