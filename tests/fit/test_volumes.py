"""What is said of claims, classes, access modes and drivers."""

from dataclasses import replace
from typing import Any

from builders import CLUSTER, CPUS, deployment, other, pod_spec, said, with_pools


def mounting(name: str = "data", **more: Any) -> dict[str, Any]:
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": name}}
    return deployment(pod_spec(volumes=[volume]), **more)


def claim(storage_class: str | None = None, mode: str = "ReadWriteOnce", **more: Any) -> dict[str, Any]:
    named = {} if storage_class is None else {"storageClassName": storage_class}
    return other("PersistentVolumeClaim", {"accessModes": [mode], **named, **more}, "data")


def volume(driver: str) -> dict[str, Any]:
    return other(
        "PersistentVolume", {"csi": {"driver": driver}, "claimRef": {"namespace": "default", "name": "data"}}, "v"
    )


def test_a_claim_on_the_default_class_fits() -> None:
    assert said(mounting(), claim()) == []


def test_a_claim_that_is_nowhere_is_not_judged() -> None:
    assert said(mounting()) == [
        "note: the claim data is neither among the manifests nor in the cluster: not judged; give its manifest too"
    ]


def test_a_storage_class_that_is_not_there_does_not_fit() -> None:
    assert said(mounting(), claim("gp3")) == [
        "error: the claim data wants the storage class gp3; there are standard-rwo; name one of them"
    ]


def test_a_class_among_the_manifests_is_there() -> None:
    own = {"kind": "StorageClass", "metadata": {"name": "gp3"}}
    assert said(mounting(), claim("gp3"), own) == []


def test_a_cluster_without_a_default_class_needs_one_named() -> None:
    assert said(mounting(), claim(), cluster=replace(CLUSTER, default_storage_class="")) == [
        "error: the claim data names no storage class, and the cluster has no default; there are standard-rwo; "
        "name one of them"
    ]


def test_a_disk_is_not_shared_by_nodes() -> None:
    assert said(mounting(), claim(mode="ReadWriteMany")) == [
        "error: the claim data wants ReadWriteMany; the class standard-rwo gives ReadWriteOnce; "
        "use a bucket or NFS for data that many pods share"
    ]


def test_pods_that_share_a_disk_are_warned() -> None:
    assert said(mounting(replicas=2), claim()) == [
        "warning: 2 pods share the claim data, which one node can mount (ReadWriteOnce); "
        "use a bucket or NFS, or let one pod run at a time"
    ]
    assert said(mounting(replicas=2), claim(mode="ReadWriteOncePod")) == [
        "error: 2 pods share the claim data, which one pod can have; let one pod run at a time"
    ]


def test_each_pod_of_a_stateful_set_has_its_own_disk() -> None:
    each = {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}
    stateful = deployment(replicas=2)
    stateful = {**stateful, "kind": "StatefulSet", "spec": {**stateful["spec"], "volumeClaimTemplates": [each]}}
    assert said(stateful) == []


def test_a_driver_of_another_cloud_does_not_fit() -> None:
    assert said(mounting(), claim(""), volume("s3.csi.aws.com")) == [
        "error: data needs the CSI driver s3.csi.aws.com, which the cluster has not; add the driver"
    ]


def test_a_bucket_on_gke_needs_the_annotation_of_its_sidecar() -> None:
    bucket = volume("gcsfuse.csi.storage.gke.io")
    assert said(mounting(), claim(""), bucket) == [
        "error: data is mounted by GKE's Cloud Storage FUSE, but the pods lack the annotation gke-gcsfuse/volumes; "
        "set gcsFuse.enabled, or write the annotation on the pod template"
    ]
    for yes in ("true", "True"):
        assert said(mounting(annotations={"gke-gcsfuse/volumes": yes}), claim(""), bucket) == []


def test_a_bucket_on_eks_is_told_of_its_own_pod() -> None:
    eks = replace(CLUSTER, provider="eks", drivers=frozenset({"s3.csi.aws.com"}))
    assert said(mounting(), claim(""), volume("s3.csi.aws.com"), cluster=eks) == [
        "note: data brings a Mountpoint pod onto the node after scheduling, which no autoscaler counts; "
        "leave room for it"
    ]


def test_a_disk_binds_a_pod_to_a_zone_that_cluster_autoscaler_may_not_grow_in() -> None:
    aws = replace(CPUS, autoscaler="cluster-autoscaler")
    assert said(mounting(), claim(), cluster=with_pools(aws)) == [
        "warning: the disk of the claim data is in one zone, and Cluster Autoscaler grows cpu-pool in whichever of "
        "several; give the pool one zone"
    ]
    one_zone = replace(aws, nodes=tuple(replace(node, zones=("zone-a",)) for node in aws.nodes))
    assert said(mounting(), claim(), cluster=with_pools(one_zone)) == []
