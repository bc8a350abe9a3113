"""Defines where a value stands, as its user writes it: `volumes[0].mountPath`."""

from podzol.template.expressions import Expr
from podzol.template.types import STR, integer

MOST_ITEMS = 2**31


def value_path(value: Expr) -> str:
    """The camelCase path of a value, `volumes[].mountPath` in a loop; empty for what is no value."""
    op, args = value._op, value._args
    if op == "narrow":
        return value_path(args[0])
    if op == "path":
        base = value_path(args[0])
        return f"{base}.{args[1].alias}" if base else args[1].alias
    if op == "var":
        return value_path(args[1]) + ("[]" if args[2] == "item" else ".*")
    return ""


def place(value: Expr) -> tuple[str | Expr, ...]:
    """The pieces of the path: texts, and in a loop the expressions of its index or key."""
    op, args = value._op, value._args
    if op == "narrow":
        return place(args[0])
    if op == "path":
        base = place(args[0])
        return (*base, f".{args[1].alias}") if base else (args[1].alias,)
    if op == "var":
        _, source, role, counter = args
        if role == "item":
            return (*place(source), "[", Expr("counter", integer(0, MOST_ITEMS), counter), "]")
        return (*place(source), ".", Expr("counter", STR, counter))
    return ()
