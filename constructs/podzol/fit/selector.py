"""Asks: do the node's labels match nodeSelector, required node affinity and nodeName?

As the scheduler does it: scheduling/corev1/nodeaffinity of https://github.com/kubernetes/component-helpers v0.37.2 and
pkg/labels/selector.go of https://github.com/kubernetes/apimachinery v0.37.2 (2026-11-23).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from podzol.fit.offers import NEW_NODE, NodeOffer
from podzol.fit.pods import Pod

LABEL_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")
INTEGER = re.compile(r"[+-]?[0-9]+")
INT64 = range(-(2**63), 2**63)


def why_not(pod: Pod, node: NodeOffer) -> Iterator[str]:
    """Reasons why the node's labels and name don't suit the pod."""
    if pod.node_name and pod.node_name != node.name:
        yield f"wants the node {pod.node_name} (nodeName)"
    labels = node.labels
    for key, value in pod.node_selector:
        if labels.get(key) != value:
            yield f"wants {key}={value}, {_has(node, key)}"
    if pod.affinity_terms is not None and not any(term_matches(term, node) for term in pod.affinity_terms):
        yield _affinity_words(pod.affinity_terms, node)
    for terms in pod.volume_terms:
        if not any(term_matches(term, node) for term in terms):
            yield f"its volume is elsewhere: {_affinity_words(terms, node)}"


def term_matches(term: Mapping[str, Any], node: NodeOffer) -> bool:
    """Whether all of a term holds; an empty term holds nowhere."""
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    if not expressions and not fields:
        return False
    return all(holds(each, node.labels) for each in expressions) and all(_field_holds(each, node) for each in fields)


def holds(requirement: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether labels meet one requirement of node affinity. One that isn't valid is never met."""
    key, operator = requirement["key"], requirement.get("operator")
    values: list[str] = requirement.get("values") or []
    if not all(LABEL_VALUE.fullmatch(str(value)) for value in values):
        return False
    if operator == "In":
        return key in labels and labels[key] in values
    if operator == "NotIn":
        return labels.get(key) not in values
    if operator == "Exists":
        return key in labels
    if operator == "DoesNotExist":
        return key not in labels
    if operator in ("Gt", "Lt") and len(values) == 1:
        have, bound = _integer(labels.get(key)), _integer(values[0])
        return have is not None and bound is not None and (have > bound if operator == "Gt" else have < bound)
    return False


def _field_holds(requirement: Mapping[str, Any], node: NodeOffer) -> bool:
    """Only `metadata.name` is a field that can be selected, by one value."""
    values: list[str] = requirement.get("values") or []
    operator = requirement.get("operator")
    if requirement["key"] != "metadata.name" or len(values) != 1:
        return False
    if operator == "In":
        return node.name == values[0]
    return operator == "NotIn" and node.name != values[0]


def _integer(text: str | None) -> int | None:
    if text is None or not INTEGER.fullmatch(text):
        return None
    value = int(text)
    return value if value in INT64 else None


def _has(node: NodeOffer, key: str) -> str:
    return f"{node.kind} has {node.labels[key] or 'an empty one'}" if key in node.labels else f"{node.kind} has none"


def _affinity_words(terms: tuple[Mapping[str, Any], ...], node: NodeOffer) -> str:
    """The requirements that fail, of the term that fails in the fewest."""
    failing = min((_failing(term, node) for term in terms), key=len, default=["no term selects any node"])
    return f"node affinity wants {' and '.join(failing)}"


def _failing(term: Mapping[str, Any], node: NodeOffer) -> list[str]:
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    failed = [f"{_words(each)}, {_has(node, each['key'])}" for each in expressions if not holds(each, node.labels)]
    named = "a new node has a name of its own" if node.name == NEW_NODE else f"this is {node.name}"
    failed += [f"{_words(each)}, {named}" for each in fields if not _field_holds(each, node)]
    return failed or ["something, but the term is empty"]


def _words(requirement: Mapping[str, Any]) -> str:
    key, operator, values = requirement["key"], requirement.get("operator"), requirement.get("values") or ()
    listed = ", ".join(map(str, values))
    match operator:
        case "In" | "NotIn":
            listed = listed if len(values) == 1 else f"one of {listed}"
            return f"{key} {'' if operator == 'In' else 'not '}{listed}"
        case "Exists":
            return f"{key}"
        case "DoesNotExist":
            return f"no {key}"
        case "Gt" | "Lt":
            return f"{key} {'above' if operator == 'Gt' else 'below'} {listed}"
    return f"{key} by an unknown operator {operator}"
