"""Defines the first interpreter: a tree and concrete values give plain manifests. Compiled once a tree, to closures."""

import functools
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from podzol.template.evaluate_expressions import Compute, Scope, expression, turns_of
from podzol.template.faults import Fault, ValuesError
from podzol.template.nodes import Constant, Each, Leaf, List, Map, Named, Rule, Spread, When
from podzol.template.paths import place
from podzol.template.release import Context
from podzol.template.tracing import Tree
from podzol.template.values import raw

Contribute = Callable[[Scope, list[Any]], None]

ABSENT = object()
"""A map or list that ends up empty is left out; an author's literal {} or [] stays."""


def compute(node: Any) -> Compute:
    """What a node is as a value: of a key, or by itself."""
    match node:
        case Constant(value):
            return lambda scope: value
        case Leaf():
            return leaf(node)
        case Map():
            return mapping(node)
        case Named(_, body, _):
            return compute(body)
        case When(condition, then, otherwise):
            holds = expression(condition)
            yes = compute(then) if then is not None else nothing
            no = compute(otherwise) if otherwise is not None else nothing
            return lambda scope: yes(scope) if holds(scope) else no(scope)
        case _:
            return sequence(node)


def nothing(scope: Scope) -> Any:
    return ABSENT


def leaf(node: Leaf) -> Compute:
    value, type_ = expression(node.value), node.value._type
    if type_.scalar and not type_.optional:
        return value
    if type_.scalar:

        def scalar(scope: Scope) -> Any:
            found = value(scope)
            return ABSENT if found is None else found

        return scalar

    def tree(scope: Scope) -> Any:
        found = value(scope)
        if found is None or (not node.keep and found in ({}, [])):
            return ABSENT
        return copied(found)

    return tree


def copied(value: Any) -> Any:
    """A tree of its own: two objects that share one would be written to YAML with an anchor."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def mapping(node: Map) -> Compute:
    if all(isinstance(part, tuple) and isinstance(part[1], Constant) for part in node.parts):
        constants = {key: value.value for key, value in node.parts}
        return lambda scope: constants.copy()
    parts = [(part[0], compute(part[1])) if isinstance(part, tuple) else (None, merged(part)) for part in node.parts]

    def build(scope: Scope) -> Any:
        out: dict[str, Any] = {}
        for key, run in parts:
            value = run(scope)
            if value is ABSENT:
                continue
            if key is None:
                out.update(value)
            else:
                out[key] = value
        return out or ABSENT

    return build


def merged(node: Any) -> Compute:
    """What is merged into a map: a user's map without the author's keys, or more of the author's own."""
    if not isinstance(node, Spread):
        return compute(node)
    items, reserved = expression(node.value), node.reserved
    return lambda scope: {key: copied(value) for key, value in (items(scope) or {}).items() if key not in reserved}


def sequence(node: Any) -> Compute:
    if isinstance(node, List) and not node.items:
        return lambda scope: []
    contribute = contribution(node)

    def build(scope: Scope) -> Any:
        out: list[Any] = []
        contribute(scope, out)
        return out or ABSENT

    return build


def contribution(node: Any) -> Contribute:
    """What a node adds to the list that it stands in: of items, documents, faults or lines."""
    match node:
        case Each(source, variables, index, body):
            turns, inner = turns_of(source, variables, index), contribution(body)

            def loop(scope: Scope, out: list[Any]) -> None:
                for _ in turns(scope):
                    inner(scope, out)

            return loop
        case Spread(value, _):
            items = expression(value)
            return lambda scope, out: out.extend(copied(items(scope) or []))
        case When(condition, then, otherwise):
            holds = expression(condition)
            yes, no = contribution(then), contribution(otherwise)
            return lambda scope, out: yes(scope, out) if holds(scope) else no(scope, out)
        case List(items) if items:
            return everything(items)
        case Rule():
            return judgement(node)
        case None:
            return lambda scope, out: None
    run = compute(node)

    def one(scope: Scope, out: list[Any]) -> None:
        value = run(scope)
        if value is not ABSENT:
            out.append(value)

    return one


def everything(nodes: tuple[Any, ...]) -> Contribute:
    each = [contribution(node) for node in nodes]

    def add_all(scope: Scope, out: list[Any]) -> None:
        for add in each:
            add(scope, out)

    return add_all


def judgement(node: Rule) -> Contribute:
    """Adds the fault of a broken rule."""
    holds, at = expression(node.check), node.at
    steps = [step if isinstance(step, str) else expression(step) for step in place(at)]
    got = expression(at) if at._type.scalar and not at._type.optional else None

    def judge(scope: Scope, out: list[Any]) -> None:
        if not holds(scope):
            where = "".join(step if isinstance(step, str) else str(step(scope)) for step in steps)
            out.append(Fault(where, f"must {node.must}", got(scope) if got else None, node.fix))

    return judge


# ---------------------------------------------------------------- a tree


@functools.cache
def compiled(tree: Tree) -> tuple[Contribute, Contribute, Contribute]:
    """Rules, manifests and notes of a tree as closures."""
    rules, manifests, notes = tree.rules, tuple(tree.manifests.values()), tree.notes
    return everything(rules), everything(manifests), everything(notes)


def gathered(contribute: Contribute, scope: Scope) -> list[Any]:
    out: list[Any] = []
    contribute(scope, out)
    return out


def broken(tree: Tree, values: BaseModel, context: Context) -> list[Fault]:
    """The rules that these values break."""
    rules, _, _ = compiled(tree)
    return gathered(rules, Scope(raw(values), context))


def evaluate(tree: Tree, values: BaseModel, context: Context) -> list[dict[str, Any]]:
    """The manifests for these values, in the author's order. Raises ValuesError with every broken rule."""
    rules, manifests, _ = compiled(tree)
    scope = Scope(raw(values), context)
    if faults := gathered(rules, scope):
        raise ValuesError(faults)
    return gathered(manifests, scope)


def evaluate_notes(tree: Tree, values: BaseModel, context: Context) -> str:
    """NOTES.txt, filled in."""
    _, _, notes = compiled(tree)
    return "".join(f"{line}\n" for line in gathered(notes, Scope(raw(values), context)))
