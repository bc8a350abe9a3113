"""Which scenarios there are, and what a spec must have for them."""

import pytest

from podzol.clusters.local.pace import Pace
from podzol.clusters.spec import ClusterSpec
from podzol.clusters.specs import load_spec
from podzol.faults import UserError
from podzol.local.karpenter import Elastic
from podzol.scenarios.catalogue import SCENARIOS, scenario
from podzol.scenarios.run import refuse_other_pools
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


def test_an_unknown_scenario_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UserError) as error:
        scenario("day-and-night")
    names = ", ".join(SCENARIOS)
    assert str(error.value) == f'NAME: must be one of {names}, got "day-and-night"; see `podzol scenario list`'


def test_a_spec_whose_pool_can_not_grow_is_refused() -> None:
    fixed = load_spec("soil").model_dump(by_alias=True)
    for pool in fixed["pools"]:
        pool["min"] = pool["max"]
    with pytest.raises(UserError) as error:
        refuse_other_pools(SCENARIOS["both"], ClusterSpec.model_validate(fixed))
    rule = "must have a pool of this name whose max is above its min, for both"
    assert str(error.value) == f'soil.pools: {rule}, got "cpu-pool"\nsoil.pools: {rule}, got "gpu-pool"'
