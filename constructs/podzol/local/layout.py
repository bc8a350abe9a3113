"""Defines `layout`: what nodes the options of `podzol local up` ask for."""

from podzol.clusters.local.pace import Pace
from podzol.clusters.specs import load_spec
from podzol.faults import Fault, UserError
from podzol.local.karpenter import Elastic
from podzol.local.nodes import Pool, sized


def layout(nodes: list[str], spec: str | None, fast: bool, join_seconds: int | None) -> tuple[Pool, ...] | Elastic:
    """A fixed number of nodes, or the pools of a spec that grow.

    Raises:
        UserError: every option that is wrong, or goes with another one only.
    """
    if spec is None:
        alone = {"--fast": fast, "--node-join": join_seconds is not None}
        rule, fix = "must go with --spec", "name a spec, such as --spec soil"
        if faults := [Fault(option, rule, fix=fix) for option, given in alone.items() if given]:
            raise UserError(faults)
        return sized(nodes)
    if nodes:
        rule, fix = "must not go with --spec, whose pools have a min and a max", "leave one of them out"
        raise UserError([Fault("--nodes", rule, fix=fix)])
    return Elastic(load_spec(spec), Pace(fast, join_seconds))
