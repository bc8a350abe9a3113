"""Asks: does an empty node have the CPU, memory, disk, GPUs, other resources and the pod that the pod asks for?

As the scheduler does it: fitsRequest in
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/scheduler/framework/plugins/noderesources/fit.go (2026-11-23).
"""

from collections.abc import Iterator

from podzol.fit.amounts import compared, words
from podzol.fit.offers import NodeOffer
from podzol.fit.pods import Pod


def why_not(pod: Pod, node: NodeOffer) -> Iterator[str]:
    """A reason for each resource that the node has too little of."""
    free = node.free
    for name, asked in pod.room.items():
        if asked > 0 and asked > free.get(name, 0):
            yield _words(name, asked, node)


def _words(name: str, asked: int, node: NodeOffer) -> str:
    has, taken = node.allocatable.get(name, 0), node.taken.get(name, 0)
    if not has:
        return f"asks for {compared(name, asked)[0]} {words(name)}; {node.kind} has none"
    *numbers, _ = compared(name, asked, has, taken, has - taken)
    takers = f", {node.takers} {numbers[2]}" if taken else ""
    return f"asks for {numbers[0]} {words(name)}; {node.kind} offers {numbers[1]}{takers}"
