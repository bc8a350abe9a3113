"""Defines `Background`: work on an event loop in a thread of its own, from its start until it is over or stopped.

What the recorder and a load have in common; each says in `work` what it does, and calls `begin` when it is under way.
"""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from podzol.faults import Failure


class Background(ABC):
    """Work in a thread of its own; usually in a `with` block.

    Args:
        name: of the thread.
        start_seconds: how long it may take to be under way.
        late: what is told when it takes longer, without the time.
    """

    def __init__(self, name: str, start_seconds: float, late: str) -> None:
        self._name, self._start_seconds, self._late = name, start_seconds, late
        self._begun = threading.Event()
        self._error: BaseException | None = None

    @abstractmethod
    async def work(self) -> None:
        """All of it. It ends by itself, or soon after `stopping` is set."""

    def begin(self) -> None:
        """Say that the work is under way: `start` returns."""
        self._begun.set()

    def start(self) -> None:
        """Start; returns when the work is under way.

        Raises:
            Failure: it isn't in time. Nothing goes on then.
            BaseException: what the work ended with before.
        """
        self._loop = asyncio.new_event_loop()
        self.stopping = asyncio.Event()
        self._task = self._loop.create_task(self.work())
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()
        in_time = False
        try:
            in_time = self._begun.wait(self._start_seconds)
        finally:
            if not in_time:  # whatever it waits for: as when the API server doesn't answer, or at Ctrl-C
                self._tell_loop(self._task.cancel)
                self._thread.join()
        if self._error:
            raise self._error
        if not in_time:
            raise Failure(f"{self._late} within {self._start_seconds:.0f} s")

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the work is over, or so long; says whether it is over."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Stop, and wait until it has ended.

        Raises:
            BaseException: what the work had ended with before.
        """
        self._tell_loop(self.stopping.set)
        self._thread.join()
        if self._error:
            raise self._error

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _tell_loop(self, what: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(what)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass  # it was late
        except BaseExceptionGroup as errors:
            self._error = errors.exceptions[0]
        except BaseException as error:
            self._error = error
        finally:
            self._loop.close()
            self._begun.set()
