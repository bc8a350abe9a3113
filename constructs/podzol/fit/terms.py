"""Defines `Term` and `Requirement`: what a node selector term asks of a node's labels and name.

As the scheduler reads them: scheduling/corev1/nodeaffinity of https://github.com/kubernetes/component-helpers v0.37.2
and pkg/labels/selector.go of https://github.com/kubernetes/apimachinery v0.37.2 (2026-11-23).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from podzol.fit.offers import NodeOffer

LABEL_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")
INTEGER = re.compile(r"[+-]?[0-9]+")
INT64 = range(-(2**63), 2**63)


class Requirement(NamedTuple):
    """One requirement; one that isn't valid is never met."""

    key: str
    operator: str
    values: tuple[str, ...]
    bound: int | None
    """The number of Gt and Lt."""

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet it."""
        value, operator = labels.get(self.key), self.operator
        if operator == "In":
            return value in self.values
        if operator == "NotIn":
            return value not in self.values
        if operator == "Exists":
            return value is not None
        if operator == "DoesNotExist":
            return value is None
        have = integer(value)
        if have is None or self.bound is None:
            return False
        return have > self.bound if operator == "Gt" else have < self.bound


class Term(NamedTuple):
    """Requirements that must all hold."""

    expressions: tuple[Requirement, ...]
    fields: tuple[Requirement, ...]
    """On `metadata.name`, the only field that can be selected; each names one value."""
    valid: bool
    """An empty term, and one with a value that isn't valid, holds nowhere."""

    def holds(self, node: NodeOffer) -> bool:
        """Whether a node meets all of it."""
        if not self.valid:
            return False
        labels = node.labels
        for each in self.expressions:
            if not each.holds(labels):
                return False
        return all(named(each, node) for each in self.fields)


def named(field: Requirement, node: NodeOffer) -> bool:
    """Whether the node's name meets a requirement on it."""
    return (node.name in field.values) == (field.operator == "In")


def terms_of(selector: Iterable[Mapping[str, Any]] | None) -> tuple[Term, ...]:
    """The terms of a node selector, of which one must hold."""
    return tuple(_term(each) for each in selector or ())


def _term(term: Mapping[str, Any]) -> Term:
    expressions = tuple(_requirement(each) for each in term.get("matchExpressions") or ())
    fields = tuple(_requirement(each) for each in term.get("matchFields") or ())
    valid = all(
        each.operator in ("In", "NotIn", "Exists", "DoesNotExist") or each.bound is not None for each in expressions
    )
    values = all(LABEL_VALUE.fullmatch(value) for each in expressions for value in each.values)
    names = all(each.key == "metadata.name" and len(each.values) == 1 for each in fields)
    return Term(expressions, fields, bool(expressions or fields) and valid and values and names)


def _requirement(requirement: Mapping[str, Any]) -> Requirement:
    operator, values = str(requirement.get("operator")), tuple(map(str, requirement.get("values") or ()))
    bound = integer(values[0]) if operator in ("Gt", "Lt") and len(values) == 1 else None
    return Requirement(str(requirement["key"]), operator, values, bound)


def integer(text: str | None) -> int | None:
    """A whole number of 64 bits, as Go reads it; None where it isn't one."""
    if text is None or not INTEGER.fullmatch(text):
        return None
    value = int(text)
    return value if value in INT64 else None
