"""Defines `response_seconds`: how long a request takes in a pod that is so busy, by the M/M/c queue.

Assumptions: requests arrive independently of each other (Poisson) and differ in their work (exponential); the pod works
on as many at a time as it may use cores, rounded up, in the order of arrival; a client gives up after its patience.
With `a = rate x service` and `c` servers, the probability of having to wait is Erlang's C formula, and the mean wait is
`C / (c / service - rate)`. Near full use the wait grows as 1 / (1 - utilisation): the bend that everybody knows.

Source: https://octave.sourceforge.io/queueing/function/erlangc.html (2026-11-23).
"""

import math

PATIENCE_SECONDS = 10.0
"""After which a client gives up; the response time of a pod that is overloaded for long."""


def erlang_c(servers: int, work: float) -> float:
    """The probability that a request has to wait.

    Args:
        servers: requests worked on at a time, 1 or more.
        work: rate of arrivals times service time; below `servers`.
    """
    lost = 1.0  # Erlang's B formula by its recursion, which neither overflows nor loses digits
    for number in range(1, servers + 1):
        lost = work * lost / (number + work * lost)
    utilisation = work / servers
    return lost / (1 - utilisation * (1 - lost))


def response_seconds(rate: float, cost_core_seconds: float, cores: float, patience: float = PATIENCE_SECONDS) -> float:
    """Mean time from a request's arrival at a pod to its answer, at most `patience`.

    Args:
        rate: requests a second that arrive at the pod.
        cost_core_seconds: CPU of one request.
        cores: CPU that the pod may use, above 0. A request uses one core at most.
    """
    servers = math.ceil(cores)
    service = cost_core_seconds * servers / cores
    utilisation = rate * cost_core_seconds / cores
    if utilisation >= 1:
        return patience
    waiting = erlang_c(servers, utilisation * servers) * service / (servers * (1 - utilisation))
    return min(service + waiting, patience)
