"""The story of a recorded run, whole; and single sentences that it has no occasion for."""

from pathlib import Path
from typing import Any

import pytest

from podzol.elasticity.moments import Moment, joined
from podzol.elasticity.narrative import narrative
from podzol.elasticity.no_room import reasons
from podzol.elasticity.records import Record
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.words import asks, duration, listed, money, number, several

START = 1_795_440_000.0


def test_tells_the_recorded_run(timeline: Timeline, elastic: Path) -> None:
    told = "".join(f"{sentence}\n" for sentence in narrative(timeline))
    assert told == (elastic / "story.txt").read_text()


def story(*records: Record) -> list[str]:
    """The sentences of a recording that begins at 0 s."""
    begun = Record(at=START, kind="Run", fields={"what": "started"})
    return [str(sentence) for sentence in narrative(Timeline([begun, *records]))]


def record(at: float, kind: str, change: str = "", name: str = "a", **fields: Any) -> Record:
    return Record(
        at=START + at, kind=kind, change=change, name=name, namespace="soil", uid=f"{kind}-{name}", fields=fields
    )


def test_tells_that_the_api_server_was_away() -> None:
    told = story(
        record(5, "Watch", name="Pod", what="lost", why="refused"),
        record(5.1, "Watch", name="Node", what="lost", why="refused"),
        record(8, "Watch", name="Node", what="resumed"),
        record(9, "Watch", name="Pod", what="resumed"),
    )
    assert told == ["5 s: The API server can't be reached for 4 s; what changed then is told when it was seen."]


def test_tells_that_nobody_recorded() -> None:
    again = record(400, "Run", what="started")
    assert story(record(100, "Run", what="stopped"), again) == [
        "100 s: Nothing is recorded for 5 min; what changed then is told when it was seen."
    ]


def test_is_silent_about_what_was_there_before() -> None:
    node = record(0.2, "Node", "added", pool="cpu-pool", ready=True)
    pod = record(0.3, "Pod", "added", "web-1", owner="Deployment/web", phase="Running", ready=True, node="a")
    jobs = [record(0.3, "Job", "added", "won", complete=True), record(0.3, "Job", "added", "lost", failure="x")]
    pods = [
        record(0.3, "Pod", "added", "lost-1", owner="Job/lost", phase="Failed", exit_codes=[1]),
        record(0.3, "Pod", "added", "lost-2", owner="Job/lost", disrupted="DeletionByPodGC"),
    ]
    assert story(node, pod, *jobs, *pods, record(0.4, "Run", what="listed"), record(9, "Run", what="stopped")) == []


def test_tells_of_a_load_in_cores_in_cores() -> None:
    told = story(
        record(1, "Load", name="api", offered=2.0, served=1.0, in_cores=True),
        record(9, "Load", name="api", offered=2.0, served=2.0, in_cores=True),
        record(20, "Load", name="api", offered=0.0, served=0.0, in_cores=True),
    )
    assert told == [
        "1 s: A load of 2 cores on api begins.",
        "1 s: Only 1 of 2 cores of work for api are served.",
        "9 s: All of the load on api is served again.",
        "20 s: The load on api ends.",
    ]


def scaler(at: float, **fields: Any) -> Record:
    return record(at, "HorizontalPodAutoscaler", "modified", "api", target="Deployment/api", **fields)


def cpu(percent: int | None) -> list[dict[str, Any]]:
    return [{"name": "cpu", "current": percent, "target": 50}]


def test_tells_what_an_autoscaler_wants_at_its_first_look() -> None:
    told = story(
        scaler(1, had=0, wanted=0, metrics=[]),
        scaler(16, had=1, wanted=0, metrics=cpu(None)),
        scaler(31, had=1, wanted=4, metrics=cpu(190)),
        scaler(46, had=4, wanted=4, metrics=cpu(48)),
    )
    assert told == [
        "31 s: The autoscaler wants 4 replicas of api instead of 1: they use 190 % of the CPU that they ask for,"
        " 50 % is the target."
    ]


def test_does_not_take_an_autoscaler_that_looks_away_for_one_that_wants_nothing() -> None:
    told = story(
        scaler(1, had=3, wanted=3, metrics=cpu(48)),
        scaler(16, had=3, wanted=0, metrics=cpu(None)),
        scaler(31, had=3, wanted=3, metrics=cpu(50)),
    )
    assert told == []


def test_tells_a_pod_without_room_from_one_without_its_volume() -> None:
    unbound = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
    full = "0/1 nodes are available: 1 Insufficient cpu."
    told = story(
        record(1, "Pod", "added", "api-1", owner="Deployment/api", unschedulable=unbound),
        record(1, "Pod", "added", "fit-1", owner="Job/fit", unschedulable=unbound),
        record(2, "Pod", "modified", "fit-1", owner="Job/fit", unschedulable=full),
        record(9, "Pod", "modified", "api-1", owner="Deployment/api", node="a"),
        record(9, "Pod", "modified", "fit-1", owner="Job/fit", node="a"),
    )
    assert told == [
        "1 s: A pod of api waits: its volume is not there yet.",
        "2 s: A pod of the job fit finds no room: one node has too little CPU free.",
    ]


def test_tells_that_a_job_failed_on_the_way() -> None:
    told = story(
        record(1, "Job", "added", "fit", parallelism=4, asks={"cpu_milli": 2000, "memory_bytes": 2**30}),
        record(20, "Pod", "added", "fit-x", owner="Job/fit", phase="Failed", exit_codes=[137]),
        record(60, "Job", "modified", "fit", parallelism=4, failed=1, complete=True),
    )
    assert told == [
        "1 s: The job fit asks for 4 pods, each with 2 CPUs and 1 GiB of memory.",
        "20 s: A pod of the job fit fails (exit code 137).",
        "60 s: The job fit completes, 59 s after it was asked for, one pod of it having failed on the way.",
    ]


