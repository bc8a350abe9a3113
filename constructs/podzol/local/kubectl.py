"""Defines `Kubectl`: what we ask of a cluster's API, through the kubectl of the toolchain.

It applies YAML server-side and waits on conditions, needs no further dependency, and prints the very errors that a
user would see. What has to watch a cluster for long (a recorder) will want a client library instead.
"""

import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from podzol.faults import Failure
from podzol.local.toolchain import require
from podzol.local.waiting import within

KINDS_SECONDS = 60


@dataclass(frozen=True)
class Kubectl:
    """kubectl with one kubeconfig."""

    kubeconfig: Path

    def run(self, *arguments: str, stdin: str | None = None) -> str:
        """What the command prints.

        Raises:
            Failure: it ends with an error; the message is kubectl's own.
        """
        done = subprocess.run(
            [require("kubectl"), *arguments],
            input=stdin,
            env=os.environ | {"KUBECONFIG": str(self.kubeconfig)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failure(f"kubectl {' '.join(arguments[:3])}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def apply(self, text: str) -> None:
        """Apply YAML documents server-side."""
        self.run("apply", "--server-side", "--force-conflicts", "-f", "-", stdin=text)

    def add_kinds(self, text: str) -> None:
        """Apply CustomResourceDefinitions, and wait until the API serves their kinds.

        Not by `kubectl wait`, which gives up on conditions that are null, as they are at first.

        Raises:
            Failure: it doesn't serve them after a minute.
        """

        def unserved() -> list[str]:
            return [kind["metadata"]["name"] for kind in self.items("-f", "-", stdin=text) if not served(kind)]

        self.apply(text)
        if not within(KINDS_SECONDS, lambda: not unserved()):
            raise Failure(f"the API does not serve {', '.join(unserved())} after {KINDS_SECONDS} s")

    def create(self, objects: Iterable[dict[str, Any]]) -> None:
        """Create objects, status and all, where the API takes it (nodes); none is fine."""
        if text := yaml.safe_dump_all(objects):
            self.run("create", "-f", "-", stdin=text)

    def get(self, *arguments: str) -> dict[str, Any]:
        """One object."""
        return json.loads(self.run("get", *arguments, "-o", "json"))

    def items(self, *arguments: str, stdin: str | None = None) -> list[dict[str, Any]]:
        """Objects of a kind, or those that `-f -` names."""
        got = json.loads(self.run("get", *arguments, "-o", "json", stdin=stdin) or "{}")
        return got["items"] if got.get("kind", "").endswith("List") else [got] if got else []


def served(kind: dict[str, Any]) -> bool:
    """Whether the API serves the kind of a CustomResourceDefinition."""
    conditions = kind.get("status", {}).get("conditions") or []
    return any(each["type"] == "Established" and each["status"] == "True" for each in conditions)
