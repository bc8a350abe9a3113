"""Which scenarios there are, and what a spec must have for them."""

from typing import Any

import pytest

from podzol.clusters.local.pace import Pace
from podzol.clusters.spec import ClusterSpec
from podzol.clusters.specs import load_spec
from podzol.faults import UserError
from podzol.local.karpenter import Elastic
from podzol.scenarios import service_under_load, under_fault
from podzol.scenarios.catalogue import SCENARIOS, scenario
from podzol.scenarios.run import refuse
from podzol.scenarios.settings import Settings


def test_the_scenarios_are_those_that_the_documentation_names() -> None:
    assert list(SCENARIOS) == [
        "gpu-from-zero",
        "service-under-load",
        "hpa",
        "node-autoscaling",
        "both",
        "spot-reclaim",
        "node-loss",
        "zone-loss",
        "no-capacity",
        "nightly",
    ]


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("spec", ["soil", "soil-small"])
@pytest.mark.parametrize("fast", [True, False])
def test_every_scenario_says_what_it_claims_of_every_bundled_cluster(name: str, spec: str, fast: bool) -> None:
    settings = Settings(Elastic(load_spec(spec), Pace(fast)))
    sentences = [claim.sentence for claim in SCENARIOS[name].claims(settings)]
    assert len(set(sentences)) == len(sentences) >= 5
    assert SCENARIOS[name].title


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("spec", ["soil", "soil-small"])
def test_every_bundled_cluster_has_what_every_scenario_needs(name: str, spec: str) -> None:
    refuse(SCENARIOS[name], load_spec(spec))


def test_an_unknown_scenario_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UserError) as error:
        scenario("day-and-night")
    names = ", ".join(SCENARIOS)
    assert str(error.value) == f'NAME: must be one of {names}, got "day-and-night"; see `podzol scenario list`'


CPU, GPU = 0, 1
"""Places of the pools in the spec."""


@pytest.mark.parametrize(
    ("name", "pool", "changed", "said"),
    [
        ("both", CPU, {"min": 6}, "soil.pools.cpu-pool.max: must be at least 7, min + 1 for both, got 6; raise max"),
        ("both", GPU, {"min": 4}, "soil.pools.gpu-pool.max: must be at least 5, min + 1 for both, got 4; raise max"),
        (
            "both",
            GPU,
            {"accelerator": None},
            "soil.pools.gpu-pool.accelerator: must be set for both; say which GPUs its nodes have",
        ),
        (
            "hpa",
            CPU,
            {"min": 0},
            "soil.pools.cpu-pool.min: must be nodes with room for 10 pods of 100m CPU for hpa, "
            'got "room for 0"; raise min, or take larger machines',
        ),
        (
            "node-autoscaling",
            CPU,
            {"min": 0},
            "soil.pools.cpu-pool.min: must be at least 1 for node-autoscaling, got 0; raise min",
        ),
        (
            "spot-reclaim",
            CPU,
            {"max": 2},
            "soil.pools.cpu-pool.max: must be at least 3, min + 2 for spot-reclaim, got 2; raise max",
        ),
        (
            "spot-reclaim",
            CPU,
            {"capacityType": "on-demand"},
            'soil.pools.cpu-pool.capacityType: must be spot for spot-reclaim, got "on-demand"; '
            "take another spec, or make it spot",
        ),
        (
            "zone-loss",
            CPU,
            {"zones": {"eks": ["us-east-1a"], "gke": []}},
            'soil.pools.cpu-pool.zones: must be at least 2 for zone-loss, got "us-east-1a"; add one',
        ),
    ],
)
def test_a_spec_that_lacks_what_a_scenario_needs_is_refused(
    name: str, pool: int, changed: dict[str, Any], said: str
) -> None:
    spec = load_spec("soil").model_dump(by_alias=True)
    spec["pools"][pool] |= changed
    with pytest.raises(UserError) as error:
        refuse(SCENARIOS[name], ClusterSpec.model_validate(spec))
    assert str(error.value) == said


def test_a_spec_without_the_pool_is_refused_once_for_all_its_needs() -> None:
    spec = load_spec("soil").model_dump(by_alias=True)
    spec["pools"] = spec["pools"][:1]
    with pytest.raises(UserError) as error:
        refuse(SCENARIOS["gpu-from-zero"], ClusterSpec.model_validate(spec))
    rule = 'must have gpu-pool for gpu-from-zero, got "cpu-pool"'
    assert str(error.value) == f"soil.pools: {rule}; take a spec that has it, such as soil"


def test_a_service_grows_beyond_any_floor() -> None:
    spec = load_spec("soil").model_dump(by_alias=True)
    spec["pools"][CPU] |= {"min": 5, "max": 9}
    service = service_under_load.service(Settings(Elastic(ClusterSpec.model_validate(spec), Pace(fast=True))))
    assert (service.grown, service.most, service.nodes) == (21, 21, 6)


@pytest.mark.parametrize(
    ("machine", "replica_milli"),
    [("m7i.large", 860), ("m7i.xlarge", 900), ("m7i.4xlarge", 3136), ("c7i.16xlarge", 12712)],
)
def test_two_to_five_replicas_fit_on_a_machine_of_any_size(machine: str, replica_milli: int) -> None:
    spec = load_spec("soil").model_dump(by_alias=True)
    spec["pools"][CPU]["machines"]["eks"] = [machine]
    settings = Settings(Elastic(ClusterSpec.model_validate(spec), Pace(fast=True)))
    assert settings.replica_milli == replica_milli
    assert under_fault.replicas(settings) <= 7
