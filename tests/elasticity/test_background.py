"""Work in a thread of its own: begun before `start` returns, ended after `stop`, given up when it can't begin."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from podzol.elasticity.background import Background
from podzol.faults import Failure


class Work(Background):
    """Does what it is given, and keeps whether it has ended."""

    def __init__(self, does: Callable[["Work"], Awaitable[None]], start_seconds: float = 5.0) -> None:
        super().__init__("work", start_seconds, "it did not begin")
        self.does = does
        self.ended = False

    async def work(self) -> None:
        try:
            await self.does(self)
        finally:
            self.ended = True


async def goes_on(work: Work) -> None:
    work.begin()
    await work.stopping.wait()


async def is_over_at_once(work: Work) -> None:
    pass


async def never_begins(work: Work) -> None:
    await asyncio.Event().wait()


async def fails(work: Work) -> None:
    raise Failure("no such cluster")


async def fails_in_a_group(work: Work) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(fails(work))


async def fails_later(work: Work) -> None:
    work.begin()
    await work.stopping.wait()
    raise Failure("the disk is full")


def threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name == "work"]


def test_it_goes_on_until_it_is_stopped() -> None:
    with Work(goes_on) as work:
        assert not work.wait(0.01)
        assert not work.ended
    assert work.ended
    assert threads() == []


def test_what_is_over_by_itself_can_be_waited_for_and_stopped() -> None:
    with Work(is_over_at_once) as work:
        assert work.wait()


def test_what_does_not_begin_in_time_is_given_up() -> None:
    work = Work(never_begins, start_seconds=0.05)
    with pytest.raises(Failure, match=r"^it did not begin within 0 s$"):
        work.start()
    assert work.ended
    assert threads() == []


@pytest.mark.parametrize("does", [fails, fails_in_a_group])
def test_an_error_before_it_has_begun_is_raised_by_its_start(does: Callable[[Work], Awaitable[None]]) -> None:
    with pytest.raises(Failure, match=r"^no such cluster$"):
        Work(does).start()


def test_an_error_later_is_raised_by_its_stop() -> None:
    work = Work(fails_later)
    work.start()
    with pytest.raises(Failure, match=r"^the disk is full$"):
        work.stop()
