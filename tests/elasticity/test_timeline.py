"""Series, times and cost of a recorded run, and of small ones made by hand."""

from typing import Any

import pytest

from podzol.clusters.local.nodes import floor_nodes
from podzol.clusters.specs import load_spec
from podzol.elasticity import times as measure
from podzol.elasticity.kinds import node
from podzol.elasticity.lives import area, lives, value_at
from podzol.elasticity.records import Record
from podzol.elasticity.spending import known_machine, spending
from podzol.elasticity.timeline import Timeline
from podzol.elasticity.times import times


def values(steps: list[tuple[float, float]]) -> list[float]:
    return [value for _, value in steps]


def test_counts_the_ready_nodes_of_each_pool(timeline: Timeline) -> None:
    assert values(timeline.nodes_by_pool["gpu-pool"]) == [0, 1, 0]
    assert values(timeline.nodes_by_pool["cpu-pool"]) == [1, 2, 3, 2, 1]


def test_counts_pods_by_phase(timeline: Timeline) -> None:
    assert list(timeline.pods_by_phase) == ["running", "stopping", "starting", "no room", "completed"]
    assert max(values(timeline.pods_by_phase["running"])) == 5
    assert max(values(timeline.pods_by_phase["no room"])) == 2
    assert values(timeline.pods_by_phase["completed"])[-1] == 0, "the job and its pod are gone at the end"


def test_tells_replicas_wanted_and_ready_and_the_metric_beside_its_target(timeline: Timeline) -> None:
    (scale,) = timeline.scales
    assert (scale.name, scale.least, scale.most) == ("api-cpu-autoscaled-service", 1, 6)
    assert values(scale.wanted) == [0, 1, 2, 4, 5, 1]
    assert max(values(scale.ready)) == 5
    (metric,) = scale.metrics
    assert (metric.name, metric.target) == ("cpu", 50)
    assert max(values(metric.current)) == 100


def test_tells_the_load_offered_and_served(timeline: Timeline) -> None:
    (load,) = timeline.loads
    assert load.name == "api"
    assert (load.offered[0][1], load.served[0][1]) == (240, 100)
    assert (load.offered[-1][1], load.served[-1][1]) == (10, 10)


def test_a_node_of_a_spot_pools_floor_counts_as_spot() -> None:
    """Karpenter knows nothing of it, and it has no label of its."""
    assert [node(each)["spot"] for each in floor_nodes(load_spec("soil"))] == [True]


def test_puts_pods_into_the_lanes_of_their_nodes(timeline: Timeline) -> None:
    lanes = {lane.name: lane for lane in timeline.lanes}
    assert list(lanes) == ["cpu-pool 1", "cpu-pool 2", "cpu-pool 3", "gpu-pool 1"]
    gpu = lanes["gpu-pool 1"]
    assert gpu.ready
    assert gpu.ready - gpu.ordered == pytest.approx(12, abs=1), "the registration delay of the run was 12 s"
    assert [bar.pod.last["asks"]["gpus"] for bar in gpu.bars] == [1]
    assert all(lane.ready and lane.ordered <= lane.ready <= lane.gone for lane in lanes.values())
    assert all(lane.ordered <= bar.since <= bar.until <= lane.gone for lane in lanes.values() for bar in lane.bars)


def test_tells_gpu_time_used_and_idle(timeline: Timeline) -> None:
    offered, used = timeline.gpu_seconds
    assert offered == pytest.approx(59, abs=1)
    assert used == pytest.approx(25, abs=1), "the pod ran for 25 s"


def test_takes_the_times_that_matter(timeline: Timeline) -> None:
    taken = {(each.subject.partition("-")[0], each.what): each.seconds for each in times(timeline)}
    assert {key: round(seconds) for key, seconds in taken.items() if seconds is not None} == {
        ("train", measure.FIRST_POD): 13,
        ("train", measure.DONE): 39,
        ("api", measure.CAPACITY): 14,
        ("api", measure.PEAK): 50,
        ("api", measure.BACK): 14,
        ("cpu", measure.NODE): 12,
        ("cpu", measure.BACK): 47,
        ("gpu", measure.NODE): 12,
        ("gpu", measure.BACK): 34,
    }


