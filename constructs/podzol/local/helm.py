"""Defines `Helm`: the real Helm of the toolchain on one cluster, with settings of its own.

Helm's cache, configuration and data stay in the cluster's folder, so nothing of the user's Helm is read or changed.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from podzol.faults import Failure, Fault, UserError
from podzol.local.cluster import Cluster
from podzol.local.toolchain import require

WAIT_SECONDS = 120
"""How long a release may take to be ready on simulated nodes."""


@dataclass(frozen=True)
class Release:
    """A Helm release: its name, its namespace, and the chart folder and values file it is made of."""

    name: str
    namespace: str
    chart: Path
    values: Path | None = None

    @property
    def values_arguments(self) -> list[str]:
        """The arguments that give Helm the values file."""
        return ["--values", str(self.values)] if self.values else []


@dataclass(frozen=True)
class Helm:
    """Helm on one cluster."""

    cluster: Cluster

    def run(self, *arguments: str) -> str:
        """What Helm prints.

        Raises:
            Failure: it ends with an error; the message is Helm's own.
        """
        done = self.try_run(*arguments)
        if done.returncode:
            raise Failure(f"helm {' '.join(arguments[:3])}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def try_run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The finished command, whatever its exit code."""
        home = self.cluster.folder / "helm"
        own = {f"HELM_{kind}_HOME": str(home / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")}
        return subprocess.run(
            [require("helm"), *arguments],
            env=os.environ | own | {"KUBECONFIG": str(self.cluster.kubeconfig)},
            capture_output=True,
            text=True,
            check=False,
        )

    def refuse_releases(self, *namespaces: str) -> None:
        """Refuse a cluster on which something is installed where we are about to install, and clear away.

        Raises:
            UserError: it is so.
        """
        releases = json.loads(self.run("list", "--all-namespaces", "--output", "json"))
        there = [f"{each['name']} in {each['namespace']}" for each in releases if each["namespace"] in namespaces]
        if there:
            rule = f"must be a cluster without Helm releases in {' and '.join(namespaces)}"
            fix = f"uninstall them, or `podzol local down{self.cluster.option}`"
            raise UserError([Fault("--name", rule, ", ".join(there), fix)])

    def install(self, release: Release, *more: str) -> None:
        """Install the release and wait until all of it is ready, complete or bound."""
        self.run("install", release.name, str(release.chart), *self.common(release), *more)

    def upgrade(self, release: Release, *more: str) -> None:
        """Upgrade the release to its chart and values, and wait as `install` does."""
        self.run("upgrade", release.name, str(release.chart), *self.common(release), *more)

    def common(self, release: Release) -> list[str]:
        """The arguments that installing and upgrading share."""
        waiting = ["--wait", "--wait-for-jobs", f"--timeout={WAIT_SECONDS}s"]
        return ["--namespace", release.namespace, *release.values_arguments, *waiting]

    def test(self, release: Release) -> None:
        """Run the release's `helm test` hooks."""
        self.run("test", release.name, "--namespace", release.namespace, f"--timeout={WAIT_SECONDS}s")

    def rollback(self, release: Release) -> None:
        """Go back to the revision before the current one."""
        arguments = ["--namespace", release.namespace, "--wait", f"--timeout={WAIT_SECONDS}s"]
        self.run("rollback", release.name, *arguments)

    def uninstall(self, release: Release) -> str:
        """Uninstall the release; gives what Helm says, with the objects that it kept."""
        return self.run("uninstall", release.name, "--namespace", release.namespace, "--wait")

    def template(self, release: Release) -> list[dict[str, Any]]:
        """The objects of the release, hooks too, rendered without the cluster."""
        arguments = ["--namespace", release.namespace, *release.values_arguments]
        return load(self.run("template", release.name, str(release.chart), *arguments))

    def objects(self, release: Release) -> list[dict[str, Any]]:
        """The objects that the current revision installed, as they are in the cluster now."""
        manifest = self.run("get", "manifest", release.name, "--namespace", release.namespace)
        return self.cluster.kubectl.items("-f", "-", "--namespace", release.namespace, stdin=manifest)

    def hooks(self, release: Release) -> set[str]:
        """The hooks that the release has, such as `test`."""
        hooks = load(self.run("get", "hooks", release.name, "--namespace", release.namespace))
        annotations = [hook["metadata"]["annotations"]["helm.sh/hook"] for hook in hooks]
        return {name.strip() for names in annotations for name in names.split(",")}

    def history(self, release: Release) -> list[dict[str, Any]]:
        """The release's revisions."""
        return json.loads(self.run("history", release.name, "--namespace", release.namespace, "-o", "json"))


def load(text: str) -> list[dict[str, Any]]:
    """The documents of a YAML stream, without the empty ones."""
    return [document for document in yaml.safe_load_all(text) if document]