def test_tells_of_a_spot_machine_that_is_taken_back() -> None:
    node = {"pool": "cpu-pool", "machine": "m7i.large"}
    told = story(
        record(1, "Node", "added", "ip-10-0-0-7", ready=True, **node),
        record(
            30, "Event", "added", "e", about="Node", about_name="ip-10-0-0-7", reason="SpotInterrupted", message="x"
        ),
        record(31, "Pod", "added", "web-1", owner="Deployment/web", disrupted="TerminationByKubelet"),
        record(32, "Pod", "added", "web-2", owner="Deployment/web", disrupted="TerminationByKubelet"),
        record(90, "Node", "modified", "ip-10-0-0-7", **node),
        record(120, "Node", "deleted", "ip-10-0-0-7", **node),
    )
    assert told == [
        "1 s: Node 1 of cpu-pool is ready.",
        "30 s: The cloud gives notice that it takes the spot machine of node 1 of cpu-pool back.",
        "31 s: 2 pods of web have to leave: the machine runs short of something, or shuts down.",
        "90 s: Node 1 of cpu-pool doesn't answer any more.",
        "2 min: Node 1 of cpu-pool is gone; cpu-pool has no nodes now.",
    ]


def test_tells_of_a_node_that_answers_again() -> None:
    told = story(
        *(
            record(at, "Node", "modified", "n1", pool="cpu-pool", ready=ready)
            for at, ready in [(1, False), (3, True), (30, False), (48, True), (50, True), (70, False)]
        )
    )
    assert told == [
        "3 s: Node 1 of cpu-pool is ready, 2 s after it was ordered.",
        "30 s: Node 1 of cpu-pool doesn't answer any more.",
        "48 s: Node 1 of cpu-pool answers again.",
        "70 s: Node 1 of cpu-pool doesn't answer any more.",
    ]


def test_tells_warnings_that_no_state_shows() -> None:
    said = 'Failed to pull image "ghcr.io/soil/api:v9": not found.'
    told = story(
        record(3, "Event", "added", "e", type="Warning", reason="Failed", about="Pod", about_name="api-1", message=said)
    )
    assert told == ['3 s: Pod api-1: Failed to pull image "ghcr.io/soil/api:v9": not found.']


def test_leaves_out_the_sides_of_which_there_is_too_much_to_tell() -> None:
    jobs = [record(second, "Job", "added", f"j{second}", asks={"gpus": 1}) for second in range(1, 402)]
    node = record(7, "Node", "added", "n1", pool="gpu-pool", ready=True)
    assert story(*jobs, node) == [
        "0 s: Too much happens to tell all of it: jobs (401 sentences) are left out.",
        "7 s: Node 1 of gpu-pool is ready.",
    ]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            "0/4 nodes are available: 3 Insufficient cpu, 1 node(s) had untolerated taint(s). preemption: 0/4 ...",
            "3 nodes have too little CPU free",
        ),
        (
            "0/2 nodes are available: 2 node(s) had untolerated taint {nvidia.com/gpu: present}.",
            "no node is meant for it",
        ),
        (
            "0/3 nodes are available: 1 Insufficient nvidia.com/gpu, 2 node(s) were unschedulable.",
            "one node has no GPU free and 2 nodes are closed to new pods",
        ),
        ("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.", "its volume is not there yet"),
        ("no nodes available to schedule pods", "there is no node"),
        ("0/1 nodes are available: 1 node(s) had a new reason.", "1 node(s) had a new reason"),
    ],
)
def test_says_why_there_is_no_room_without_the_schedulers_words(message: str, words: str) -> None:
    assert reasons(message) == words


def test_calls_nodes_by_their_short_names_everywhere() -> None:
    told = story(
        record(1, "Node", "added", "ip-10-0-0-7", pool="cpu-pool", ready=True),
        record(2, "Note", text="asked why, it says: the spot node ip-10-0-0-7 goes; not ip-10-0-0-77"),
    )
    assert told[1] == "2 s: Asked why, it says: the spot node 1 of cpu-pool goes; not ip-10-0-0-77."


def test_joins_what_happens_at_once_and_keeps_apart_what_does_not() -> None:
    moments = [Moment(at, "a pod runs", "run", lambda n: f"{n} pods run") for at in (1.0, 2.0, 20.0)]
    assert joined(moments) == [(1.0, "2 pods run"), (20.0, "a pod runs")]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (duration(59.6), "60 s"),
        (duration(154), "2 min 34 s"),
        (duration(7800), "2 h 10 min"),
        (several(1, "node"), "one node"),
        (several(0, "node"), "no nodes"),
        (number(1234.5), "1,234"),
        (number(0.1234), "0.123"),
        (money(0.01234), "$0.012"),
        (money(0.0000013), "less than $0.001"),
        (money(0.0), "$0"),
        (money(1234.5), "$1,234.50"),
        (listed(["a", "b", "c"]), "a, b and c"),
        (asks({"gpus": 2, "cpu_milli": 1000}), "2 GPUs"),
        (asks({"cpu_milli": 250}), "0.25 CPUs"),
        (asks({}), "nothing in particular"),
    ],
)
def test_says_amounts_as_people_do(said: str, words: str) -> None:
    assert said == words
