"""What happens to a release over its life: beside another, upgraded, rolled back, refused, taken away."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from podzol.faults import UserError
from podzol.local.cluster import Cluster
from podzol.local.helm import Helm, Release

CHARTS = Path(__file__).parents[2] / "charts"
Values = Callable[[dict[str, Any]], Path]


def names(objects: list[dict[str, Any]], kind: str) -> list[str]:
    return [thing["metadata"]["name"] for thing in objects if thing["kind"] == kind]


def only(objects: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    (thing,) = [thing for thing in objects if thing["kind"] == kind]
    return thing


@pytest.mark.parametrize("chart", ["cpu-autoscaled-service", "cpu-batch-job", "gpu-batch-job", "dataset-volume"])
def test_a_second_release_lives_beside_the_first_and_goes_alone(chart: str, helm_of: Helm, namespace: str) -> None:
    first, second = (Release(name, namespace, CHARTS / chart) for name in ("first", "second"))
    helm_of.install(first)
    before = [(thing["kind"], thing["metadata"]["name"]) for thing in helm_of.objects(first)]
    helm_of.install(second)
    helm_of.uninstall(second)
    assert [(thing["kind"], thing["metadata"]["name"]) for thing in helm_of.objects(first)] == before


def test_the_services_of_two_releases_select_their_own_pods(cluster: Cluster, helm_of: Helm, namespace: str) -> None:
    for name in ("first", "second"):
        release = Release(name, namespace, CHARTS / "cpu-autoscaled-service")
        helm_of.install(release)
        service = only(helm_of.objects(release), "Service")
        selector = ",".join(f"{key}={value}" for key, value in service["spec"]["selector"].items())
        pods = cluster.kubectl.items("pods", "-n", namespace, "-l", selector)
        assert {pod["metadata"]["labels"]["app.kubernetes.io/instance"] for pod in pods} == {name}


def test_a_job_with_a_new_image_is_a_new_job_and_the_old_one_goes(
    cluster: Cluster, helm_of: Helm, namespace: str, values_file: Values
) -> None:
    release = Release("train", namespace, CHARTS / "gpu-batch-job")
    helm_of.install(release)
    (old,) = names(helm_of.objects(release), "Job")
    changed = values_file({"image": {"repository": "example.org/trainer", "tag": "2"}})
    helm_of.upgrade(Release("train", namespace, CHARTS / "gpu-batch-job", changed))
    (new,) = names(cluster.kubectl.items("jobs", "-n", namespace), "Job")
    assert new != old
    assert new.startswith("train-gpu-batch-job-")


def test_a_demo_or_a_scenario_refuses_to_clear_away_what_it_did_not_install(helm_of: Helm, namespace: str) -> None:
    helm_of.install(Release("mine", namespace, CHARTS / "dataset-volume"))
    helm_of.refuse_releases(f"{namespace}-2")
    with pytest.raises(UserError) as refused:
        helm_of.refuse_releases(namespace)
    option = helm_of.cluster.option
    assert str(refused.value) == (
        f'--name: must be a cluster without Helm releases in {namespace}, got "mine in {namespace}"; '
        f"uninstall them, or `podzol local down{option}`"
    )


def test_an_upgrade_that_changes_nothing_keeps_the_job(helm_of: Helm, namespace: str) -> None:
    release = Release("train", namespace, CHARTS / "gpu-batch-job")
    helm_of.install(release)
    before = only(helm_of.objects(release), "Job")["metadata"]["uid"]
    helm_of.upgrade(release)
    assert only(helm_of.objects(release), "Job")["metadata"]["uid"] == before


def test_the_autoscalers_replicas_stay_through_an_upgrade(
    cluster: Cluster, helm_of: Helm, namespace: str, values_file: Values
) -> None:
    release = Release("api", namespace, CHARTS / "cpu-autoscaled-service")
    helm_of.install(release)
    name = only(helm_of.objects(release), "Deployment")["metadata"]["name"]
    cluster.kubectl.run("scale", "deployment", name, "--replicas=3", "-n", namespace)
    labelled = values_file({"podLabels": {"team": "soil"}})
    helm_of.upgrade(Release("api", namespace, CHARTS / "cpu-autoscaled-service", labelled))
    assert only(helm_of.objects(release), "Deployment")["spec"]["replicas"] == 3


def test_without_autoscaling_the_replicas_are_those_of_the_values_and_a_rollback_brings_the_autoscaler_back(
    helm_of: Helm, namespace: str, values_file: Values
) -> None:
    release = Release("api", namespace, CHARTS / "cpu-autoscaled-service")
    helm_of.install(release)
    fixed = values_file({"autoscaling": {"enabled": False}, "replicas": 3})
    helm_of.upgrade(Release("api", namespace, CHARTS / "cpu-autoscaled-service", fixed))
    objects = helm_of.objects(release)
    assert names(objects, "HorizontalPodAutoscaler") == []
    assert only(objects, "Deployment")["status"]["readyReplicas"] == 3
    helm_of.rollback(release)
    assert len(names(helm_of.objects(release), "HorizontalPodAutoscaler")) == 1
    assert [revision["status"] for revision in helm_of.history(release)] == ["superseded", "superseded", "deployed"]


def test_an_upgrade_that_breaks_a_rule_is_refused_with_the_rules_message_and_changes_nothing(
    helm_of: Helm, namespace: str, values_file: Values
) -> None:
    release = Release("api", namespace, CHARTS / "cpu-autoscaled-service")
    helm_of.install(release)
    broken = values_file({"autoscaling": {"minReplicas": 6, "maxReplicas": 3}})
    arguments = helm_of.common(Release("api", namespace, release.chart, broken))
    refused = helm_of.try_run("upgrade", "api", str(release.chart), *arguments)
    assert refused.returncode == 1
    rule = "must be at most autoscaling.maxReplicas, got 6; lower minReplicas or raise maxReplicas"
    assert refused.stderr.strip().endswith(f": autoscaling.minReplicas: {rule}")
    assert [revision["status"] for revision in helm_of.history(release)] == ["deployed"]


def test_an_upgrade_with_an_unknown_value_is_refused(helm_of: Helm, namespace: str, values_file: Values) -> None:
    release = Release("api", namespace, CHARTS / "cpu-autoscaled-service")
    helm_of.install(release)
    unknown = values_file({"autoscalling": {"enabled": True}})
    arguments = helm_of.common(Release("api", namespace, release.chart, unknown))
    refused = helm_of.try_run("upgrade", "api", str(release.chart), *arguments)
    assert refused.returncode == 1
    assert "'autoscalling' not allowed" in refused.stderr
    assert [revision["status"] for revision in helm_of.history(release)] == ["deployed"]


def test_a_schedule_makes_a_cron_job_and_no_job(helm_of: Helm, namespace: str) -> None:
    values = CHARTS / "cpu-batch-job" / "ci" / "every-two-minutes-values.yaml"
    release = Release("assembly", namespace, CHARTS / "cpu-batch-job", values)
    helm_of.install(release)
    objects = helm_of.objects(release)
    assert names(objects, "Job") == []
    assert only(objects, "CronJob")["spec"]["schedule"] == "*/2 * * * *"


def test_a_cron_job_runs_its_job_to_the_end(cluster: Cluster, helm_of: Helm, namespace: str) -> None:
    values = CHARTS / "cpu-batch-job" / "ci" / "every-two-minutes-values.yaml"
    release = Release("assembly", namespace, CHARTS / "cpu-batch-job", values)
    helm_of.install(release)
    name = only(helm_of.objects(release), "CronJob")["metadata"]["name"]
    cluster.kubectl.run("create", "job", "now", f"--from=cronjob/{name}", "-n", namespace)
    cluster.kubectl.run("wait", "--for=condition=Complete", "job/now", "-n", namespace, "--timeout=30s")


def test_a_claims_data_outlives_the_release_and_a_new_release_takes_it_over(
    cluster: Cluster, helm_of: Helm, namespace: str
) -> None:
    release = Release("spectra", namespace, CHARTS / "dataset-volume")
    helm_of.install(release)
    claim = only(helm_of.objects(release), "PersistentVolumeClaim")
    said = helm_of.uninstall(release)
    assert f"[PersistentVolumeClaim] {claim['metadata']['name']}" in said
    kept = cluster.kubectl.get("pvc", claim["metadata"]["name"], "-n", namespace)
    assert (kept["status"]["phase"], kept["metadata"]["uid"]) == ("Bound", claim["metadata"]["uid"])
    helm_of.install(release, "--take-ownership")
    again = only(helm_of.objects(release), "PersistentVolumeClaim")
    assert again["spec"]["volumeName"] == claim["spec"]["volumeName"]


def test_a_new_pod_on_the_same_claim_gets_the_same_volume(
    cluster: Cluster, helm_of: Helm, namespace: str, values_file: Values
) -> None:
    data = Release("data", namespace, CHARTS / "dataset-volume")
    helm_of.install(data)
    claim = only(helm_of.objects(data), "PersistentVolumeClaim")
    mounted = values_file({"datasets": [{"claim": claim["metadata"]["name"], "path": "/data"}]})
    release = Release("api", namespace, CHARTS / "cpu-autoscaled-service", mounted)
    helm_of.install(release)
    deployment = only(helm_of.objects(release), "Deployment")["metadata"]["name"]
    cluster.kubectl.run("delete", "pods", "--all", "-n", namespace)
    cluster.kubectl.run("rollout", "status", f"deployment/{deployment}", "-n", namespace, "--timeout=30s")
    (now,) = cluster.kubectl.items("pvc", "-n", namespace)
    assert (now["status"]["phase"], now["spec"]["volumeName"]) == ("Bound", claim["spec"]["volumeName"])


def test_a_claim_grows_with_an_upgrade(cluster: Cluster, helm_of: Helm, namespace: str, values_file: Values) -> None:
    release = Release("spectra", namespace, CHARTS / "dataset-volume")
    helm_of.install(release)
    claim = only(helm_of.objects(release), "PersistentVolumeClaim")["metadata"]["name"]
    helm_of.upgrade(Release("spectra", namespace, CHARTS / "dataset-volume", values_file({"size": "77Gi"})))
    grown = "--for=jsonpath={.status.capacity.storage}=77Gi"
    cluster.kubectl.run("wait", grown, f"pvc/{claim}", "-n", namespace, "--timeout=30s")


def test_a_release_in_two_namespaces_shares_nothing(
    helm_of: Helm, namespace: str, new_namespace: Callable[[dict[str, str]], str]
) -> None:
    values = CHARTS / "dataset-volume" / "ci" / "nfs-values.yaml"
    here, there = (
        Release("reads", place, CHARTS / "dataset-volume", values) for place in (namespace, new_namespace({}))
    )
    helm_of.install(here)
    helm_of.install(there)
    volumes = {names(helm_of.objects(release), "PersistentVolume")[0] for release in (here, there)}
    assert len(volumes) == 2
