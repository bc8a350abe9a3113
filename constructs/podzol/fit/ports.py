"""Asks: are the host ports that the pod wants free on the node?

As the scheduler does it: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/scheduler/framework/plugins/nodeports
(2026-11-23).
"""

from collections.abc import Iterator

from podzol.fit.offers import NodeOffer
from podzol.fit.pods import Pod


def why_not(pod: Pod, node: NodeOffer) -> Iterator[str]:
    """A reason for each host port that another pod has."""
    for wanted in pod.ports:
        if any(wanted.conflicts(taken) for taken in node.ports):
            yield f"wants host port {wanted.port}/{wanted.protocol}, which is taken on {node.kind}"
