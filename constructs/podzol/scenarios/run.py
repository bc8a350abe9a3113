"""Defines `run`: a scenario from nothing to its report: an elastic cluster is started, played on, and ended."""

from contextlib import ExitStack
from pathlib import Path

from podzol.clusters.spec import ClusterSpec
from podzol.faults import Fault, UserError
from podzol.local.cluster import Cluster
from podzol.local.karpenter import Elastic
from podzol.local.lifecycle import down, up
from podzol.local.steps import Steps
from podzol.scenarios.live import view
from podzol.scenarios.played import Outcome, played
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.settings import Settings


def run(scenario: Scenario, cluster: Cluster, elastic: Elastic, folder: Path, steps: Steps, keep: bool) -> Outcome:
    """Play it on a cluster of its own; one that runs already with the same pools is used, and left running.

    Raises:
        UserError: the spec has not the pools that the scenario is about, or the cluster runs with another one.
        Failure: the cluster doesn't start, or can't be recorded.
    """
    refuse_other_pools(scenario, elastic.spec)
    settings = Settings(elastic)
    with ExitStack() as stack:
        own = up(cluster, elastic, steps)
        if own and not keep:
            stack.callback(down, cluster, steps)
        shown = view(scenario, settings, steps.console)
        return played(scenario, cluster, settings, folder, shown, clear=keep or not own)


def refuse_other_pools(scenario: Scenario, spec: ClusterSpec) -> None:
    """Refuse a spec without the pools that a scenario is about, or with pools that can't grow.

    Raises:
        UserError: each of them.
    """
    growing = {pool.name for pool in spec.pools if pool.max > pool.min}
    rule = f"must have a pool of this name whose max is above its min, for {scenario.name}"
    if faults := [Fault(f"{spec.name}.pools", rule, pool) for pool in scenario.pools if pool not in growing]:
        raise UserError(faults)
