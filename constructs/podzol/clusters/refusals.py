"""Defines what a spec must not say: all that a cloud's tool would refuse late, or swallow without a word.

`refused(spec)` gives every fault at once, `warned(spec)` what is allowed but seldom meant. Each rule is one function of
`RULES` or `WARNINGS`. Does not define the form of a value (`spec.py`). What gcloud 528.0.0 and eksctl 0.231.0 accept
without a word was seen on 2026-11-23.
"""

import difflib
import ipaddress
from collections.abc import Callable, Iterable, Iterator

from podzol.clusters import names, pool_refusals, pool_warnings
from podzol.clusters.addons import addons
from podzol.clusters.regions import kubernetes_versions, regions
from podzol.clusters.spec import ClusterSpec
from podzol.faults import Fault


def refused(spec: ClusterSpec) -> list[Fault]:
    """Every reason why the spec can't be generated from; empty when there is none."""
    return [fault for rule in RULES for fault in rule(spec)]


def warned(spec: ClusterSpec) -> list[Fault]:
    """What works but is seldom meant; empty when there is nothing."""
    return [fault for rule in WARNINGS for fault in rule(spec)]


def near(got: str, known: Iterable[str]) -> str:
    """What to do about an unknown name: the nearest ones, else all."""
    known = list(known)
    found = difflib.get_close_matches(got, known, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(found)}" if found else f"known are {', '.join(known)}"


def a_cloud(spec: ClusterSpec) -> Iterator[Fault]:
    """Something has to be generated, and the local cluster needs a cloud to imitate."""
    if not spec.clouds:
        yield Fault("eks", "must be given, unless gke is", fix="name a region and zones of AWS or of Google Cloud")
    elif spec.local_like not in spec.clouds:
        yield Fault("localLike", "must be a cloud of this spec", spec.local_like, f"write {spec.clouds[0]}")


def a_name_for_all(spec: ClusterSpec) -> Iterator[Fault]:
    """Names that are made of the cluster's."""
    yield from names.cluster_faults(spec)


def a_known_place(spec: ClusterSpec) -> Iterator[Fault]:
    """Region and zones exist and belong together. gcloud sends any zone; eksctl's schema takes any."""
    for cloud in spec.clouds:
        place = spec.place(cloud)
        assert place is not None
        zones = regions(cloud).get(place.region)
        if zones is None:
            yield Fault(f"{cloud}.region", "must be a known region", place.region, near(place.region, regions(cloud)))
            continue
        for number, zone in enumerate(place.zones):
            if zone not in zones:
                yield Fault(
                    f"{cloud}.zones[{number}]",
                    f"must be a zone of {place.region}",
                    zone,
                    f"they are {', '.join(zones)}",
                )
        yield from repeated(f"{cloud}.zones", place.zones, "zones")


def a_version_that_runs(spec: ClusterSpec) -> Iterator[Fault]:
    """Each cloud runs some minor versions; gcloud takes any text."""
    for cloud in spec.clouds:
        versions = kubernetes_versions(cloud)
        if spec.kubernetes_version not in versions:
            yield Fault(
                "kubernetesVersion",
                f"must be a version that {cloud.upper()} creates",
                spec.kubernetes_version,
                f"take one of {', '.join(versions)}",
            )


def networks_that_can_be(spec: ClusterSpec) -> Iterator[Fault]:
    """Their form lets 300.0.0.0/24 through, which the clouds refuse when the cluster is made."""
    for number, cidr in enumerate(spec.api_access_cidrs):
        try:
            ipaddress.IPv4Network(cidr, strict=False)
        except ValueError:
            where, rule = f"apiAccessCidrs[{number}]", "must be an IPv4 network: four numbers up to 255"
            yield Fault(where, rule, cidr, "write it like 203.0.113.0/24")


def known_addons(spec: ClusterSpec) -> Iterator[Fault]:
    """eksctl takes unknown and repeated add-ons without a word."""
    for number, addon in enumerate(spec.addons):
        if addon not in addons():
            yield Fault(f"addons[{number}]", "unknown add-on", addon, near(addon, addons()))
    yield from repeated("addons", spec.addons, "add-ons")


def buckets_that_can_be(spec: ClusterSpec) -> Iterator[Fault]:
    """Bucket names are refused late, and a bucket without its driver can't be mounted."""
    yield from repeated("buckets", [bucket.name for bucket in spec.buckets], "buckets", "name")
    for number, bucket in enumerate(spec.buckets):
        yield from names.bucket_faults(spec, bucket, f"buckets[{number}].name")
        if not bucket.readers and not bucket.writers:
            yield Fault(f"buckets[{number}].readers", "must name a namespace, unless writers does", fix="write [soil]")
    if spec.buckets and "object-storage" not in spec.addons:
        yield Fault("addons", "must have object-storage where there are buckets", spec.addons, "add object-storage")


def pools_that_differ(spec: ClusterSpec) -> Iterator[Fault]:
    """eksctl's schema takes two groups of one name; a pod could not tell the pools apart."""
    yield from repeated("pools", [pool.name for pool in spec.pools], "pools", "name")


def room_for_the_cluster_itself(spec: ClusterSpec) -> Iterator[Fault]:
    """CoreDNS and the autoscaler run on nodes too: without one, nothing ever starts, and no tool says why.

    With Karpenter on EKS they have nodes of their own.
    """
    if spec.node_autoscaler == "karpenter" and spec.clouds == ["eks"]:
        return
    if not any(pool.min >= 1 and not pool.taints for pool in spec.pools):
        yield Fault(
            "pools",
            "must have one without taints and with min of at least 1, for the cluster's own pods",
            fix="set min: 1 on a pool without GPUs",
        )


def sound_pools(spec: ClusterSpec) -> Iterator[Fault]:
    """All that is said of one pool."""
    for number, pool in enumerate(spec.pools):
        yield from pool_refusals.refused(spec, pool, f"pools[{number}]")


def repeated(where: str, values: list[str], what: str, field: str = "") -> Iterator[Fault]:
    """A value that stands twice in a list."""
    for number, value in enumerate(values):
        if value in values[:number]:
            place = f"{where}[{number}]" + (f".{field}" if field else "")
            yield Fault(place, f"must differ from the other {what}", value, "rename it or leave it out")


RULES: tuple[Callable[[ClusterSpec], Iterator[Fault]], ...] = (
    a_cloud,
    a_name_for_all,
    a_known_place,
    a_version_that_runs,
    networks_that_can_be,
    known_addons,
    pools_that_differ,
    sound_pools,
    room_for_the_cluster_itself,
    buckets_that_can_be,
)


def doubtful_pools(spec: ClusterSpec) -> Iterator[Fault]:
    """All that is doubtful about one pool."""
    for number, pool in enumerate(spec.pools):
        yield from pool_warnings.warned(spec, pool, f"pools[{number}]")


def parts_that_are_missed(spec: ClusterSpec) -> Iterator[Fault]:
    """Network policies that nothing enforces look like safety."""
    if "network-policy" not in spec.addons:
        yield Fault(
            "addons", "without network-policy NetworkPolicies are accepted and do nothing", fix="add network-policy"
        )
    if "metrics-server" not in spec.addons and "eks" in spec.clouds:
        yield Fault("addons", "without metrics-server an HPA on EKS never scales", fix="add metrics-server")


WARNINGS: tuple[Callable[[ClusterSpec], Iterator[Fault]], ...] = (doubtful_pools, parts_that_are_missed)
