"""Defines the demo: `run` reads as the list of its stages, `scale` plays a scenario, `show` tells what happened."""

from collections.abc import Callable
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from podzol.clusters.local.pace import Pace
from podzol.clusters.specs import load_spec
from podzol.demo import stages
from podzol.demo.releases import NAMESPACES, plan
from podzol.demo.stages import Story
from podzol.faults import Failure
from podzol.local.cluster import Cluster
from podzol.local.helm import Helm
from podzol.local.karpenter import Elastic
from podzol.local.lifecycle import down, up
from podzol.local.nodes import DEFAULT_POOLS
from podzol.local.steps import Step, Steps
from podzol.local.toolchain import require
from podzol.local.toolchain.tools import select
from podzol.scenarios import both, verdicts
from podzol.scenarios.played import Outcome
from podzol.scenarios.run import run as play

SPEC = "soil"
"""Of the elastic cluster."""
ALL_GO_THROUGH = ("installed", "uninstalled")


def run(root: Path, cluster: Cluster, steps: Steps, keep: bool) -> list[Story]:
    """From Python to releases on a real Kubernetes API and back; gives what happened to each release.

    Args:
        root: the repository.
        cluster: started and, unless `keep`, ended.
        steps: told what happens.
        keep: leave the releases and the cluster as they are after the rollback.

    Raises:
        UserError: the cluster is there, with releases where ours would be.
        Failure: a tool is missing, or a stage went wrong; the cluster is ended all the same, unless `keep`.
    """

    for tool in select(["cluster", "autoscaling"]):  # `scale` comes last, and would be the first to miss one
        require(tool.name)

    def stage(name: str, do: Callable[[Step], None]) -> None:
        with steps.step(name) as step:
            do(step)

    stage("podzol synth", lambda step: stages.synthesize(root, step))
    stage("podzol charts build", lambda step: stages.build_charts(root, step))
    stage("helm lint --strict", lambda step: stages.lint_charts(root, step))
    stage("podzol charts package", lambda step: stages.package_charts(root, step))
    stories = [Story(release) for release in plan(root / "charts")]
    helm = Helm(cluster)
    if not up(cluster, DEFAULT_POOLS, steps):
        helm.refuse_releases(*NAMESPACES)
    try:
        stage("namespaces", lambda step: stages.make_namespaces(cluster, step))
        stage("helm install", lambda step: stages.install(helm, stories, step))
        stage("helm test", lambda step: stages.test(helm, stories, step))
        stage("helm upgrade", lambda step: stages.upgrade(helm, stories, step))
        stage("helm rollback", lambda step: stages.roll_back(helm, stories, step))
        if not keep:
            stage("helm uninstall", lambda step: stages.uninstall(helm, stories, step))
    finally:
        if not keep:
            down(cluster, steps)
    return stories


def scale(root: Path, cluster: Cluster, steps: Steps, keep: bool) -> Outcome:
    """The same Helm charts on an elastic cluster: a GPU node for a training job, more of cpu-pool for the data API.

    Args:
        root: the repository; the report goes to its `build/demo`.
        cluster: started with the pools of a spec, and ended unless `keep`.

    Raises:
        Failure: a claim of the scenario doesn't hold; the message has what happened.
    """
    elastic = Elastic(load_spec(SPEC), Pace(fast=True))
    outcome = play(both.SCENARIO, cluster, elastic, root / "build/demo", steps, keep)
    verdicts.show(outcome, steps.console)
    if not outcome.held:
        raise Failure(outcome.explanation())
    return outcome


def show(stories: list[Story]) -> None:
    """Print what happened to each release, as a table."""
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column("release", no_wrap=True)
    for heading in ("values", "came to", "after", "then"):
        table.add_column(heading, overflow="fold")
    for namespace in NAMESPACES:
        table.add_row(f"[bold]{namespace}[/bold]")
        for story in stories:
            if story.release.namespace == namespace:
                table.add_row(*cells(story))
    Console(highlight=False).print(table)


def cells(story: Story) -> list[str]:
    """The row of one release."""
    release = story.release
    values = release.values.name.removesuffix("-values.yaml") if release.values else "defaults"
    then = [stage for stage in story.stages if stage not in ALL_GO_THROUGH]
    if story.kept and "uninstalled" in story.stages:
        then.append("data kept")
    return [release.name, values, story.state, f"{story.ready_seconds:.1f} s", ", ".join(then)]
