"""The real cdk8s gives the objects that `render` gives, and writes the bytes that `to_yaml` writes."""

from typing import Any

import podzol

# isort: split
import pytest
from cdk8s import App, Chart
from hypothesis import strategies as st
from random_values import RELEASES, sample, values_of

from podzol.synth.yaml import to_yaml
from podzol.workloads import WORKLOADS

RANDOM_CASES = 12
"""Value sets a workload; the property tests of the language draw thousands, this one looks at the crossing."""


def as_cdk8s_keeps_it(value: Any) -> Any:
    """Without keys whose value is null, which only what is passed through can hold: to Kubernetes, null is unset."""
    if isinstance(value, dict):
        return {key: as_cdk8s_keeps_it(item) for key, item in value.items() if item is not None}
    return [as_cdk8s_keeps_it(item) for item in value] if isinstance(value, list) else value


def compared(app: App, cases: list[tuple[Any, dict[str, Any], str]]) -> None:
    """Cross all cases in one app, each in a cdk8s chart of its own, and compare objects and bytes."""
    expected = []
    for number, (workload, values, release) in enumerate(cases):
        chart = Chart(app, f"case-{number}", namespace="soil")
        try:
            workload(chart, release, values)
        except podzol.ValuesError:
            continue  # a rule refuses them: nothing crosses
        expected.append(workload.render(values, release=release, namespace="soil"))
        assert chart.to_json() == as_cdk8s_keeps_it(expected[-1]), (workload, values)
    assert expected
    assert app.synth_yaml() == to_yaml(manifest for manifests in expected for manifest in manifests)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.chart)
def test_cdk8s_gives_what_render_gives_for_every_example(app: App, workload: type[podzol.Workload]) -> None:
    compared(app, [(workload, example.values, f"soil-{example.name}") for example in workload.examples()])


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.chart)
def test_cdk8s_gives_what_render_gives_for_random_values(app: App, workload: type[podzol.Workload]) -> None:
    drawn = sample(st.tuples(values_of(workload.Values), RELEASES), RANDOM_CASES, number=4)
    compared(app, [(workload, values, release) for values, release in drawn])
