"""Defines `run`: a scenario from nothing to its report: an elastic cluster is started, played on, and ended."""

import time
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path

from podzol.clusters.spec import ClusterSpec
from podzol.elasticity.records import refuse_taken
from podzol.elasticity.words import several
from podzol.faults import Failure, Fault, UserError
from podzol.local.cluster import Cluster
from podzol.local.helm import Helm
from podzol.local.karpenter import Elastic
from podzol.local.lifecycle import down, up
from podzol.local.steps import Steps
from podzol.scenarios.live import view
from podzol.scenarios.played import Outcome, played
from podzol.scenarios.scenario import Scenario
from podzol.scenarios.settings import Settings
from podzol.scenarios.stage import NAMESPACE

CLEAR_SECONDS = 120
POLL_SECONDS = 1.0


def run(scenario: Scenario, cluster: Cluster, elastic: Elastic, folder: Path, steps: Steps, keep: bool) -> Outcome:
    """Play it on a cluster of its own; one that runs already with the same pools is used, and left running.

    Raises:
        UserError: the spec lacks what the scenario needs; the cluster runs with another one, has releases where the
            scenario's would be, or is played on already.
        Failure: the folder can't be written, the cluster doesn't start, or can't be recorded.
    """
    refuse(scenario, elastic.spec)
    settings = Settings(elastic)
    with ExitStack() as stack:
        stack.enter_context(alone(cluster))
        refuse_taken(folder)
        own = up(cluster, elastic, steps)
        if not own:
            Helm(cluster).refuse_releases(NAMESPACE)
        stack.callback(clear if keep or not own else down, cluster, steps)
        wait_for_minimum(cluster, settings, steps)
        try:
            return played(scenario, cluster, settings, folder, view(scenario, settings, steps.console))
        except KeyboardInterrupt:
            steps.console.print(f"interrupted; what was recorded until then: podzol report {folder}", soft_wrap=True)
            raise


def alone(cluster: Cluster) -> AbstractContextManager[None]:
    """One scenario at a time is played on a cluster: each of two would uninstall what the other has installed.

    Raises:
        UserError: another one is.
    """

    def refuse_second() -> None:
        rule, fix = "must be a cluster on which no scenario is being played", "take another name, or wait for its end"
        raise UserError([Fault("--name", rule, cluster.name, fix)])

    return cluster.held(".scenario", refuse_second)


def wait_for_minimum(cluster: Cluster, settings: Settings, steps: Steps) -> None:
    """Wait until no node is left of what was played before.

    Raises:
        Failure: there are too many still.
    """
    floor = sum(pool.min for pool in settings.elastic.spec.pools)
    if nodes_of(cluster) <= floor:
        return
    with steps.step("nodes of before") as step:
        deadline = time.monotonic() + settings.removal
        while (there := nodes_of(cluster)) > floor:
            if time.monotonic() > deadline:
                raise Failure(f"{cluster.name} has {there} nodes, {floor} at least; end what runs on it first")
            time.sleep(POLL_SECONDS)
        step.note = "gone"


def nodes_of(cluster: Cluster) -> int:
    """How many there are."""
    return len(cluster.kubectl.items("nodes"))


def clear(cluster: Cluster, steps: Steps) -> None:
    """Uninstall everything and delete the data: whoever plays next finds the cluster empty.

    Raises:
        Failure: Helm's own words, or something doesn't go.
    """
    helm = Helm(cluster)
    with steps.step("clear") as step:
        releases = helm.run("list", "--short", "--namespace", NAMESPACE).split()
        for release in releases:
            helm.run("uninstall", release, "--namespace", NAMESPACE, "--wait")
        cluster.kubectl.run("delete", "namespace", NAMESPACE, "--ignore-not-found", f"--timeout={CLEAR_SECONDS}s")
        step.note = f"{several(len(releases), 'release')} uninstalled; the cluster goes on"


def refuse(scenario: Scenario, spec: ClusterSpec) -> None:
    """Refuse a spec that lacks what a scenario needs.

    Raises:
        UserError: all that it lacks.
    """
    faults = dict.fromkeys(fault for need in scenario.needs for fault in need(spec))
    if faults:
        raise UserError(replace(fault, rule=f"{fault.rule} for {scenario.name}") for fault in faults)
