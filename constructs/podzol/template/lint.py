"""Defines what no operator can catch: `is`, `isinstance` and `match` on a chart value silently take one branch.

They are found in the source of the author's function, and of the functions of the same module that it hands its values
to, if what these are compiled to asks anything at all: most ask nothing, and reading a source takes a while. What hides
elsewhere, the comparison of the direct run with the tree finds (`direct.py`).
"""

import ast
import dis
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

from podzol.template.faults import TemplateError

ASKS_FOR_TYPE = ("isinstance", "issubclass", "type")
ASKING = frozenset(
    number
    for name, number in dis.opmap.items()
    if name == "IS_OP" or name.endswith("_NONE") or name.startswith("MATCH_")
)
"""What `is`, `is None` and the patterns of `match` are compiled to; a pattern that is a constant is compiled to `==`,
which a chart value refuses by itself. Source: https://docs.python.org/3/library/dis.html, 2026-11-23."""
INSTEAD = {
    "is": "`is` can't see into a chart value; use present(value), or when(value, lambda value: ...)",
    "match": "`match` can't see into a chart value; use when() or pick()",
    "type": "its type stands in the model; a template can't ask for it",
}


def refuse_untraceable(function: Callable[..., Any]) -> None:
    """Raises TemplateError, with file and line, for a question about a chart value that can't be traced."""
    if not asks_anything(function):
        return
    inspected: set[tuple[Any, frozenset[str]]] = set()
    waiting = [(function, frozenset(inspect.signature(function).parameters))]
    while waiting:
        found = waiting.pop()
        if found not in inspected:
            inspected.add(found)
            waiting += list(inspect_one(*found))


def asks_anything(function: Callable[..., Any]) -> bool:
    """The function, or one of the same module that it names, asks what can't be traced, of whatever it is."""
    reached: list[Any] = [inspect.unwrap(function)]
    for reader in reached:
        for code in codes(reader.__code__) if isinstance(reader, FunctionType) else ():
            if not ASKING.isdisjoint(code.co_code[::2]) or not set(ASKS_FOR_TYPE).isdisjoint(code.co_names):
                return True
            named = (reader.__globals__.get(name) for name in code.co_names)
            reached += [other for other in named if is_of_module(other, reader) and other not in reached]
    return False


def codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function, and of the lambdas and functions in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def is_of_module(called: Any, function: Callable[..., Any]) -> bool:
    return inspect.isfunction(called) and called.__module__ == function.__module__


def inspect_one(function: Callable[..., Any], symbolic: frozenset[str]) -> Iterator[tuple[Any, frozenset[str]]]:
    """Checks one function, whose `symbolic` parameters hold chart values; gives those that it hands such values to."""
    function = inspect.unwrap(function)
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError):  # no source, or part of a longer expression
        return
    names = symbolic_names(tree, set(symbolic))
    for node in ast.walk(tree):
        if what := asked(node, names):
            file = inspect.getsourcefile(function)
            line = first + getattr(node, "lineno", 1) - 1
            raise TemplateError(f"{file}, line {line}: {INSTEAD[what]}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called: Any = function.__globals__.get(node.func.id)
            if is_of_module(called, function) and (given := handed(node, called, names)):
                yield called, given


def asked(node: ast.AST, names: set[str]) -> str:
    """The question that a node asks of a symbolic value, if any."""
    match node:
        case ast.Compare(left, ops, comparators) if any(isinstance(op, ast.Is | ast.IsNot) for op in ops):
            return "is" if any(mentions(side, names) for side in (left, *comparators)) else ""
        case ast.Match(subject):
            return "match" if mentions(subject, names) else ""
        case ast.Call(ast.Name(called), args) if called in ASKS_FOR_TYPE:
            return "type" if any(mentions(arg, names) for arg in args) else ""
    return ""


def mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))


def symbolic_names(tree: ast.AST, names: set[str]) -> set[str]:
    """The names that hold chart values: parameters, what is made of them, and what lambdas are handed."""
    before = -1
    while before != len(names):
        before = len(names)
        for node in ast.walk(tree):
            targets: list[ast.AST] = []
            match node:
                case ast.Assign([ast.Tuple(goals)], ast.Tuple(values)) if len(goals) == len(values):
                    targets = [goal for goal, value in zip(goals, values, strict=True) if mentions(value, names)]
                case ast.Assign(goals, value) if mentions(value, names):
                    targets = [*goals]
                case ast.AnnAssign(goal, _, value) if value is not None and mentions(value, names):
                    targets = [goal]
                case ast.NamedExpr(goal, value) if mentions(value, names):
                    targets = [goal]
                case ast.Call(_, [given, *bodies]) if mentions(given, names):
                    targets = [arg for body in bodies if isinstance(body, ast.Lambda) for arg in body.args.args]
            for target in targets:
                names |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
                names |= {target.arg} if isinstance(target, ast.arg) else set()
    return names


def handed(call: ast.Call, called: Callable[..., Any], names: set[str]) -> frozenset[str]:
    """The parameters of the called function that are handed chart values."""
    parameters = list(inspect.signature(called).parameters)
    by_place = {parameters[place] for place, arg in enumerate(call.args[: len(parameters)]) if mentions(arg, names)}
    by_name = {keyword.arg for keyword in call.keywords if keyword.arg and mentions(keyword.value, names)}
    return frozenset(by_place | (by_name & set(parameters)))
