"""Defines `Cluster`, an embedded cluster by name: where its files are, what is known of it, and whether it runs.

Its folder is `$PODZOL_STATE`, else `$XDG_STATE_HOME/podzol`, else `~/.local/state/podzol`, then `clusters/<name>`;
nobody but the user can enter it. Does not define how a cluster starts and ends: `lifecycle` does.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from podzol.faults import Failure, Fault, UserError
from podzol.local.kubectl import Kubectl
from podzol.local.processes import ids_under
from podzol.local.toolchain.cache import locked, placing

DEFAULT_NAME = "podzol"
NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?")
PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok-controller", "metrics-server")
"""The programs of every cluster that runs, by kwokctl's names."""
State = Literal["absent", "half-made", "stopped", "running"]


def state_root() -> Path:
    """The folder of all clusters; it need not exist yet."""
    own = os.environ.get("PODZOL_STATE")
    state = (
        Path(own).absolute()
        if own
        else Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "podzol"
    )
    return state / "clusters"


@dataclass(frozen=True)
class Cluster:
    """An embedded cluster, there or not.

    Raises:
        UserError: the name isn't a DNS label of at most 40 characters.
    """

    name: str = DEFAULT_NAME
    root: Path = field(default_factory=state_root)
    """The folder of all clusters, as it was when this one was named."""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            rule = "must be lowercase letters, digits and dashes, at most 40, starting and ending with no dash"
            raise UserError([Fault("--name", rule, self.name)])

    @property
    def folder(self) -> Path:
        """All files of the cluster."""
        return self.root / self.name

    @property
    def kubeconfig(self) -> Path:
        """The file for KUBECONFIG."""
        return self.folder / "kubeconfig"

    @property
    def workdir(self) -> Path:
        """The folder that kwokctl works in."""
        return self.folder / "kwok"

    @property
    def home(self) -> Path:
        """The folder that the programs work in."""
        return self.workdir / "clusters" / self.name

    @property
    def logs(self) -> Path:
        """The folder of the programs' logs."""
        return self.home / "logs"

    @property
    def links(self) -> Path:
        """The folder of the links through which the programs are started."""
        return self.home / "bin"

    @property
    def further_records(self) -> list[Path]:
        """The records of the programs that kwokctl doesn't know, such as Karpenter."""
        return sorted((self.folder / "programs").glob("*.json"))

    @property
    def programs(self) -> tuple[str, ...]:
        """Names of the programs that run while the cluster does."""
        return (*PROGRAMS, *(path.stem for path in self.further_records))

    @cached_property
    def kubectl(self) -> Kubectl:
        """kubectl for this cluster."""
        return Kubectl(self.kubeconfig)

    @property
    def facts(self) -> dict[str, Any]:
        """What we recorded of the cluster; empty when there is nothing, or nothing of ours."""
        try:
            facts = json.loads((self.folder / "cluster.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return facts if isinstance(facts, dict) else {}

    def write_facts(self, facts: dict[str, Any]) -> None:
        """Record it anew, whole or not at all."""
        self.write("cluster.json", json.dumps(facts, indent=2) + "\n")

    def add_facts(self, more: dict[str, Any]) -> None:
        """Record something more, beside what another command records meanwhile."""
        with locked(self.folder / ".facts"):
            self.write_facts(self.facts | more)

    def write(self, name: str, text: str) -> Path:
        """Write a file of the folder, for the user's eyes only."""
        path = self.folder / name
        with placing(path) as partial:
            partial.touch(mode=0o600)
            partial.write_text(text, encoding="utf-8")
        return path

    @contextmanager
    def held(self, what: str, on_wait: Callable[[], None]) -> Iterator[None]:
        """Hold a lock on the cluster, also where it isn't there yet or any more. `on_wait` is called when another holds
        it.

        Args:
            what: is locked; nothing else is held up.
        """
        try:
            with locked(self.root / f".{self.name}{what}", on_wait):
                yield
        finally:
            with suppress(OSError):  # not empty: other clusters
                self.root.rmdir()

    @property
    def state(self) -> State:
        """`half-made`: an `up` that didn't end well; `stopped`: made, but a program of it is gone."""
        if not self.folder.is_dir():
            return "absent"
        if not self.facts.get("ready"):
            return "half-made"
        return "running" if ids_under(self.folder).keys() >= set(self.programs) else "stopped"

    def require_running(self) -> "Cluster":
        """This cluster, when it runs.

        Raises:
            Failure: it doesn't.
        """
        state = self.state
        if state == "stopped":
            running = ids_under(self.folder)
            died = ", ".join(name for name in self.programs if name not in running)
            raise Failure(f"{died} of cluster {self.name} died; start it again with `podzol local up{self.option}`")
        if state != "running":
            raise Failure(f"no cluster {self.name} is running; start it with `podzol local up{self.option}`")
        return self

    @property
    def option(self) -> str:
        """What a command needs to mean this cluster."""
        return "" if self.name == DEFAULT_NAME else f" --name {self.name}"


def all_clusters(root: Path | None = None) -> list[Cluster]:
    """Every cluster that has a folder, by name; a folder that can't be a cluster's is somebody else's."""
    root = root or state_root()
    folders = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    return [Cluster(folder.name, root) for folder in folders if NAME.fullmatch(folder.name)]
