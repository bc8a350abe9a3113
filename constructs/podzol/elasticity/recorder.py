"""Defines `Recorder`: a cluster's objects, events and metrics as they change, appended to a recording.

with Recorder(Path("run"), kubeconfig) as recorder:      # returns when everything that is there was seen
    recorder.note("Note", text="the load starts")       # one's own records, in the order of the rest

It runs in the background, with a connection a kind. Does not define how a watch resumes (`watch`) or what is kept
(`kinds`).
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
from lightkube.core.exceptions import ConfigError

from podzol.elasticity.api import Api, ApiFailure
from podzol.elasticity.background import Background
from podzol.elasticity.kinds import KINDS, Kind
from podzol.elasticity.metrics import ASK_SECONDS, RESOURCES, Metrics
from podzol.elasticity.records import Record, RecordFile, refuse_other
from podzol.elasticity.watch import Seen, Watch
from podzol.version import VERSION

SYNC_SECONDS = 1.0
START_SECONDS = 60.0
"""How long the first lists may take."""


class Recorder(Background):
    """Records a cluster until it is stopped.

    Args:
        folder: of the recording; one that is there is continued.
        kubeconfig: as `Api` takes it.
        namespace: only its objects, and the nodes; every namespace when None.
        context: as `Api` takes it.
        on_record: called with each record, in the recorder's thread; for a live view.

    Raises:
        UserError: the kubeconfig can't be used, or the folder is of another cluster.
        Failure: the cluster can't be reached, or the folder can't be written.
    """

    def __init__(
        self,
        folder: Path,
        kubeconfig: Path | None = None,
        namespace: str | None = None,
        context: str | None = None,
        on_record: Callable[[Record], None] | None = None,
    ) -> None:
        super().__init__("recorder", START_SECONDS, "the cluster's objects could not be listed")
        self.folder, self.namespace = folder, namespace
        self.kubeconfig, self.context = kubeconfig, context
        self.on_record = on_record
        self.refused: dict[str, str] = {}
        """Kinds that we may not see, and what the API said."""
        self.counted = 0
        """Records written."""
        # one clock that never steps back, whatever is done to the machine's
        self._epoch = time.time() - time.monotonic()
        self._lock = threading.Lock()
        self._file: RecordFile | None = None

    def note(self, kind: str, name: str = "", **fields: Any) -> None:
        """Record something of one's own, such as a load (`Load`) or a remark (`Note`, with `text`)."""
        self._write(kind, name=name, fields=fields)

    def _write(self, kind: str, **rest: Any) -> None:
        assert self._file, "start the recorder first"
        with self._lock:
            record = Record(at=round(self._epoch + time.monotonic(), 3), kind=kind, **rest)
            self._file.write([record])
            self.counted += 1
        if self.on_record:
            self.on_record(record)

    async def work(self) -> None:
        """Everything that goes on at the same time, from the first list to the last record."""
        api = Api(self.kubeconfig, self.context)
        try:
            server, cluster = await api.version(), await api.cluster()
            self._file = RecordFile(self.folder)
            self._before = self._file.before
            refuse_other(self.folder, self._before, cluster)
            namespace = self.namespace or ""
            self.note("Run", what="started", podzol=VERSION, kubernetes=server, cluster=cluster, namespace=namespace)
            watches = [self._watch(api, kind, path) for kind in KINDS for path in paths(kind, self.namespace)]
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(work) for work in (*(each.run() for each in watches), self._ask_metrics(api))
                ]
                tasks.append(group.create_task(self._sync()))
                for watch in watches:
                    await watch.listed.wait()
                self.note("Run", what="listed")  # what came before was there at the start
                self.begin()
                await self.stopping.wait()
                for task in tasks:
                    task.cancel()
            self.note("Run", what="stopped")
        finally:
            await api.close()
            if self._file:
                self._file.close()

    def _watch(self, api: Api, kind: Kind, path: str) -> Watch:
        """The watch of a kind; what an earlier recorder saw last of its objects is known to it."""

        def hand_on(change: str, uid: str, state: Seen) -> None:
            self._write(
                kind.name,
                change=change,
                name=state.name,
                namespace=state.namespace,
                uid=uid,
                version=state.version,
                fields=state.fields,
            )

        def tell(what: str, why: str) -> None:
            if what == "refused":
                self.refused[kind.name] = why
            if what != "unknown":
                self.note("Watch", kind.name, what=what, why=why)

        return Watch(api, kind, path, last_seen(self._before, kind, path), hand_on, tell)

    async def _ask_metrics(self, api: Api) -> None:
        """Ask for the metrics again and again; there may be none, or none yet."""
        metrics = [Metrics(api, kind, self.namespace) for kind in RESOURCES]
        while True:
            for each in metrics:
                with suppress(ApiFailure, httpx2.HTTPError, ConfigError, OSError):
                    if used := await each.news():
                        self.note(each.kind, used=used)
            await asyncio.sleep(ASK_SECONDS)

    async def _sync(self) -> None:
        """Keep the disk within a second of what was seen."""
        assert self._file
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            await asyncio.to_thread(self._file.sync)


def paths(kind: Kind, namespace: str | None) -> list[str]:
    """What is watched for a kind. Events about nodes are in the namespace `default`, wherever one looks."""
    if namespace is None or not kind.namespaced:
        return [kind.path]
    front, _, resource = kind.path.rpartition("/")
    namespaces = {namespace: None, "default": None} if kind.name == "Event" else {namespace: None}
    return [f"{front}/namespaces/{each}/{resource}" for each in namespaces]


def last_seen(records: Iterable[Record], kind: Kind, path: str) -> dict[str, Seen]:
    """What records say of a kind's objects that were there at their end, where `path` watches."""
    seen: dict[str, Seen] = {}
    for record in records:
        if record.kind == kind.name and (f"/{record.namespace}/" in path or "/namespaces/" not in path):
            if record.change == "deleted":
                seen.pop(record.uid, None)
            else:
                seen[record.uid] = Seen(record.name, record.namespace, record.version, record.fields)
    return seen
