"""Which containers start and stop when, and the pod's phase: the rules of the pod's life, without any process."""

from typing import Any

import pytest
from pods import NOW, pod_of

from podzol.kubelet.containers import Container, Ended, containers_of
from podzol.kubelet.lifecycle import decide, phase_of

Object = dict[str, Any]
SIDECAR = {"name": "proxy", "restartPolicy": "Always"}


class Life:
    """A pod whose containers do what the test says."""

    def __init__(self, pod: Object) -> None:
        self.containers = containers_of(pod, NOW)
        self.now = NOW

    def __getitem__(self, name: str) -> Container:
        return self.containers[name]

    def starts(self, ending: bool = False) -> list[str]:
        """What is to be started now; it is."""
        decision = decide(self.containers, self.now, ending)
        for name in decision.start:
            self[name].runs(self.now)
        return decision.start

    def stops(self, ending: bool = False) -> list[str]:
        """What is to be stopped now."""
        return decide(self.containers, self.now, ending).stop

    def ends(self, name: str, code: int, after: float = 1.0) -> None:
        """A container ends."""
        self.now += after
        self[name].ends(Ended(code, self.now - after, self.now))

    def phase(self, ending: bool = False) -> str:
        """The pod's phase."""
        return phase_of(self.containers, ending)


def test_all_containers_start_at_once() -> None:
    life = Life(pod_of({"name": "a"}, {"name": "b"}))
    assert life.phase() == "Pending"
    assert life.starts() == ["a", "b"]
    assert life.phase() == "Running"


def test_init_containers_run_one_after_another_before_the_others() -> None:
    life = Life(pod_of({}, init=({"name": "one"}, {"name": "two"})))
    assert life.starts() == ["one"]
    assert life.starts() == []
    life.ends("one", 0)
    assert life.starts() == ["two"]
    assert life.phase() == "Pending"
    life.ends("two", 0)
    assert life.starts() == ["main"]


@pytest.mark.parametrize(("policy", "phase"), [("Never", "Failed"), ("OnFailure", "Pending"), ("Always", "Pending")])
def test_an_init_container_that_fails_is_tried_again_unless_the_policy_is_never(policy: str, phase: str) -> None:
    life = Life(pod_of({}, init=({"name": "one"},), restartPolicy=policy))
    life.starts()
    life.ends("one", 1)
    assert life.starts() == ([] if policy == "Never" else ["one"])
    assert life.phase() == phase


def test_a_sidecar_is_started_before_the_others_and_waited_for() -> None:
    life = Life(pod_of({}, init=(SIDECAR, {"name": "later"})))
    assert life.starts() == ["proxy"]
    assert life.starts() == []
    life["proxy"].started = True
    assert life.starts() == ["later"]
    life.ends("later", 0)
    assert life.starts() == ["main"]


def test_a_sidecar_that_ends_is_started_again_while_the_others_run() -> None:
    life = Life(pod_of({}, init=(SIDECAR,), restartPolicy="Never"))
    life.starts()
    life["proxy"].started = True
    life.starts()
    life.ends("proxy", 1)
    assert life.starts() == ["proxy"]


def test_the_others_do_not_wait_again_for_a_sidecar_that_starts_again() -> None:
    life = Life(pod_of({}, init=(SIDECAR,)))
    life.starts()
    life["proxy"].started = True
    life.starts()
    life.ends("proxy", 1)
    life.ends("main", 1)
    assert life.starts() == ["proxy", "main"]


def test_sidecars_end_after_the_others_from_the_last_to_the_first() -> None:
    life = Life(pod_of({}, init=(SIDECAR, SIDECAR | {"name": "logger"}), restartPolicy="Never"))
    for name in ("proxy", "logger", "main"):
        assert life.starts() == [name]
        life[name].started = True
    life.ends("main", 0)
    assert life.phase() == "Running"
    assert life.stops() == ["logger"]
    life.ends("logger", 143)
    assert life.stops() == ["proxy"]
    life.ends("proxy", 143)
    assert life.phase() == "Succeeded"
    assert decide(life.containers, life.now).done


