"""Defines `Stage`: what a scenario can do on its cluster: install Helm charts, put load on them, wait, tell."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from podzol import why
from podzol.elasticity.recorder import Recorder
from podzol.faults import Failure, UserError
from podzol.generated import put
from podzol.local.cluster import Cluster
from podzol.local.helm import Helm
from podzol.local.load.driver import Driver
from podzol.local.load.shapes import Load
from podzol.scenarios.seen import Seen
from podzol.scenarios.settings import Settings

NAMESPACE = "soil"
"""Of every release."""
ASK_SECONDS = 1.0


@dataclass
class Stage:
    """A cluster that is recorded, and its Helm."""

    helm: Helm
    settings: Settings
    recorder: Recorder
    seen: Seen
    charts: Path
    """Folder of the Helm charts."""
    folder: Path
    """Of the recording; the values that were used are put beside it."""
    releases: list[str] = field(default_factory=list)
    """Installed here, in this order."""

    def say(self, text: str) -> None:
        """A sentence of the story: into the recording, and so into the report and the live view."""
        self.recorder.note("Note", text=text)

    def install(self, release: str, chart: str, values: Mapping[str, Any]) -> None:
        """`helm install`, without waiting until it is ready.

        Raises:
            Failure: Helm's own words.
        """
        self.releases.append(release)
        self._helm("install", release, chart, values, "--create-namespace")

    def upgrade(self, release: str, chart: str, values: Mapping[str, Any]) -> None:
        """`helm upgrade` to other values, without waiting.

        Raises:
            Failure: Helm's own words.
        """
        self._helm("upgrade", release, chart, values)

    def _helm(self, verb: str, release: str, chart: str, values: Mapping[str, Any], *more: str) -> None:
        file = self.folder / "values" / f"{release}.yaml"
        put(file, yaml.safe_dump(dict(values), sort_keys=False).encode())
        place = ["--namespace", NAMESPACE, *more]
        self.helm.run(verb, release, str(self.charts / chart), *place, "--values", str(file))

    def load(self, release: str, load: Load) -> Driver:
        """A load on a release's Service: started with `with`, recorded, ended with the block."""
        return Driver(self.helm.cluster.kubeconfig, NAMESPACE, release, load, note=self.recorder.note)

    @contextmanager
    def asking_why(self, release: str, seconds: float, cause: str) -> Iterator[None]:
        """`ask_why` beside what the block does; it is over when both are."""
        with ThreadPoolExecutor(1, "why") as pool:
            asking = pool.submit(self.ask_why, release, seconds, cause)
            try:
                yield
            except BaseException:
                self.seen.abandon()
                raise
            asking.result()

    def ask_why(self, release: str, seconds: float, cause: str) -> None:
        """Ask `podzol why` about a release until it finds a cause; what it says goes into the recording.

        Args:
            seconds: until we no longer ask.
            cause: a file of `why/causes`.

        Raises:
            NotSeen: nobody waits any more.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(Failure):  # the API server is away: asked again
                evidence, _ = why.read(self.cluster.kubeconfig, NAMESPACE)
                findings = why.answer(why.find(evidence, NAMESPACE, release)).findings
                if found := next((each for each in findings if each.cause == cause), None):
                    self.recorder.note("Why", release, cause=found.cause, reason=found.reason)
                    self.say(f"Asked why {release} isn't whole, podzol says: {found.reason}")
                    return
            self.pause(ASK_SECONDS)

    @property
    def cluster(self) -> Cluster:
        """The cluster."""
        return self.helm.cluster

    def until(self, what: str, holds: Callable[[Seen], object], seconds: float) -> None:
        """Wait until something holds.

        Raises:
            NotSeen: it doesn't within that time.
        """
        self.seen.until(what, holds, seconds)

    def say_why(self) -> None:
        """Ask `podzol why` about every release; the likeliest cause of what is amiss goes into the recording."""
        with suppress(Failure, UserError):  # the cluster or the release isn't there: the story says so
            evidence, _ = why.read(self.cluster.kubeconfig, NAMESPACE)
            for release in self.releases:
                for finding in why.answer(why.find(evidence, NAMESPACE, release)).findings[:1]:
                    self.say(f"Asked why {release} isn't whole, podzol says: {finding.reason}")

    def pause(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            NotSeen: nobody waits any more.
        """
        self.seen.pause(seconds)

    def until_back(self, pool: str) -> None:
        """Wait until a pool is at its minimum."""
        floor = self.settings.floor(pool)
        self.until(f"{pool} is at {floor} again", lambda seen: len(seen.nodes(pool)) <= floor, self.settings.removal)
