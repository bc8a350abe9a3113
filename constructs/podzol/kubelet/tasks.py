"""Defines `Tasks`: what is done while everything else goes on. A failure is logged, as nobody waits for the result."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Tasks:
    """What goes on for an owner.

    Args:
        owner: as the log names it.
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.going: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Do something."""
        task = asyncio.get_running_loop().create_task(work)
        self.going.add(task)
        task.add_done_callback(self.over)
        return task

    def over(self, task: "asyncio.Task[None]") -> None:
        """Something has come to its end."""
        self.going.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("%s: %s", self.owner, error, exc_info=error)

    async def cancel(self) -> None:
        """End everything."""
        for task in self.going:
            task.cancel()
        await asyncio.gather(*self.going, return_exceptions=True)
