"""Defines `Watch`: one kind listed, then watched for ever, each state of each object handed on exactly once.

The protocol is that of https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
(2026-11-23): list, watch from the list's version, go on from the last version seen when the connection ends, list anew
when the server no longer has it (410). After such a list only what differs from what was seen is handed on, so neither
a restart of the API server nor one of the recorder makes a gap or a duplicate. Bookmarks keep the version fresh.

A version is handed on only when it is further than all before it, so no two states of an object have the same one: a
deletion that only a list shows has none, nor has what a server brings that was restored from a backup. Versions are
whole numbers that grow: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions (2026-11-23).
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import msgspec
from lightkube.core.exceptions import ConfigError

from podzol.elasticity.api import Api, ApiFailure
from podzol.elasticity.kinds import Fields, Kind

PAGE = "500"
"""Objects a page of a list; as kubectl asks."""
WATCH_SECONDS = (240, 300)
"""How long the server is asked to keep a watch: it differs, so that not all end at once."""
PAUSES_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6, 3.0)
"""Before each next try while the server is away; the last one from then on."""
UNKNOWN_SECONDS = 10.0
"""Until a kind that the server doesn't know is asked for again: its definition may come later."""


NOTHING: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Seen:
    """What was last handed on of an object."""

    name: str
    namespace: str
    version: str
    """resourceVersion; empty: it can't be told, or was handed on before."""
    fields: Fields


Handler = Callable[[str, str, Seen], None]
"""Takes each change: added, modified or deleted; the object's uid; its state."""
Told = Callable[[str, str], None]
"""Takes what happens to the watch itself (`lost`, `resumed`, `relisted`, `refused`, `unknown`), and why."""


class Watch:
    """A kind, in a cluster or a namespace.

    Args:
        known: objects that were seen before, by uid; listed but unchanged, they are not handed on again.
    """

    def __init__(self, api: Api, kind: Kind, path: str, known: dict[str, Seen], hand_on: Handler, tell: Told) -> None:
        self.api, self.kind, self.path, self.known = api, kind, path, known
        self.hand_on, self.tell = hand_on, tell
        self.version = ""
        """The server's version up to which everything was handed on; empty: unknown, list."""
        self.furthest = 0
        """The highest version that was ever reached, by this server or as it was before a backup was restored."""
        self.listed = asyncio.Event()
        """Set once the first list is through, or there is nothing to list."""
        self.failures = 0

    async def run(self) -> None:
        """Go on until cancelled, or refused."""
        while True:
            try:
                if not self.version:
                    await self.list()
                await self.follow()
            except ApiFailure as failure:
                if failure.expired:
                    self.version = ""
                    self.tell("relisted", failure.message)
                elif failure.status == 404:
                    self.tell("unknown", failure.message)
                    self.listed.set()
                    await asyncio.sleep(UNKNOWN_SECONDS)
                elif failure.status in (400, 401, 403, 405):
                    self.tell("refused", failure.message)
                    self.listed.set()
                    return
                else:
                    await self.pause(failure)
            except (httpx2.HTTPError, ConfigError, OSError) as error:  # the last two: the program that gets a token
                await self.pause(error)

    async def pause(self, error: Exception) -> None:
        """Wait before the next try, longer each time."""
        if self.failures == 0 and not isinstance(error, httpx2.ReadTimeout):
            self.tell("lost", str(error) or type(error).__name__)
        await asyncio.sleep(PAUSES_SECONDS[min(self.failures, len(PAUSES_SECONDS) - 1)] * random.uniform(0.8, 1.2))
        self.failures += 1

    def reached(self) -> None:
        """The server answers again."""
        if self.failures:
            self.failures = 0
            self.tell("resumed", "")

    async def list(self) -> None:
        """Hand on what differs from what is known."""
        there: dict[str, Seen] = {}
        parameters = {"limit": PAGE}
        while True:
            page = await self.api.get(self.path, **parameters)
            there |= {it["metadata"]["uid"]: self.seen(it) for it in page.get("items") or []}
            if not (token := page["metadata"].get("continue")):
                break
            parameters["continue"] = token
        self.reached()
        for uid in self.known.keys() - there.keys():
            self.gone(uid, replace(self.known[uid], version=""))
        for uid, state in there.items():
            self.take(uid, state)
        self.reach(page["metadata"]["resourceVersion"])
        self.listed.set()

    def reach(self, version: str) -> None:
        """Everything up to this version was handed on."""
        self.version = version
        self.furthest = max(self.furthest, int(version))

    async def follow(self) -> None:
        """Watch from the version on, until the server ends it."""
        parameters = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": self.version,
            "timeoutSeconds": str(random.randint(*WATCH_SECONDS)),
        }
        async with self.api.client.stream("GET", self.path, params=parameters) as answer:
            if answer.is_error:
                raise ApiFailure.of(answer.status_code, await answer.aread())
            self.reached()
            async for line in lines(answer):
                event = msgspec.json.decode(line)
                it = event["object"]
                if event["type"] == "ERROR":
                    raise ApiFailure.of(500, msgspec.json.encode(it))
                version = it["metadata"]["resourceVersion"]
                if int(version) <= int(self.version):
                    continue  # it was brought before
                if event["type"] == "DELETED":
                    self.gone(it["metadata"]["uid"], self.seen(it))
                elif event["type"] != "BOOKMARK":
                    self.take(it["metadata"]["uid"], self.seen(it))
                self.reach(version)

    def seen(self, it: dict[str, Any]) -> Seen:
        """What is kept of an object; a field that has nothing to say is left out."""
        meta = it["metadata"]
        kept = self.kind.fields(it)
        fields = {key: value for key, value in kept.items() if value is not False and value not in NOTHING}
        return Seen(meta["name"], meta.get("namespace", ""), meta["resourceVersion"], fields)

    def take(self, uid: str, state: Seen) -> None:
        """Hand on an object's state, unless nothing that is kept has changed."""
        before = self.known.get(uid)
        if before is None or before.fields != state.fields:
            furthest = max(self.furthest, int(before.version or 0) if before else 0)
            self.known[uid] = state = newer(state, furthest)
            self.hand_on("modified" if before else "added", uid, state)

    def gone(self, uid: str, last: Seen) -> None:
        """Hand on that an object is deleted."""
        if self.known.pop(uid, None) and not self.kind.expires:
            self.hand_on("deleted", uid, newer(last, self.furthest))


def newer(state: Seen, furthest: int) -> Seen:
    """The state, without its version unless that is further than what was reached."""
    return state if state.version and int(state.version) > furthest else replace(state, version="")


async def lines(answer: httpx2.Response) -> AsyncIterator[bytes]:
    """Whole lines of an answer; what is torn at its end is left out, for the next watch brings it again."""
    rest = b""
    async for chunk in answer.aiter_bytes():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if line:
                yield line
