"""Defines the words an author makes manifests of: when, each, spread, keep, named, rule, collect, unique.

Each word also takes plain values and then does its work at once: the author's function runs without a template too.
"""

import inspect
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from podzol.template.build import build, refuse_variables
from podzol.template.expressions import Expr
from podzol.template.faults import TemplateError
from podzol.template.functions import no_text_twice, present, truth
from podzol.template.nodes import Each, Leaf, Named, Rule, Several, Spread, When
from podzol.template.types import STR, texts


def when(condition: Any, then: Any, otherwise: Any = None) -> Any:
    """`then` when the condition holds, else `otherwise`, else nothing: a key, a list item or a document.

    With `lambda value: ...` it asks whether a value that may be null is given, and hands it on as one that is.
    """
    if not isinstance(condition, Expr):
        if callable(then):
            return then(condition) if condition is not None else otherwise
        return then if truth(condition) else otherwise
    type_ = condition._type
    if callable(then):
        if not type_.optional:
            raise TemplateError(f"when: {condition!r} is never null; write the body itself instead of a lambda")
        return When(present(condition), then(Expr("narrow", type_.given(), condition)), otherwise)
    if type_.kind == "section":
        if not type_.optional:
            raise TemplateError(f"when: the section {condition!r} is always there; ask one of its values")
        condition = present(condition)
    return When(condition, then, otherwise)


def each(items: Any, body: Callable[..., Any]) -> Any:
    """One item, entry or document for every item of a list (`lambda item`) or map (`lambda key, value`, by key)."""
    if not isinstance(items, Expr):
        return Several(tuple(body(*turn) for turn in turns(items)))
    with loop("each", items, body) as (variables, index):
        node = build(body(*variables))
        return None if node is None else Each(items, variables, index, node)


def spread(value: Any) -> Spread:
    """A map merged into the map around it (under the key `...`), or a list into the list; the author's keys win."""
    return Spread(value)


def keep(value: Any) -> Any:
    """A map or list that is rendered when it is empty too."""
    return Leaf(value, keep=True) if isinstance(value, Expr) else value


def named(name: str, body: Any, doc: str = "") -> Any:
    """A map, or a text, that becomes a named template of the chart; `doc` is its comment.

    Worth it where the same labels, or a long name, would be written out again and again. It sees the values and the
    release, not the variables of a loop.
    """
    if isinstance(body, Expr):
        if body._type.kind != "str" or body._type.optional:
            raise TemplateError(f"named({name!r}): a named template is a map or a text, not {body!r}")
        refuse_variables(name, body)
        return Expr("named", body._type, name, body, doc)
    return Named(name, body, doc) if isinstance(body, dict) else body


def rule(check: Any, *, at: Any, must: str, fix: str = "") -> Rule:
    """A rule between values: when `check` fails, the value `at` must be what `must` says; `fix` tells what to do.

    Prints as `autoscaling.minReplicas: must be at most maxReplicas, got 6; lower minReplicas or raise maxReplicas`, in
    Python and in Helm. What was got is left out when `at` is a map, a list, a section or a value that may be null.
    """
    return Rule(check, at, must.removeprefix("must "), fix)


def collect(items: Any, body: Callable[..., Any]) -> Any:
    """The texts that `body` says of each item, for unique(), contains() and join() in rules; a + b chains two."""
    if not isinstance(items, Expr):
        return [body(*turn) for turn in turns(items)]
    with loop("collect", items, body) as (variables, _):
        item = body(*variables)
        if not isinstance(item, Expr) or item._type.kind != "str" or item._type.optional:
            raise TemplateError(f"collect({items!r}, ...): {item!r} is no text; use to_str(), or or_else() for null")
        return Expr("collect", texts(like=[item._type]), items, item, *variables)


def unique(items: Any, body: Callable[..., Any] | None = None) -> Any:
    """No text comes twice in a list of text, or in what `body` says of each item."""
    return no_text_twice(items if body is None else collect(items, body))


def turns(items: Any) -> list[tuple[Any, ...]]:
    """The arguments of each turn over a plain list or map."""
    return sorted(items.items()) if isinstance(items, dict) else [(item,) for item in items]


# ---------------------------------------------------------------- symbolic loops

_open: list[str] = []
"""Variables of the loops being traced, so that an inner loop gets fresh names."""

TAKEN = ("$faults",)
"""Variables that the emitted templates use themselves."""


@contextmanager
def loop(word: str, items: Expr, body: Callable[..., Any]) -> Iterator[tuple[tuple[Expr, ...], str]]:
    """The symbolic variables of a loop, named after the lambda's parameters, and its index."""
    type_, names = items._type, list(inspect.signature(body).parameters)
    if type_.optional:
        raise TemplateError(f"{word}({items!r}, ...): it may be null here; use when({items!r}, lambda items: ...)")
    if type_.kind not in ("list", "map") or len(names) != (1 if type_.kind == "list" else 2):
        raise TemplateError(f"{word}({items!r}, ...): a list takes `lambda item: ...`, a map `lambda key, value: ...`")
    assert type_.element is not None
    open_before = len(_open)
    try:
        fresh = [fresh_name(name) for name in names]
        index = fresh_name("i")
        if type_.kind == "list":
            yield (Expr("var", type_.element, fresh[0], items, "item", index),), index
        else:
            key = Expr("var", type_.key or STR, fresh[0], items, "key", fresh[0])
            yield (key, Expr("var", type_.element, fresh[1], items, "value", fresh[0])), index
    finally:
        del _open[open_before:]


def fresh_name(name: str) -> str:
    """A Go variable for a Python name, unlike those in scope."""
    camel = "$" + re.sub("_+(.)", lambda found: found[1].upper(), name.strip("_") or "item")
    candidates = itertools.chain([camel], (f"{camel}{number}" for number in itertools.count(2)))
    fresh = next(candidate for candidate in candidates if candidate not in (*_open, *TAKEN))
    _open.append(fresh)
    return fresh
