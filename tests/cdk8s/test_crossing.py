"""Constructs cross many at a time, and nothing that cdk8s users do can tell."""

from collections.abc import Callable
from typing import Any

# isort: split
import cdk8s_plus_28 as kplus
import jsii
import pytest
from cdk8s import App, Chart
from constructs import Construct

from podzol.workloads import crossing

MakeMap = Callable[..., dict[str, Any]]


def names(chart: Chart) -> list[str]:
    return [manifest["metadata"]["name"] for manifest in chart.to_json()]


def test_objects_of_ours_and_of_others_stand_in_the_order_in_which_they_were_made(
    chart: Chart, told: Any, config_map: MakeMap
) -> None:
    told(chart, "a", [config_map("a")])
    kplus.ConfigMap(chart, "b", metadata={"name": "b"})
    told(chart, "c", [config_map("c")])
    told(chart, "d", [config_map("d")])
    kplus.ConfigMap(chart, "e", metadata={"name": "e"})
    assert names(chart) == ["a", "b", "c", "d", "e"]


def test_many_cross_in_few_calls(chart: Chart, told: Any, config_map: MakeMap, monkeypatch: Any) -> None:
    calls = []
    monkeypatch.setattr(jsii, "sinvoke", lambda *args, real=jsii.sinvoke: calls.append(args[1]) or real(*args))
    expected = [f"map-{number}" for number in range(2 * crossing.BATCH + 1)]
    for name in expected:
        told(chart, name, [config_map(name)])
    assert calls.count("makeAll") == 2
    assert names(chart) == expected
    assert calls.count("makeAll") == 3


def test_cdk8s_gives_back_the_very_construct(chart: Chart, told: Any, config_map: MakeMap) -> None:
    made = told(chart, "a", [config_map("a")])
    assert chart.node.find_child("a") is made


def test_a_construct_may_hold_others(chart: Chart, told: Any, config_map: MakeMap) -> None:
    outer = told(chart, "outer", [config_map("outer")])
    inner = told(Construct(outer, "group"), "inner", [config_map("inner")])
    assert inner.node.path == "soil/outer/group/inner"
    assert names(chart) == ["outer", "inner"]


def test_scopes_are_kept_apart(app: App, told: Any, config_map: MakeMap) -> None:
    charts = [Chart(app, name, namespace="soil") for name in ("one", "two")]
    for chart in charts:
        told(chart, "a", [config_map(f"a-{chart.node.id}")])
    assert [names(chart) for chart in charts] == [["a-one"], ["a-two"]]


def test_one_that_cdk8s_refuses_is_told_and_the_others_are_made(chart: Chart, told: Any, config_map: MakeMap) -> None:
    kplus.ConfigMap(chart, "b", metadata={"name": "theirs"})
    for name in ("a", "b", "c"):
        told(chart, name, [config_map(name)])
    with pytest.raises(RuntimeError, match=r"^There is already a Construct with name 'b' in Chart"):
        chart.to_json()
    assert sorted(names(chart)) == ["a", "c", "theirs"]
