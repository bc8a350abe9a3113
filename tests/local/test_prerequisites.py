"""What a release takes for granted."""

from typing import Any

from podzol.local.prerequisites import taken_for_granted


def names(objects: list[dict[str, Any]]) -> list[str]:
    return [f"{thing['kind']}/{thing['metadata']['name']}" for thing in taken_for_granted(objects, "soil")]


def pod(**spec: Any) -> dict[str, Any]:
    return {"kind": "Pod", "metadata": {"name": "pod"}, "spec": {"containers": [], **spec}}


def mounting(claim: str) -> list[dict[str, Any]]:
    return [{"name": "scratch", "emptyDir": {}}, {"name": "data", "persistentVolumeClaim": {"claimName": claim}}]


def claim(name: str, **spec: Any) -> dict[str, Any]:
    return {"kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


def test_a_claim_that_a_pod_mounts_is_wanted() -> None:
    assert names([pod(volumes=mounting("reads"))]) == ["PersistentVolumeClaim/reads"]


def test_a_claim_that_the_release_brings_is_not() -> None:
    assert names([pod(volumes=mounting("reads")), claim("reads")]) == []


def test_the_pods_of_every_workload_are_looked_at() -> None:
    template = {"spec": pod(volumes=mounting("reads"), priorityClassName="high")["spec"]}
    job = {"kind": "Job", "metadata": {"name": "job"}, "spec": {"template": template}}
    cron_job = {"kind": "CronJob", "metadata": {"name": "cron"}, "spec": {"jobTemplate": {"spec": job["spec"]}}}
    for thing in (job, cron_job):
        assert names([thing]) == ["PersistentVolumeClaim/reads", "PriorityClass/high"]


def test_a_storage_class_is_wanted_only_where_it_has_to_make_the_volume() -> None:
    assert names([claim("data", storageClassName="fast")]) == ["StorageClass/fast"]
    assert names([claim("data", storageClassName="manual", volumeName="data")]) == []
    assert names([claim("data", storageClassName="")]) == []


def test_the_original_of_a_clone_is_wanted_a_snapshot_is_not() -> None:
    original = {"kind": "PersistentVolumeClaim", "name": "original"}
    snapshot = {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "snapshot"}
    assert names([claim("copy", dataSource=original)]) == ["PersistentVolumeClaim/original"]
    assert names([claim("restored", dataSource=snapshot)]) == []
