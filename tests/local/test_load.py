"""The model of a load: what is conserved, what is capped, what only ever grows."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from podzol.faults import UserError
from podzol.local.load import csv_file
from podzol.local.load.answer import answer
from podzol.local.load.command import wanted
from podzol.local.load.queue import PATIENCE_SECONDS, erlang_c, response_seconds
from podzol.local.load.shapes import LOW, SHAPES, shaped, through
from podzol.local.load.target import Target, capacities, serving
from podzol.local.load.usage import Used, is_loaded, with_load

RATES = st.floats(0, 1e5)
COSTS = st.floats(1e-4, 100)
PODS = st.dictionaries(st.text("abc", min_size=1), st.just(0.0) | st.floats(0.001, 256), max_size=8)
IDLE = 'Quantity("1m")\n'


@given(RATES, COSTS, PODS)
def test_what_is_served_and_what_is_not_make_up_what_is_offered(rate: float, cost: float, pods: dict) -> None:
    done = answer(rate, cost, pods)
    assert done.served + done.unserved == pytest.approx(rate)
    assert done.served >= 0
    assert done.unserved >= 0


@given(RATES, COSTS, PODS)
def test_no_pod_uses_more_than_it_may_and_all_cpu_is_for_what_is_served(rate: float, cost: float, pods: dict) -> None:
    done = answer(rate, cost, pods)
    assert all(cores <= pods[pod] for pod, cores in done.cpu_cores.items())
    assert sum(done.cpu_cores.values()) == pytest.approx(done.served * cost)
    assert 0 <= done.utilisation <= 1 + 1e-9


@given(RATES, RATES, COSTS, st.floats(0.001, 256))
def test_a_busier_pod_is_never_quicker(one: float, other: float, cost: float, cores: float) -> None:
    low, high = sorted((one, other))
    assert response_seconds(low, cost, cores) <= response_seconds(high, cost, cores) * (1 + 1e-9)


@given(RATES, COSTS, st.floats(0.001, 256))
def test_no_answer_is_quicker_than_its_work_nor_slower_than_patience(rate: float, cost: float, cores: float) -> None:
    assert min(cost, PATIENCE_SECONDS) <= response_seconds(rate, cost, cores) * (1 + 1e-9)
    assert response_seconds(rate, cost, cores) <= PATIENCE_SECONDS


@given(st.integers(1, 64), st.floats(0.001, 0.999))
def test_erlangs_recursion_gives_what_his_sum_gives(servers: int, utilisation: float) -> None:
    work = servers * utilisation
    assume(work < servers)
    terms = [1.0]
    for number in range(1, servers + 1):
        terms.append(terms[-1] * work / number)
    tail = terms[-1] / (1 - utilisation)
    assert erlang_c(servers, work) == pytest.approx(tail / (sum(terms[:-1]) + tail))


def test_latency_rises_steeply_near_full_use() -> None:
    figures = [round(response_seconds(rate, 0.1, 1.0), 2) for rate in (0, 5, 8, 9, 9.9, 10)]
    assert figures == [0.1, 0.2, 0.5, 1.0, 10.0, 10.0]  # one server: cost / (1 - utilisation)


def test_pods_that_are_not_there_serve_nothing() -> None:
    done = answer(12, 0.1, {})
    assert (done.served, done.unserved, done.utilisation, done.latency_seconds) == (0, 12, 1, None)


def test_a_full_pod_does_not_pass_its_surplus_on() -> None:
    done = answer(30, 0.1, {"small": 1.0, "big": 4.0})
    assert done.cpu_cores == pytest.approx({"small": 1.0, "big": 1.5})
    assert done.unserved == pytest.approx(5)


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_stays_between_nothing_and_its_peak_and_reaches_it(name: str) -> None:
    values = [shaped(name, 100, 60, 0.1).at(tenth / 10) for tenth in range(600)]
    assert min(values) >= 0
    assert max(values) == pytest.approx(100)


def test_nothing_is_offered_before_and_after_the_load() -> None:
    load = shaped("step", 100, 60, 0.1)
    assert [load.at(second) for second in (-0.1, 0, 59.9, 60)] == [0, 100, 100, 0]


def test_day_and_spike_begin_at_a_fifth_and_a_ramp_at_nothing() -> None:
    assert [shaped(name, 100, 60, 0.1).at(0) for name in ("day", "spike", "ramp")] == [100 * LOW, 100 * LOW, 0]


def test_an_unknown_shape_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UserError) as error:
        shaped("square", 100, 60, 0.1)
    assert str(error.value) == ('--shape: must be one of step, ramp, day, spike, or give --csv FILE, got "square"')


def test_a_load_of_ones_own_follows_straight_lines(tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    file.write_text("seconds,rps\n0,10\n10,30\n\n20,0\n")
    curve = csv_file.read(file)
    load = through(curve.points, 0.1)
    assert curve.height == "rps"
    assert [load.at(second) for second in (0, 5, 10, 15, 20, 25)] == [10, 20, 30, 15, 0, 0]


def test_every_bad_line_of_a_csv_file_is_named_at_once(tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    file.write_text("second,rps\n5,10\n4,10\n6,ten\n7,-1\n8,nan\n9\n")
    with pytest.raises(UserError) as error:
        csv_file.read(file)
    assert str(error.value).replace(f"{file}", "load.csv").splitlines() == [
        'load.csv:1: must name the columns seconds,rps or seconds,cpu, got "second,rps"',
        'load.csv:2: must be at 0 seconds, as the first point, got "5"',
        'load.csv:3: must be later than the point before (5 seconds), got "4"',
        'load.csv:4: must be two numbers, got "6,ten"',
        'load.csv:5: must be two finite numbers, rps not below 0, got "7,-1"',
        'load.csv:6: must be two finite numbers, rps not below 0, got "8,nan"',
        'load.csv:7: must be two numbers, got "9"',
    ]


def test_of_very_many_bad_lines_the_first_are_named_and_the_others_counted(tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    file.write_text("seconds,cpu\n0,1\n" + "x,y\n" * 30)
    with pytest.raises(UserError) as error:
        csv_file.read(file)
    lines = str(error.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == f"{file}: must be mended in 10 more places"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, 'must be a CSV file, got "No such file or directory"'),
        (b"seconds,rps\n0,1\n", "must have two points or more, got 1"),
        (b"\xff\xfe\x00", 'must be a CSV file, got "not text in UTF-8"'),
        (b"a" * 200_000, 'must be a CSV file, got "field larger than field limit (131072)"'),
    ],
    ids=["not-there", "one-point", "no-text", "one-long-word"],
)
def test_what_is_no_csv_file_of_a_load_is_refused(content: bytes | None, said: str, tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    if content:
        file.write_bytes(content)
    with pytest.raises(UserError) as error:
        csv_file.read(file)
    assert str(error.value) == f"{file}: {said}"


def test_options_that_are_not_given_have_their_defaults() -> None:
    load = wanted(None, None, None, None, None, None)
    assert (load.seconds, load.at(0), load.cost_core_seconds) == (120, 100, 0.02)


def test_cpu_directly_is_work_of_a_core_second_each(tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    file.write_text("seconds,cpu\n0,4\n10,4\n")
    for load in (wanted("step", None, None, 4.0, 10, None), wanted(None, None, None, None, None, file)):
        assert (load.at(5) * load.cost_core_seconds, load.cost_core_seconds, load.seconds) == (4, 1, 10)


def test_options_that_do_not_go_together_are_refused_all_at_once(tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    file.write_text("seconds,cpu\n0,4\n10,4\n")
    refused = []
    for options in (
        ("square", math.inf, None, 2.0, None, None),
        ("step", None, None, None, 5.0, Path("there")),
        (None, None, 0.1, None, None, file),
    ):
        with pytest.raises(UserError) as error:
            wanted(*options)
        refused += str(error.value).splitlines()
    assert refused == [
        "--rps: must be a finite number, got Infinity",
        '--shape: must be one of step, ramp, day, spike, or give --csv FILE, got "square"',
        "--rps: must not go with --cpu, which says it",
        "--shape: must not go with --csv, which says it",
        "--seconds: must not go with --csv, which says it",
        "--cost: must not go with the column cpu, which says it",
    ]


def test_a_pod_may_use_its_limit_and_its_part_of_the_node() -> None:
    pods = {
        "limited": {"node": "a", "limit_milli": 500},
        "free": {"node": "a"},
        "alone": {"node": "b", "limit_milli": 9000},
        "elsewhere": {"node": "unknown", "limit_milli": 250},
    }
    nodes = {"a": {"cpu_milli": 4000}, "b": {"cpu_milli": 3000}}
    assert capacities(pods, nodes) == {"limited": 0.5, "free": 2.0, "alone": 3.0, "elsewhere": 0.25}


def test_only_ready_pods_of_the_service_serve() -> None:
    labels = {"app": "api", "more": "x"}
    pods = {
        "ready": {"labels": labels, "serves": True},
        "starting": {"labels": labels},
        "other": {"labels": {"app": "web"}, "serves": True},
    }
    assert list(serving(Target("soil", "api", {"app": "api"}), pods)) == ["ready"]


def test_a_load_has_a_section_of_the_expression_that_replaces_its_former_one() -> None:
    first = with_load(IDLE, "soil", "api", [Used("b", "main", 400), Used("a", "main", 400), Used("c", "main", 50)], 1)
    both = with_load(first, "soil", "web", [Used("d", "main", 10)], 11)
    assert both == (
        "// load soil/web until 40\n"
        'UnixSecond(Now()) < 40.0 && pod.metadata.namespace == "soil"'
        ' && pod.metadata.name in ["d"] && container.name == "main"'
        ' ? Quantity("10m") :\n'
        "// end\n"
        "// load soil/api until 30\n"
        'UnixSecond(Now()) < 30.0 && pod.metadata.namespace == "soil"'
        ' && pod.metadata.name in ["c"] && container.name == "main"'
        ' ? Quantity("50m") :\n'
        'UnixSecond(Now()) < 30.0 && pod.metadata.namespace == "soil"'
        ' && pod.metadata.name in ["a", "b"] && container.name == "main"'
        ' ? Quantity("400m") :\n'
        "// end\n" + IDLE
    )
    assert with_load(with_load(both, "soil", "api", [], 12), "soil", "web", [], 12) == IDLE


def test_a_load_that_nobody_renews_ends_and_its_section_goes() -> None:
    killed = with_load(IDLE, "soil", "api", [Used("a", "main", 400)], 100)
    assert [is_loaded(killed, "soil", "api", now) for now in (101, 120, 130)] == [True, True, False]
    assert not is_loaded(killed, "soil", "web", 101)
    assert with_load(killed, "soil", "web", [], 130) == IDLE
    assert with_load(killed, "soil", "web", [], 120) == killed


def test_a_section_can_not_be_ended_by_a_name() -> None:
    names = [Used('a"]\n// end\n', "main", 1)]
    assert with_load(with_load(IDLE, "soil", "api", names, 0), "soil", "api", [], 0) == IDLE
    assert json.dumps(names[0].pod) in with_load(IDLE, "soil", "api", names, 0)
