"""Evaluating a service of six objects stays far below a millisecond: `podzol synth` does it a thousand times."""

import time

from samples import WEB

from podzol.template import Context, evaluate, load

WITHIN_SECONDS = 0.0005
ROUNDS = 200
TRIES = 20
"""The best of so many counts: the machine may be busy."""


def test_evaluates_a_service_in_under_half_a_millisecond() -> None:
    values = load(WEB.model, {"config": {"a": "b"}, "volumes": [{"name": "a", "claim": "b"}], "args": ["x"]})
    context = Context("soil", "ns", "web", "1.0.0", "1.0.0")
    best = float("inf")
    for _ in range(TRIES):
        start = time.perf_counter()
        for _ in range(ROUNDS):
            assert len(evaluate(WEB.tree, values, context)) == 5
        best = min(best, (time.perf_counter() - start) / ROUNDS)
        if best < WITHIN_SECONDS:
            break
    assert best < WITHIN_SECONDS
