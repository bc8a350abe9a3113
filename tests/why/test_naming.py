"""What a person may call a release or a workload, and what is said when there is none of the name."""

import pytest

from podzol.faults import UserError
from podzol.why import Evidence, find
from podzol.why.naming import releases

INSTANCE = "app.kubernetes.io/instance"


def it(kind: str, name: str, namespace: str = "soil", release: str = "") -> dict:
    labels = {INSTANCE: release} if release else {}
    return {"kind": kind, "metadata": {"name": name, "namespace": namespace, "labels": labels, "uid": f"{kind}/{name}"}}


EVIDENCE = Evidence(
    [
        {"kind": "Namespace", "metadata": {"name": "soil"}},
        {"kind": "Namespace", "metadata": {"name": "default"}},
        it("HelmRelease", "assembly"),
        it("Job", "train-gpu-batch-job-4b95170c", release="train"),
        it("Deployment", "api", release="data"),
        it("Service", "api", release="data"),
        it("Pod", "shell"),
        it("Pod", "far-1", namespace="default", release="far"),
    ],
    now=0,
)


@pytest.mark.parametrize(
    ("name", "release", "workloads"),
    [
        ("train", "train", ["Job/train-gpu-batch-job-4b95170c"]),
        ("data", "data", ["Deployment/api"]),
        ("assembly", "assembly", []),
        ("api", "data", ["Deployment/api"]),
        ("deploy/api", "data", ["Deployment/api"]),
        ("deployments/api", "data", ["Deployment/api"]),
        ("job/train-gpu-batch-job-4b95170c", "train", ["Job/train-gpu-batch-job-4b95170c"]),
        ("shell", "", ["Pod/shell"]),
        ("svc/api", "data", []),
    ],
)
def test_a_release_or_a_workload_is_found(name: str, release: str, workloads: list[str]) -> None:
    case = find(EVIDENCE, "soil", name)
    assert (case.release, [part.name for part in case.parts]) == (release, workloads)


def test_a_service_that_is_asked_about_is_looked_at() -> None:
    assert [each["metadata"]["name"] for each in find(EVIDENCE, "soil", "svc/api").services] == ["api"]


def test_releases_are_known_by_helm_and_by_labels() -> None:
    assert releases(EVIDENCE, "soil") == {"assembly", "train", "data"}


@pytest.mark.parametrize(
    ("namespace", "name", "said"),
    [
        (
            "soil",
            "trian",
            'NAME: must be a release or workload in the namespace soil, got "trian"; the nearest are train',
        ),
        (
            "soil",
            "far",
            'NAME: must be a release or workload in the namespace soil, got "far"; '
            "there is one elsewhere: add -n default",
        ),
        (
            "soil",
            "deploy/ap",
            'NAME: must be a Deployment in the namespace soil, got "deploy/ap"; the nearest are deploy/api',
        ),
        ("soi", "train", '-n: must be a namespace of the cluster, got "soi"; the nearest are soil'),
        (
            "soil",
            "node/n1",
            'NAME: must begin with a kind that can be asked about, got "node/n1"; use one of cronjob, daemonset, '
            "deployment, horizontalpodautoscaler, job, jobset, persistentvolumeclaim, pod, replicaset, service, "
            "statefulset, trainjob",
        ),
    ],
)
def test_a_name_that_is_unknown_is_refused_with_the_nearest(namespace: str, name: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        find(EVIDENCE, namespace, name)
    assert str(raised.value) == said
