"""Asks: do the node's labels match nodeSelector, required node affinity and nodeName, and is it where the volumes are?

Does not define how one term is read: `terms.py` does.
"""

from collections.abc import Iterator

from podzol.fit.offers import NEW_NODE, NodeOffer
from podzol.fit.pods import Pod
from podzol.fit.terms import Requirement, Term, named


def why_not(pod: Pod, node: NodeOffer) -> Iterator[str]:
    """Reasons why the node's labels and name don't suit the pod."""
    if pod.node_name and pod.node_name != node.name:
        yield f"wants the node {pod.node_name} (nodeName)"
    labels = node.labels
    for key, value in pod.node_selector:
        if labels.get(key) != value:
            yield f"wants {key}={value}, {_has(node, key)}"
    if pod.affinity_terms is not None and not any(term.holds(node) for term in pod.affinity_terms):
        yield _affinity_words(pod.affinity_terms, node)
    for terms in pod.volume_terms:
        if not any(term.holds(node) for term in terms):
            yield f"its volume is elsewhere: {_affinity_words(terms, node)}"


def _has(node: NodeOffer, key: str) -> str:
    return f"{node.kind} has {node.labels[key] or 'an empty one'}" if key in node.labels else f"{node.kind} has none"


def _affinity_words(terms: tuple[Term, ...], node: NodeOffer) -> str:
    """The requirements that fail, of the term that fails in the fewest."""
    failing = min((_failing(term, node) for term in terms), key=len, default=["no term selects any node"])
    return f"node affinity wants {' and '.join(failing)}"


def _failing(term: Term, node: NodeOffer) -> list[str]:
    failed = [f"{_words(each)}, {_has(node, each.key)}" for each in term.expressions if not each.holds(node.labels)]
    own = "a new node has a name of its own" if node.name == NEW_NODE else f"this is {node.name}"
    failed += [f"{_words(each)}, {own}" for each in term.fields if not named(each, node)]
    return failed or ["what no node can have: the term is empty or not valid"]


def _words(requirement: Requirement) -> str:
    key, values = requirement.key, ", ".join(requirement.values)
    listed = values if len(requirement.values) == 1 else f"one of {values}"
    forms = {
        "In": f"{key} {listed}",
        "NotIn": f"{key} not {listed}",
        "Exists": key,
        "DoesNotExist": f"no {key}",
        "Gt": f"{key} above {values}",
        "Lt": f"{key} below {values}",
    }
    return forms.get(requirement.operator, f"{key} by an unknown operator {requirement.operator}")
