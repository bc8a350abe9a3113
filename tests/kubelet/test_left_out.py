"""What a pod asks for in vain is said."""

from pods import pod_of

from podzol.kubelet.containers import containers_of
from podzol.kubelet.left_out import left_out
from podzol.kubelet.status import status_of


def test_fields_that_have_no_effect_are_named() -> None:
    container = {
        "ports": [{"containerPort": 80}, {"containerPort": 81, "hostPort": 8081}],
        "securityContext": {"privileged": True, "capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}},
        "volumeDevices": [{"name": "disk", "devicePath": "/dev/xvda"}],
    }
    assert left_out(pod_of(container, hostNetwork=True, hostPID=False)) == [
        "hostNetwork",
        "hostPort 8081 of container main",
        "privileged of container main",
        "capabilities NET_ADMIN of container main",
        "device /dev/xvda of container main",
    ]


def test_a_usual_pod_asks_for_nothing_in_vain() -> None:
    assert left_out(pod_of({"securityContext": {"capabilities": {"drop": ["ALL"]}}})) == []


def test_a_container_to_debug_with_has_ended_so_that_nobody_waits_for_it() -> None:
    pod = pod_of(ephemeralContainers=[{"name": "debugger", "image": "busybox"}])
    (status,) = status_of(pod, containers_of(pod, 0.0), 0.0, "10.244.0.7", "127.0.0.1")["ephemeralContainerStatuses"]
    assert status["name"] == "debugger"
    assert status["state"]["terminated"]["message"].startswith("ephemeral containers are not run here; ")
