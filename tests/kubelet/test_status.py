"""The status that the API gets: conditions, container states, and what a new agent makes of an old one's."""

from typing import Any

from pods import NOW, pod_of

from podzol.kubelet.containers import Ended, containers_of
from podzol.kubelet.status import moment, status_of

Object = dict[str, Any]


def status(pod: Object, containers: Any, **more: Any) -> Object:
    """The status now."""
    return status_of(pod, containers, NOW, "10.244.0.7", "127.0.0.1", **more)


def conditions(status: Object) -> dict[str, tuple[str, str]]:
    """Status and reason of each condition."""
    return {each["type"]: (each["status"], each.get("reason") or "") for each in status["conditions"]}


def test_a_pod_whose_containers_are_ready_is_ready() -> None:
    pod = pod_of()
    containers = containers_of(pod, NOW)
    containers["main"].runs(NOW)
    containers["main"].started = containers["main"].ready = True
    found = status(pod, containers)
    assert found["phase"] == "Running"
    assert set(conditions(found).values()) == {("True", "")}
    assert found["containerStatuses"][0]["state"] == {"running": {"startedAt": moment(NOW)}}


def test_the_names_of_what_is_not_ready_stand_in_the_condition() -> None:
    pod = pod_of({"name": "a"}, {"name": "b"})
    containers = containers_of(pod, NOW)
    for container in containers.values():
        container.runs(NOW)
    containers["a"].ready = True
    found = {each["type"]: each for each in status(pod, containers)["conditions"]}
    assert found["Ready"]["message"] == "containers with unready status: [b]"


def test_a_readiness_gate_that_is_not_met_keeps_a_pod_from_being_ready() -> None:
    pod = pod_of(readinessGates=[{"conditionType": "example.com/loaded"}])
    containers = containers_of(pod, NOW)
    containers["main"].runs(NOW)
    containers["main"].ready = True
    found = conditions(status(pod, containers))
    assert found["ContainersReady"] == ("True", "")
    assert found["Ready"] == ("False", "ReadinessGatesNotReady")


def test_a_main_container_waits_for_the_init_containers() -> None:
    pod = pod_of({}, init=({"name": "one"},))
    containers = containers_of(pod, NOW)
    found = status(pod, containers)
    assert found["containerStatuses"][0]["state"] == {"waiting": {"reason": "PodInitializing"}}
    assert conditions(found)["Initialized"] == ("False", "ContainersNotInitialized")


def test_a_container_between_two_tries_is_in_crash_loop_back_off() -> None:
    pod = pod_of()
    containers = containers_of(pod, NOW)
    for _ in range(2):
        containers["main"].runs(NOW)
        containers["main"].ends(Ended(3, NOW, NOW))
    found = status(pod, containers)["containerStatuses"][0]
    assert found["state"]["waiting"] == {
        "reason": "CrashLoopBackOff",
        "message": "back-off 10s restarting failed container=main pod=pod_soil(u-1)",
    }
    assert found["lastState"]["terminated"]["exitCode"] == 3
    assert found["lastState"]["terminated"]["reason"] == "Error"
    assert found["restartCount"] == 1


def test_a_completed_pod_says_so() -> None:
    pod = pod_of(restartPolicy="Never")
    containers = containers_of(pod, NOW)
    containers["main"].runs(NOW)
    containers["main"].ends(Ended(0, NOW, NOW + 60))
    found = status(pod, containers)
    assert found["phase"] == "Succeeded"
    assert conditions(found)["Ready"] == ("False", "PodCompleted")
    assert found["containerStatuses"][0]["state"]["terminated"]["reason"] == "Completed"


def test_conditions_keep_the_time_of_their_last_change_and_others_are_not_written() -> None:
    pod = pod_of()
    pod["status"]["conditions"] = [
        {"type": "PodScheduled", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"},
        {"type": "Ready", "status": "False", "lastTransitionTime": "2026-01-02T00:00:00Z"},
    ]
    found = {each["type"]: each for each in status(pod, containers_of(pod, NOW))["conditions"]}
    assert "PodScheduled" not in found
    assert found["Ready"]["lastTransitionTime"] == "2026-01-02T00:00:00Z"


def test_the_reason_of_an_end_is_told() -> None:
    pod = pod_of()
    why = {"phase": "Failed", "reason": "DeadlineExceeded", "message": "too long"}
    found = status(pod, containers_of(pod, NOW), ending=True, why=why)
    assert {key: found[key] for key in why} == why


def test_a_new_agent_takes_what_ran_for_lost_and_goes_on_counting() -> None:
    pod = pod_of()
    pod["status"]["containerStatuses"] = [
        {"name": "main", "restartCount": 2, "state": {"running": {"startedAt": moment(NOW - 60)}}, "lastState": {}}
    ]
    container = containers_of(pod, NOW)["main"]
    assert container.state == Ended(137, NOW - 60, NOW, "ContainerStatusUnknown", "the agent that ran it has gone")
    container.runs(NOW)
    assert container.restarts == 3
