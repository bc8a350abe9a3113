"""CpuAutoscaledService: one claim a test; whole manifests of the worked examples in snapshots/."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from podzol.template import ValuesError
from podzol.workloads import CpuAutoscaledService

Objects = Callable[..., dict[str, dict[str, Any]]]

EXAMPLES = CpuAutoscaledService.examples()


@pytest.fixture
def objects(by_kind: Any) -> Objects:
    """The objects by kind, for values and a release."""

    def render(values: Any = None, release: str = "web", namespace: str = "soil") -> dict[str, dict[str, Any]]:
        return by_kind(CpuAutoscaledService.render(values, release=release, namespace=namespace))

    return render


def pod_of(objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return objects["Deployment"]["spec"]["template"]["spec"]


def container_of(objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return pod_of(objects)["containers"][0]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_example_stays_the_same(example: Any, manifest_file: Any) -> None:
    assert CpuAutoscaledService.render(example.values, release="web", namespace="soil") == manifest_file


def test_examples_have_titles() -> None:
    titles = [example.title for example in EXAMPLES]
    assert len(titles) >= 3
    assert all(re.match("[A-Z]", title) for title in titles)


# ---------------------------------------------------------------- scaling


def test_deployment_names_no_replicas_while_it_is_autoscaled(objects: Objects) -> None:
    assert "replicas" not in objects()["Deployment"]["spec"]


def test_replicas_count_when_autoscaling_is_off(objects: Objects) -> None:
    found = objects({"autoscaling": {"enabled": False}, "replicas": 0})
    assert found["Deployment"]["spec"]["replicas"] == 0
    assert "HorizontalPodAutoscaler" not in found


def test_scales_the_deployment_from_1_to_10_at_half_its_cpu_request(objects: Objects) -> None:
    found = objects()
    autoscaler = found["HorizontalPodAutoscaler"]["spec"]
    assert autoscaler["scaleTargetRef"] == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": found["Deployment"]["metadata"]["name"],
    }
    assert (autoscaler["minReplicas"], autoscaler["maxReplicas"]) == (1, 10)
    (metric,) = autoscaler["metrics"]
    assert metric["containerResource"]["target"] == {"type": "Utilization", "averageUtilization": 50}


def test_metric_counts_the_main_container_only_so_that_sidecars_cannot_stop_it(objects: Objects) -> None:
    found = objects()
    metric = found["HorizontalPodAutoscaler"]["spec"]["metrics"][0]
    assert metric["type"] == "ContainerResource"
    assert metric["containerResource"]["container"] == container_of(found)["name"]


def test_scales_on_memory_too_when_asked(objects: Objects) -> None:
    metrics = objects({"autoscaling": {"targetMemoryPercent": 80}})["HorizontalPodAutoscaler"]["spec"]["metrics"]
    assert [metric["containerResource"]["name"] for metric in metrics] == ["cpu", "memory"]


def test_further_metrics_pass_through(objects: Objects) -> None:
    metric = {
        "type": "Pods",
        "pods": {"metric": {"name": "queue"}, "target": {"type": "AverageValue", "averageValue": "9"}},
    }
    found = objects({"autoscaling": {"targetCpuPercent": None, "metrics": [metric]}})
    assert found["HorizontalPodAutoscaler"]["spec"]["metrics"] == [metric]


def test_default_behaviour_is_that_of_kubernetes(objects: Objects) -> None:
    assert objects()["HorizontalPodAutoscaler"]["spec"]["behavior"] == {
        "scaleUp": {
            "stabilizationWindowSeconds": 0,
            "selectPolicy": "Max",
            "policies": [
                {"type": "Percent", "value": 100, "periodSeconds": 15},
                {"type": "Pods", "value": 4, "periodSeconds": 15},
            ],
        },
        "scaleDown": {
            "stabilizationWindowSeconds": 300,
            "selectPolicy": "Max",
            "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}],
        },
    }


# ---------------------------------------------------------------- disruption and shutdown


@pytest.mark.parametrize("replicas", [1, 2])
def test_disruption_budget_lets_a_node_drain_whatever_the_number_of_replicas(objects: Objects, replicas: int) -> None:
    budget = objects({"autoscaling": {"enabled": False}, "replicas": replicas})["PodDisruptionBudget"]["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
    assert "minAvailable" not in budget


def test_its_scratch_space_does_not_pin_a_node(objects: Objects) -> None:
    annotations = objects()["Deployment"]["spec"]["template"]["metadata"]["annotations"]
    assert annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] == "true"


def test_goes_on_serving_before_it_shuts_down(objects: Objects) -> None:
    found = objects({"terminationGracePeriodSeconds": 60, "preStopSleepSeconds": 15})
    assert pod_of(found)["terminationGracePeriodSeconds"] == 60
    assert container_of(found)["lifecycle"] == {"preStop": {"exec": {"command": ["sleep", "15"]}}}


def test_kubelet_pauses_where_the_image_has_no_sleep(objects: Objects) -> None:
    assert container_of(objects({"preStopHandler": "sleep"}))["lifecycle"] == {"preStop": {"sleep": {"seconds": 5}}}


def test_no_pause_leaves_out_the_hook(objects: Objects) -> None:
    assert "lifecycle" not in container_of(objects({"preStopSleepSeconds": 0}))


def test_spreads_over_zones_and_hosts(objects: Objects) -> None:
    constraints = pod_of(objects({"topologySpread": {"zones": "DoNotSchedule"}}))["topologySpreadConstraints"]
    assert [(each["topologyKey"], each["whenUnsatisfiable"]) for each in constraints] == [
        ("topology.kubernetes.io/zone", "DoNotSchedule"),
        ("kubernetes.io/hostname", "ScheduleAnyway"),
    ]


# ---------------------------------------------------------------- the pod


def test_meets_the_restricted_pod_security_level(objects: Objects) -> None:
    found = objects()
    assert pod_of(found)["securityContext"]["runAsNonRoot"] is True
    assert pod_of(found)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container_of(found)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert pod_of(found)["automountServiceAccountToken"] is False


def test_memory_limit_is_the_request_unless_it_is_given(objects: Objects) -> None:
    requested = {"resources": {"requests": {"cpu": 2, "memory": "1Gi"}}}
    assert container_of(objects(requested))["resources"] == {
        "requests": {"cpu": 2, "memory": "1Gi"},
        "limits": {"memory": "1Gi"},
    }


def test_probes_ask_by_http_or_by_connecting(objects: Objects) -> None:
    container = container_of(objects({"readinessProbe": {"path": None}, "livenessProbe": {"enabled": False}}))
    assert container["startupProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert container["readinessProbe"]["tcpSocket"] == {"port": "http"}
    assert "httpGet" not in container["readinessProbe"]
    assert "livenessProbe" not in container


def test_runs_on_any_node_by_default_and_on_a_pool_when_asked(objects: Objects) -> None:
    assert "nodeSelector" not in pod_of(objects())
    chosen = objects({"pool": "cpu-pool", "nodeSelector": {"kubernetes.io/arch": "amd64"}})
    assert pod_of(chosen)["nodeSelector"] == {"podzol.dev/pool": "cpu-pool", "kubernetes.io/arch": "amd64"}


def test_environment_comes_from_values_secrets_and_config_maps(objects: Objects) -> None:
    container = container_of(
        objects(
            {
                "env": {"B": "1", "A": ""},
                "secretEnv": {"TOKEN": {"secret": "api", "key": "token"}},
                "envFromConfigMaps": ["endpoints"],
                "envFromSecrets": ["logins"],
            }
        )
    )
    assert container["env"] == [
        {"name": "A", "value": ""},
        {"name": "B", "value": "1"},
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "api", "key": "token"}}},
    ]
    assert container["envFrom"] == [{"configMapRef": {"name": "endpoints"}}, {"secretRef": {"name": "logins"}}]


def test_pods_restart_when_a_config_file_changes(objects: Objects) -> None:
    def checksum(text: str) -> str:
        found = objects({"config": {"settings.toml": text}})
        assert found["ConfigMap"]["data"] == {"settings.toml": text}
        return found["Deployment"]["spec"]["template"]["metadata"]["annotations"]["checksum/config"]

    assert checksum("a = 1") == checksum("a = 1")
    assert checksum("a = 1") != checksum("a = 2")


def test_mounts_a_dataset_by_its_claim_or_by_its_alias_in_the_release(objects: Objects) -> None:
    found = objects(
        {
            "datasets": [
                {"claim": "spectra", "path": "/var/ml_model", "readOnly": True, "subPath": "2026/june"},
                {"dataset": "reads", "path": "/reads"},
            ]
        },
        release="soil",
    )
    assert pod_of(found)["volumes"][1:] == [
        {"name": "dataset-var-ml-model", "persistentVolumeClaim": {"claimName": "spectra", "readOnly": True}},
        {"name": "dataset-reads", "persistentVolumeClaim": {"claimName": "soil-reads"}},
    ]
    assert container_of(found)["volumeMounts"][1:] == [
        {"name": "dataset-var-ml-model", "mountPath": "/var/ml_model", "subPath": "2026/june", "readOnly": True},
        {"name": "dataset-reads", "mountPath": "/reads"},
    ]


def test_alias_that_is_part_of_the_release_name_is_not_repeated_as_in_helm(objects: Objects) -> None:
    found = objects({"datasets": [{"dataset": "spectra", "path": "/data"}]}, release="soil-spectra")
    assert pod_of(found)["volumes"][1]["persistentVolumeClaim"]["claimName"] == "soil-spectra"


# ---------------------------------------------------------------- the network


def test_service_sends_to_the_port_of_the_container(objects: Objects) -> None:
    found = objects({"port": 8080})
    assert found["Service"]["spec"]["ports"] == [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}]
    assert container_of(found)["ports"] == [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]


def test_selectors_hold_name_and_instance_only(objects: Objects) -> None:
    expected = {"app.kubernetes.io/name": "cpu-autoscaled-service", "app.kubernetes.io/instance": "web"}
    found = objects({"podLabels": {"team": "soil"}, "labels": {"team": "soil"}})
    assert found["Deployment"]["spec"]["selector"]["matchLabels"] == expected
    assert found["Service"]["spec"]["selector"] == expected
    assert found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == expected
    assert found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == expected
    assert found["Deployment"]["spec"]["template"]["metadata"]["labels"] == {**expected, "team": "soil"}


def test_only_the_service_port_can_be_reached(objects: Objects) -> None:
    policy = objects()["NetworkPolicy"]["spec"]
    assert policy["policyTypes"] == ["Ingress"]
    assert policy["ingress"] == [{"ports": [{"protocol": "TCP", "port": "http"}]}]


def test_pod_of_helm_test_is_let_in_where_others_are_shut_out(objects: Objects) -> None:
    friends = {"podSelector": {"matchLabels": {"team": "soil"}}}
    (reach,) = objects({"networkPolicy": {"allowFrom": [friends]}})["NetworkPolicy"]["spec"]["ingress"]
    tests = {"app.kubernetes.io/instance": "web", "app.kubernetes.io/component": "test"}
    assert reach["from"] == [{"podSelector": {"matchLabels": tests}}, friends]


def test_restricted_egress_leaves_the_name_server(objects: Objects) -> None:
    policy = objects({"networkPolicy": {"restrictEgress": True}})["NetworkPolicy"]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert [port["port"] for rule in policy["egress"] for port in rule["ports"]] == [53, 53]


def test_ingress_and_http_route_are_made_when_asked_for_only(objects: Objects) -> None:
    assert not {"Ingress", "HTTPRoute"} & objects().keys()
    found = objects(
        {
            "ingress": {"enabled": True, "hosts": ["a.example.org", "b.example.org"], "tlsSecretName": "tls"},
            "httpRoute": {"enabled": True, "gateway": "public", "hosts": ["a.example.org"]},
        }
    )
    name = found["Service"]["metadata"]["name"]
    ingress, route = found["Ingress"]["spec"], found["HTTPRoute"]["spec"]
    assert ingress["tls"] == [{"secretName": "tls", "hosts": ["a.example.org", "b.example.org"]}]
    assert [rule["host"] for rule in ingress["rules"]] == ["a.example.org", "b.example.org"]
    assert ingress["rules"][0]["http"]["paths"][0]["backend"] == {"service": {"name": name, "port": {"name": "http"}}}
    assert route["parentRefs"] == [{"name": "public"}]
    assert route["rules"][0]["backendRefs"] == [{"name": name, "port": 80}]


# ---------------------------------------------------------------- names and notes


@pytest.mark.parametrize("release", ["a", "12", "2026.1", "a--b", "x" * 53, "cpu-autoscaled-service", "0" * 53])
def test_names_are_valid_for_every_release_name(objects: Objects, release: str) -> None:
    found = objects({"config": {"a": "b"}}, release=release)
    for manifest in found.values():
        assert len(manifest["metadata"]["name"]) <= 63
        assert re.fullmatch(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?", manifest["metadata"]["name"])
    assert re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", found["Service"]["metadata"]["name"])
    for label in found["Deployment"]["metadata"]["labels"].values():
        assert re.fullmatch(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?", label)


def test_notes_tell_the_address_of_the_ingress() -> None:
    notes = CpuAutoscaledService.notes_for(
        {"ingress": {"enabled": True, "hosts": ["soil.example.org"], "tlsSecretName": "tls"}}, release="web"
    )
    assert "Or at https://soil.example.org/\n" in notes


def test_notes_of_a_fixed_service_do_not_speak_of_scaling() -> None:
    assert "hpa" not in CpuAutoscaledService.notes_for({"autoscaling": {"enabled": False}}, release="web")


# ---------------------------------------------------------------- refusals

REFUSED = {
    "min above max": (
        {"autoscaling": {"minReplicas": 11}},
        "autoscaling.minReplicas: must be at most autoscaling.maxReplicas, got 11; "
        "lower minReplicas or raise maxReplicas",
    ),
    "nothing to scale on": (
        {"autoscaling": {"targetCpuPercent": None}},
        "autoscaling.enabled: must have a metric to scale on, got true; "
        "set targetCpuPercent, targetMemoryPercent or metrics, or turn autoscaling off",
    ),
    "no cpu request": (
        {"resources": {"requests": {"cpu": None}}},
        "resources.requests.cpu: must not be null; leave it out to keep the default",
    ),
    "memory without unit": (
        {"resources": {"requests": {"memory": "512"}}},
        'resources.requests.memory: must be a whole quantity of bytes with a unit, got "512"; '
        "write 512Mi or 2Gi; 512m would be half a byte, 512 only 512 bytes",
    ),
    "privileged port": (
        {"port": 80},
        "port: must be at least 1024, as the container doesn't run as root, got 80; "
        "let the program listen on 8080, say; clients still see service.port",
    ),
    "pause as long as the grace": (
        {"preStopSleepSeconds": 30},
        "preStopSleepSeconds: must be less than terminationGracePeriodSeconds, got 30; "
        "lower preStopSleepSeconds or raise terminationGracePeriodSeconds",
    ),
    "a budget that blocks drains": (
        {"podDisruptionBudget": {"maxUnavailable": 0}},
        "podDisruptionBudget.maxUnavailable: must be an integer from 1 to 100000 or a percentage from 1% to 100%, "
        "got 0; write 1 or 25%",
    ),
    "ingress without host": (
        {"ingress": {"enabled": True}},
        "ingress.hosts: must name a host when ingress is enabled; add one, such as soil.example.org",
    ),
    "route without gateway": (
        {"httpRoute": {"enabled": True}},
        "httpRoute.gateway: must name a Gateway when httpRoute is enabled; set httpRoute.gateway",
    ),
    "unknown value": ({"replica": 2}, "replica: unknown value; did you mean replicas"),
}


@pytest.mark.parametrize(("values", "told"), REFUSED.values(), ids=REFUSED)
def test_refuses(values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValuesError) as refused:
        CpuAutoscaledService.render(values, release="web")
    assert str(refused.value) == told


def test_tells_all_faults_at_once() -> None:
    with pytest.raises(ValuesError) as refused:
        CpuAutoscaledService.render({"port": 80, "autoscaling": {"minReplicas": 11}}, release="web")
    assert [fault.where for fault in refused.value.faults] == ["autoscaling.minReplicas", "port"]
