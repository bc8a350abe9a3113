"""Defines `run`, the demo: it reads as the list of its stages, and ends in a table of what happened."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from podzol.demo import stages
from podzol.demo.releases import plan
from podzol.demo.stages import Story
from podzol.local.cluster import Cluster
from podzol.local.helm import Helm
from podzol.local.lifecycle import down, up
from podzol.local.nodes import DEFAULT_POOLS
from podzol.local.steps import Step, Steps


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
    table = Table("namespace", "Helm chart", "values", "came to", "then", title="What happened", title_justify="left")
    for story in stories:
        release = story.release
        values = release.values.name.removesuffix("-values.yaml") if release.values else "defaults"
        kept = ", ".join(f"{kind}/{name}" for kind, name in story.kept)
        after = ", ".join(story.stages[1:]) + (f"; kept {kept}" if kept and "uninstalled" in story.stages else "")
        table.add_row(release.namespace, release.chart.name, values, story.state, after)
    Console(highlight=False).print(table)
