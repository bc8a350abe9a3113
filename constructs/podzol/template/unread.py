"""Defines which values of a model nothing reads: a person would set them, and nothing would happen."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from podzol.template.annotations import fields
from podzol.template.expressions import Expr
from podzol.template.nodes import expressions
from podzol.template.paths import value_path
from podzol.template.types import Type


def unread_values(model: type[BaseModel], nodes: Iterable[Any]) -> list[str]:
    """camelCase paths of the values that no node reads. Hashing a value alone doesn't count as reading it."""
    seen: dict[int, Expr] = {}
    for node in nodes:
        for expression in expressions(node):
            note_read(expression, seen)
    read = set(map(value_path, seen.values()))
    return [path for path in declared(Type("section", model=model)) if path not in read]


def note_read(expression: Expr, seen: dict[int, Expr]) -> None:
    """Adds what an expression reads, by identity: expressions share most of their parts."""
    if expression._op != "sha256_of" and id(expression) not in seen:
        seen[id(expression)] = expression
        for part in expression._args:
            if isinstance(part, Expr):
                note_read(part, seen)


def declared(type_: Type, path: str = "") -> Iterator[str]:
    """Every value below a type that isn't a section, by path."""
    if type_.kind == "section":
        assert type_.model is not None
        for alias, field in fields(type_.model).items():
            yield from declared(field.type, f"{path}.{alias}" if path else alias)
    elif type_.element is not None and type_.element.kind == "section":
        yield from declared(type_.element, path + ("[]" if type_.kind == "list" else ".*"))
    else:
        yield path
