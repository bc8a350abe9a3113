"""Defines the stages of the demo, one function each, in their order. Does not define the whole: `demo` does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import yaml

from podzol.demo.releases import NAMESPACES, takes_image
from podzol.faults import Failure
from podzol.local.cluster import Cluster
from podzol.local.helm import Helm, Release
from podzol.local.prerequisites import provide
from podzol.local.readiness import summary
from podzol.local.steps import Step

NEW_TAG = "9.9.9-demo"
"""An image tag that no release has; simulated nodes pull nothing."""
LEVEL = "pod-security.kubernetes.io"
KEEP = ("helm.sh/resource-policy", "keep")
"""Annotation of the objects that Helm leaves behind. Source: https://helm.sh/docs/howto/charts_tips_and_tricks/"""


@dataclass
class Story:
    """What happened to one release."""

    release: Release
    state: str = ""
    """What its objects came to, after the installation."""
    ready_seconds: float = 0.0
    """How long the installation took, until all of it was ready, complete or bound."""
    stages: list[str] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    """Kind and name of the objects that its uninstallation left, as they should be."""


def synthesize(root: Path, step: Step) -> None:
    """Python platforms to plain manifests, without Helm or Node."""
    from podzol.synth import files
    from podzol.workloads.platform import platforms_in

    apps = sorted((root / "apps").glob("*/application.py"))
    written = files.write(root / "dist/manifests", files.manifest_files(p for app in apps for p in platforms_in(app)))
    objects = sum(path.read_text(encoding="utf-8").count("\nkind: ") for path in written)
    step.note = f"{objects} manifests of {len(written)} platforms in dist/manifests"


def build_charts(root: Path, step: Step) -> None:
    """Python workloads to Helm charts."""
    from podzol.charts import build
    from podzol.charts.catalogue import all_charts

    folders = build.folders(all_charts(), root / "CHANGELOG.md")
    changed = build.write(root / "charts", folders)
    step.note = f"{len(folders)} Helm charts in charts/, {len(changed)} files changed"


def lint_charts(root: Path, step: Step) -> None:
    """`helm lint --strict` with the defaults and every example."""
    from podzol.charts.lint import lint_all, scenarios
    from podzol.local.toolchain import require

    cases = scenarios(root / "charts")
    lint_all(require("helm"), cases)
    step.note = f"{len(cases)} scenarios, no fault"


def package_charts(root: Path, step: Step) -> None:
    """Helm charts to packages in the repository."""
    from podzol.charts import build
    from podzol.charts.catalogue import all_charts

    packages, added = build.package(root / "dist/charts", all_charts(), root / "CHANGELOG.md")
    step.note = f"{len(packages)} packages in dist/charts, {len(added)} of them new"


def make_namespaces(cluster: Cluster, step: Step) -> None:
    """Two namespaces that refuse every pod below the restricted level."""
    labels = {f"{LEVEL}/enforce": "restricted", f"{LEVEL}/warn": "restricted"}
    namespaces = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}} for name in NAMESPACES
    ]
    cluster.kubectl.apply(yaml.safe_dump_all(namespaces))
    step.note = f"{' and '.join(NAMESPACES)}, Pod Security restricted"


def install(helm: Helm, stories: list[Story], step: Step) -> None:
    """Install every release and wait until it is ready; what it takes for granted is made first."""

    def one(story: Story) -> None:
        release = story.release
        provide(helm.cluster.kubectl, release.namespace, helm.template(release))
        started = monotonic()
        helm.install(release)
        story.ready_seconds = monotonic() - started
        things = helm.objects(release)
        story.state = summary(things)
        story.kept = [(t["kind"], t["metadata"]["name"]) for t in things if is_kept(t)]

    each(helm, stories, "installed", one, step)


def is_kept(thing: dict) -> bool:
    """Whether Helm leaves the object when its release goes."""
    annotation, value = KEEP
    return thing["metadata"].get("annotations", {}).get(annotation) == value


def test(helm: Helm, stories: list[Story], step: Step) -> None:
    """Run `helm test` on the releases that have tests."""
    tested = [story for story in stories if "test" in helm.hooks(story.release)]
    each(helm, tested, "tested", lambda story: helm.test(story.release), step)


def upgrade(helm: Helm, stories: list[Story], step: Step) -> None:
    """Upgrade every release that has an image to another tag."""
    upgraded = [story for story in stories if takes_image(story.release)]
    each(helm, upgraded, "upgraded", lambda story: helm.upgrade(story.release, "--set", f"image.tag={NEW_TAG}"), step)


def roll_back(helm: Helm, stories: list[Story], step: Step) -> None:
    """Roll the upgraded releases back."""
    upgraded = [story for story in stories if "upgraded" in story.stages]
    each(helm, upgraded, "rolled back", lambda story: helm.rollback(story.release), step)


def uninstall(helm: Helm, stories: list[Story], step: Step) -> None:
    """Uninstall every release, the last one first; the data must stay."""

    def one(story: Story) -> None:
        helm.uninstall(story.release)
        for kind, name in story.kept:
            kept = helm.cluster.kubectl.get(kind, name, "--namespace", story.release.namespace)
            if kept["status"]["phase"] != "Bound":
                raise Failure(f"{kind} {name} is {kept['status']['phase']} after the uninstallation, not Bound")

    each(helm, stories[::-1], "uninstalled", one, step)
    step.note += f"; {sum(len(story.kept) for story in stories)} claims and volumes kept, still bound"


def each(helm: Helm, stories: list[Story], done: str, one: Callable[[Story], None], step: Step) -> None:
    """Do one thing to every story, the namespaces side by side, and note it on each."""

    def all_of(namespace: str) -> None:
        for story in stories:
            if story.release.namespace == namespace:
                try:
                    one(story)
                except Failure as failure:
                    raise Failure(f"{failure}\n{warnings(helm, namespace)}".rstrip()) from failure
                story.stages.append(done)
                finished = sum(done in other.stages for other in stories)
                step.doing(f"{finished} of {len(stories)} {done}", finished / len(stories))

    with ThreadPoolExecutor(len(NAMESPACES)) as pool:
        list(pool.map(all_of, NAMESPACES))
    step.note = f"{len(stories)} releases {done}"


def warnings(helm: Helm, namespace: str) -> str:
    """The last warnings of the namespace: why something isn't ready."""
    events = helm.cluster.kubectl.items("events", "--namespace", namespace, "--field-selector", "type=Warning")
    return "\n".join(f"  {event['involvedObject']['name']}: {event['message']}" for event in events[-5:])
