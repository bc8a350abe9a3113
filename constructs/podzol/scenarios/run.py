"""Defines `run`: a scenario from nothing to its report: an elastic cluster is started, played on, and ended."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from podzol.clusters.spec import ClusterSpec
from podzol.elasticity.records import FILE_NAME
from podzol.faults import UserError
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
        UserError: the spec lacks what the scenario needs, or the cluster runs with another one.
        Failure: the cluster doesn't start, or can't be recorded.
    """
    refuse(scenario, elastic.spec)
    settings = Settings(elastic)
    with ExitStack() as stack:
        own = up(cluster, elastic, steps)
        if own and not keep:
            stack.callback(down, cluster, steps)
        shown = view(scenario, settings, steps.console)
        try:
            return played(scenario, cluster, settings, folder, shown, clear=keep or not own)
        except KeyboardInterrupt:
            if (folder / FILE_NAME).is_file():
                steps.console.print(f"what was recorded until then: podzol report {folder}", soft_wrap=True)
            raise


def refuse(scenario: Scenario, spec: ClusterSpec) -> None:
    """Refuse a spec that lacks what a scenario needs.

    Raises:
        UserError: all that it lacks.
    """
    faults = dict.fromkeys(fault for need in scenario.needs for fault in need(spec))
    if faults:
        raise UserError(replace(fault, rule=f"{fault.rule} for {scenario.name}") for fault in faults)
