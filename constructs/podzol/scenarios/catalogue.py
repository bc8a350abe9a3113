"""Defines which scenarios there are, in the order of the list."""

from podzol.faults import Fault, UserError
from podzol.scenarios import (
    both,
    gpu_from_zero,
    hpa,
    nightly,
    no_capacity,
    node_autoscaling,
    node_loss,
    service_under_load,
    spot_reclaim,
    zone_loss,
)
from podzol.scenarios.scenario import Scenario

SCENARIOS: dict[str, Scenario] = {
    each.SCENARIO.name: each.SCENARIO
    for each in (
        gpu_from_zero,
        service_under_load,
        hpa,
        node_autoscaling,
        both,
        spot_reclaim,
        node_loss,
        zone_loss,
        no_capacity,
        nightly,
    )
}


def scenario(name: str) -> Scenario:
    """The scenario of a name.

    Raises:
        UserError: there is none.
    """
    if name not in SCENARIOS:
        raise UserError([Fault("NAME", f"must be one of {', '.join(SCENARIOS)}", name, "see `podzol scenario list`")])
    return SCENARIOS[name]