def test_the_first_new_node_is_the_one_that_was_ordered_first() -> None:
    records = [
        record(0, "Run", ""),
        record(2, "NodeClaim", "added", "claim", pool="cpu-pool", node="grown"),
        record(31, "Node", "added", "replaced", pool="cpu-pool", ready=False),
        record(32, "Node", "added", "grown", pool="cpu-pool", ready=False),
        record(41, "Node", "modified", "replaced", pool="cpu-pool", ready=True),
        record(42, "Node", "modified", "grown", pool="cpu-pool", ready=True),
    ]
    assert next(each for each in times(Timeline(records)) if each.what == measure.NODE).seconds == 40


def test_many_jobs_are_told_by_their_median() -> None:
    records = [record(0, "Run", "")]
    for number in range(measure.MOST_JOBS + 1):
        records += [
            record(10, "Job", "added", f"job-{number}"),
            record(12 + number, "Job", "modified", f"job-{number}", complete=True),
        ]
    first, done = times(Timeline(records))
    assert (first.subject, first.taken) == ("13 jobs", "not seen")
    assert (done.subject, done.taken) == ("13 jobs", "8 s")
    assert done.meaning == "from the job to its completion: the median, 14 s at most"


def test_costs_what_the_list_says(timeline: Timeline) -> None:
    spent = spending(timeline)
    assert spent.unpriced == {}
    (gpu,) = [lane for lane in timeline.lanes if lane.pool == "gpu-pool"]
    machine = known_machine("n1-standard-4")
    assert machine
    assert machine.on_demand_usd
    hourly = machine.on_demand_usd + 0.35  # and its T4
    assert spent.by_pool["gpu-pool"] == pytest.approx(hourly * (gpu.gone - gpu.ordered) / 3600)
    assert spent.so_far[-1][1] == pytest.approx(spent.total)


def test_knows_a_machine_by_the_name_it_has_locally() -> None:
    assert known_machine("m7i.large.cpu-pool") is known_machine("m7i.large")
    assert known_machine("simulated-32cpu-128gib") is None


def record(at: float, kind: str, change: str, name: str = "a", **fields: Any) -> Record:
    return Record(at=at, kind=kind, change=change, name=name, namespace="soil", uid=f"uid-{name}", fields=fields)


def test_a_life_has_its_states_and_its_end() -> None:
    (life,) = lives(
        [
            record(1, "Pod", "added", phase="Pending"),
            record(2, "Pod", "modified", phase="Running"),
            record(9, "Pod", "deleted", phase="Running"),
        ],
        "Pod",
    )
    assert (life.began, life.ended) == (1, 9)
    assert life.first(lambda state: state["phase"] == "Running") == 2
    assert life.at(1.5) == {"phase": "Pending"}
    assert life.at(9) is None


def test_an_area_is_clipped_to_its_bounds() -> None:
    steps = [(0.0, 1.0), (10.0, 3.0), (20.0, 0.0)]
    assert area(steps, 5, 15) == 5 + 15
    assert area(steps, 0, 100) == 10 + 30
    assert value_at(steps, 10) == 3


def test_a_machine_without_a_price_is_named_not_guessed() -> None:
    node = {"pool": "cpu-pool", "machine": "simulated-32cpu-128gib", "ready": True}
    spent = spending(Timeline([record(0, "Node", "added", **node), record(60, "Note", "")]))
    assert spent.by_pool == {}
    assert spent.unpriced == {"simulated-32cpu-128gib": 1}


def test_leaves_out_the_pods_of_the_system() -> None:
    daemon = record(1, "Pod", "added", "a", owner="DaemonSet/plugin", phase="Running")
    assert Timeline([daemon, record(2, "Note", "")]).pods_by_phase == {}
