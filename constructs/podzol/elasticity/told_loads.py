"""Defines what is told of loads: one begins, changes, isn't all served, is again, ends."""

from collections.abc import Iterator

from podzol.elasticity.moments import Moment
from podzol.elasticity.timeline import Load, Timeline
from podzol.elasticity.words import number

JUMP = 0.4
"""Of its whole range; a load is told of when it has changed by as much."""
ALL = 0.99
"""Of what is offered: if as much is served, nobody speaks of the rest."""


def loads(timeline: Timeline) -> Iterator[Moment]:
    """Every load, and how much of it is served."""
    for load in timeline.loads:
        yield from jumps(load)
        short = False
        for (at, offered), (_, served) in zip(load.offered, load.served, strict=True):
            if not short and served < offered * ALL:
                to = "of work for" if load.in_cores else "to"
                yield Moment(at, f"only {number(served)} of {number(offered)} {load.unit} {to} {load.name} are served")
            elif short and offered and served >= offered * ALL:
                all_of = "all of the load on {} is" if load.in_cores else "all requests to {} are"
                yield Moment(at, f"{all_of.format(load.name)} served again")
            short = served < offered * ALL


def jumps(load: Load) -> Iterator[Moment]:
    """The load from level to level."""
    values = [value for _, value in load.offered]
    told, span = values[0], max(values) - min(values)
    if told:
        yield Moment(load.offered[0][0], f"a load of {number(told)} {load.unit} on {load.name} begins")
    for at, value in load.offered[1:]:
        if span and abs(value - told) >= JUMP * span:
            rates = f"goes from {number(told)} to {number(value)} {load.unit}" if value else "ends"
            yield Moment(at, f"the load on {load.name} {rates}")
            told = value
