"""Defines `run`, the demo: it reads as the list of its stages, and ends in a table of what happened."""

from collections.abc import Callable
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from podzol.demo import stages
from podzol.demo.releases import NAMESPACES, plan
from podzol.demo.stages import Story
from podzol.local.cluster import Cluster
from podzol.local.helm import Helm
from podzol.local.lifecycle import down, up
from podzol.local.nodes import DEFAULT_POOLS
from podzol.local.steps import Step, Steps

ALL_GO_THROUGH = ("installed", "uninstalled")


def run(root: Path, cluster: Cluster, steps: Steps, keep: bool) -> list[Story]:
    """From Python to releases on a real Kubernetes API and back; gives what happened to each release.

    Args:
        root: the repository.
        cluster: started and, unless `keep`, ended.
        steps: told what happens.
        keep: leave the releases and the cluster as they are after the rollback.

    Raises:
        Failure: a stage went wrong; the cluster is ended all the same, unless `keep`.
    """

    def stage(name: str, do: Callable[[Step], None]) -> None:
        with steps.step(name) as step:
            do(step)

    stage("podzol synth", lambda step: stages.synthesize(root, step))
    stage("podzol charts build", lambda step: stages.build_charts(root, step))
    stage("helm lint --strict", lambda step: stages.lint_charts(root, step))
    stage("podzol charts package", lambda step: stages.package_charts(root, step))
    stories = [Story(release) for release in plan(root / "charts")]
    helm = Helm(cluster)
    up(cluster, DEFAULT_POOLS, steps)
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