@pytest.mark.parametrize(
    ("policy", "code", "again"),
    [("Always", 0, True), ("Always", 1, True), ("OnFailure", 0, False), ("OnFailure", 1, True), ("Never", 1, False)],
)
def test_the_policy_says_whether_a_container_is_started_again(policy: str, code: int, again: bool) -> None:
    life = Life(pod_of({}, restartPolicy=policy))
    life.starts()
    life.ends("main", code)
    assert life.starts() == (["main"] if again else [])


@pytest.mark.parametrize(
    ("own", "code", "again"),
    [
        ({"restartPolicy": "Always"}, 0, True),
        ({"restartPolicy": "Never"}, 1, False),
        ({"restartPolicy": "Never", "operator": "In"}, 42, True),
        ({"restartPolicy": "Never", "operator": "In"}, 1, False),
        ({"restartPolicy": "Never", "operator": "NotIn"}, 1, True),
    ],
)
def test_a_container_s_own_policy_and_its_rules_go_before_the_pod_s(own: Object, code: int, again: bool) -> None:
    if operator := own.pop("operator", None):
        own["restartPolicyRules"] = [{"action": "Restart", "exitCodes": {"operator": operator, "values": [42]}}]
    life = Life(pod_of(own, restartPolicy="OnFailure"))
    life.starts()
    life.ends("main", code)
    assert life.starts() == (["main"] if again else [])


@pytest.mark.parametrize(("codes", "phase"), [((0, 0), "Succeeded"), ((0, 3), "Failed")])
def test_a_pod_whose_containers_have_all_ended_has_failed_if_one_has(codes: tuple[int, int], phase: str) -> None:
    life = Life(pod_of({"name": "a"}, {"name": "b"}, restartPolicy="Never"))
    life.starts()
    life.ends("a", codes[0])
    assert life.phase() == "Running"
    life.ends("b", codes[1])
    assert life.phase() == phase


def test_a_pod_between_two_tries_of_its_container_is_running() -> None:
    life = Life(pod_of({}))
    for _ in range(3):
        life.starts()
        life.ends("main", 1)
        life.now = life["main"].not_before
    assert life.phase() == "Running"


def test_the_pause_before_a_restart_doubles_from_nothing_over_10_seconds_to_5_minutes() -> None:
    life, pauses = Life(pod_of({})), []
    for _ in range(8):
        assert life.starts() == ["main"]
        life.ends("main", 1)
        decision = decide(life.containers, life.now)
        pauses.append(0.0 if decision.start else (decision.wake_at or 0.0) - life.now)
        life.now = life["main"].not_before
    assert pauses == [0, 10, 20, 40, 80, 160, 300, 300]


def test_a_container_that_ran_for_ten_minutes_is_forgiven() -> None:
    life = Life(pod_of({}))
    for seconds in (1, 1, 600):
        life.now = max(life.now, life["main"].not_before)
        life.starts()
        life.ends("main", 1, after=seconds)
    assert life.starts() == ["main"]


def test_a_pod_that_has_to_end_starts_nothing_and_stops_what_runs() -> None:
    life = Life(pod_of({"name": "a"}, {"name": "b"}, restartPolicy="Always"))
    life.starts()
    life.ends("a", 0)
    assert life.starts(ending=True) == []
    assert life.stops(ending=True) == ["b"]
    life["b"].stopping = True
    assert life.stops(ending=True) == []
    life.ends("b", 143)
    assert decide(life.containers, life.now, ending=True).done
    assert life.phase(ending=True) == "Failed"


def test_a_pod_that_never_ran_and_has_to_end_has_failed() -> None:
    life = Life(pod_of({}))
    assert decide(life.containers, life.now, ending=True).done
    assert life.phase(ending=True) == "Failed"


def test_what_a_start_needs_is_asked_for_again_later_each_time_and_counts_as_no_restart() -> None:
    life = Life(pod_of({}))
    waits = []
    for _ in range(7):
        life["main"].can_not_start("ErrImagePull", "none", life.now)
        waits.append(life["main"].not_before - life.now)
        assert life.starts() == []
        life.now = life["main"].not_before
    assert waits == [10, 20, 40, 80, 160, 300, 300]
    assert life.starts() == ["main"]
    assert life["main"].restarts == 0
