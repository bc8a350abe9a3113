"""Every Helm chart with its defaults and every example: accepted without a warning, installed, ready, taken away."""

from pathlib import Path

import pytest
import yaml

from podzol.charts.lint import Scenario, scenarios
from podzol.faults import Failure
from podzol.local.cluster import Cluster
from podzol.local.helm import Helm, Release
from podzol.local.prerequisites import provide
from podzol.local.readiness import summary

CHARTS = Path(__file__).parents[2] / "charts"
APPLYING = ("apply", "--server-side", "--dry-run=server", "--warnings-as-errors")
KEPT = ("PersistentVolume", "PersistentVolumeClaim")


def name_of(scenario: Scenario) -> str:
    values = scenario.values.name.removesuffix("-values.yaml") if scenario.values else "defaults"
    return f"{scenario.chart.name}-{values}"


every_scenario = pytest.mark.parametrize("scenario", scenarios(CHARTS), ids=name_of)


def release_of(scenario: Scenario, namespace: str) -> Release:
    return Release("soil", namespace, scenario.chart, scenario.values)


@every_scenario
def test_the_api_server_accepts_it_without_a_warning(
    scenario: Scenario, cluster: Cluster, helm_of: Helm, namespace: str
) -> None:
    release = release_of(scenario, namespace)
    documents = yaml.safe_dump_all(helm_of.template(release))
    cluster.kubectl.run(*APPLYING, "-n", namespace, "-f", "-", stdin=documents)
    helm_of.run("install", release.name, str(release.chart), *helm_of.common(release), "--dry-run=server")


def test_the_namespace_warns_of_what_is_below_the_restricted_level(cluster: Cluster, namespace: str) -> None:
    pod = {"containers": [{"name": "main", "image": "example.org/main:1"}]}
    labels = {"app": "loose"}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "loose"},
        "spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}},
    }
    with pytest.raises(Failure, match='would violate PodSecurity "restricted:latest"'):
        cluster.kubectl.run(*APPLYING, "-n", namespace, "-f", "-", stdin=yaml.safe_dump(deployment))


@every_scenario
def test_it_installs_becomes_ready_passes_its_tests_and_goes_without_its_data(
    scenario: Scenario, cluster: Cluster, helm_of: Helm, namespace: str
) -> None:
    release = release_of(scenario, namespace)
    provide(cluster.kubectl, namespace, helm_of.template(release))
    helm_of.install(release)
    objects = helm_of.objects(release)
    assert "pending" not in summary(objects)
    assert "failed" not in summary(objects)
    if "test" in helm_of.hooks(release):
        helm_of.test(release)
    helm_of.uninstall(release)
    for thing in objects:
        kind, name = thing["kind"], thing["metadata"]["name"]
        there = cluster.kubectl.run("get", kind, name, "-n", namespace, "--ignore-not-found", "-o", "name")
        assert bool(there) == (kind in KEPT), f"{kind}/{name}"
