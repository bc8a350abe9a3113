"""What objects have come to, in words."""

import pytest

from podzol.local.readiness import summary

JOB = {"kind": "Job", "spec": {}}


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ({"kind": "Deployment", "spec": {"replicas": 2}, "status": {"readyReplicas": 1}}, "Deployment 1/2 ready"),
        ({"kind": "Deployment", "spec": {"replicas": 0}, "status": {}}, "Deployment 0/0 ready"),
        (
            JOB | {"status": {"conditions": [{"type": "Complete", "status": "True"}], "succeeded": 1}},
            "Job complete, 1 pod",
        ),
        (
            JOB | {"status": {"conditions": [{"type": "Complete", "status": "True"}], "succeeded": 3}},
            "Job complete, 3 pods",
        ),
        (JOB | {"status": {"conditions": [{"type": "Failed", "status": "True"}]}}, "Job failed"),
        (JOB | {"status": {"conditions": [{"type": "Failed", "status": "False"}]}}, "Job running"),
        ({"kind": "Job", "spec": {"suspend": True}, "status": {}}, "Job suspended"),
        ({"kind": "CronJob", "spec": {"schedule": "0 5 * * *", "suspend": False}}, "CronJob 0 5 * * *"),
        ({"kind": "PersistentVolumeClaim", "spec": {}, "status": {"phase": "Pending"}}, "claim pending"),
        (
            {"kind": "PersistentVolumeClaim", "spec": {}, "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}}},
            "claim bound 1Gi",
        ),
        ({"kind": "HorizontalPodAutoscaler", "spec": {"minReplicas": 2, "maxReplicas": 5}}, "HPA 2 to 5"),
        ({"kind": "ConfigMap"}, ""),
    ],
)
def test_an_object_says_what_it_came_to(thing: dict, words: str) -> None:
    assert summary([thing]) == words


def test_what_several_came_to_alike_is_counted() -> None:
    job, config = JOB | {"status": {}}, {"kind": "ConfigMap"}
    hpa = {"kind": "HorizontalPodAutoscaler", "spec": {"maxReplicas": 5}}
    assert summary([job, config, hpa, job]) == "2 times Job running; HPA 1 to 5"
