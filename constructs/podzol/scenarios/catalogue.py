"""Defines which scenarios there are, in the order of the list."""

from podzol.faults import Fault, UserError
from podzol.scenarios import both, gpu_from_zero, hpa, node_autoscaling, service_under_load
from podzol.scenarios.scenario import Scenario

SCENARIOS = {
    each.SCENARIO.name: each.SCENARIO for each in (gpu_from_zero, service_under_load, hpa, node_autoscaling, both)
}


def scenario(name: str) -> Scenario:
    """The scenario of a name.

    Raises:
        UserError: there is none.
    """
    if name not in SCENARIOS:
        raise UserError([Fault("NAME", f"must be one of {', '.join(SCENARIOS)}", name, "see `podzol scenario list`")])
    return SCENARIOS[name]
