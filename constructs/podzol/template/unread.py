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
    read = {value_path(part) for node in nodes for expression in expressions(node) for part in parts_read(expression)}
    return [path for path in declared(Type("section", model=model)) if path not in read]


def parts_read(expression: Expr) -> Iterator[Expr]:
    if expression._op != "sha256_of":
        yield expression
        for part in expression._args:
            if isinstance(part, Expr):
                yield from parts_read(part)


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
