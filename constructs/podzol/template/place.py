"""Defines where a value stands, as a user writes it: `volumes[0].mountPath`. In a loop the index or key is an expression."""

from podzol.template.expressions import Expr
from podzol.template.types import INT, STR


def place(value: Expr) -> tuple[str | Expr, ...]:
    """The pieces of the path, texts and expressions."""
    op, args = value._op, value._args
    if op == "narrow":
        return place(args[0])
    if op == "path":
        base = place(args[0])
        return (*base, f".{args[1].alias}") if base else (args[1].alias,)
    if op == "var":
        _, source, role, counter = args
        if role == "item":
            return (*place(source), "[", Expr("index", INT, counter), "]")
        return (*place(source), ".", Expr("index", STR, counter))
    return ()
