"""Defines `docstring`: the text under a value in its class, read from the source when a page is made of it.

Pydantic could read it when the class is made (`use_attribute_docstrings`), which would take half of the time in which
a workload is imported; most programs ask for no description.
"""

import ast
import functools
import inspect
import itertools
import linecache
import sys
from collections.abc import Iterator

from pydantic import BaseModel


def docstring(model: type[BaseModel], name: str) -> str:
    """The text under a value, in the class that declares it; empty without one, or without a source."""
    owner = next((cls for cls in model.__mro__ if name in inspect.get_annotations(cls)), model)
    file = getattr(sys.modules.get(owner.__module__), "__file__", None)
    return docstrings(file).get(f"{owner.__qualname__}.{name}", "") if file else ""


@functools.cache
def docstrings(file: str) -> dict[str, str]:
    """Every text under a value in a file, by the value's qualified name."""
    return dict(below(ast.parse("".join(linecache.getlines(file))), ""))


def below(node: ast.AST, prefix: str) -> Iterator[tuple[str, str]]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.ClassDef(name):
                yield from texts(child.body, f"{prefix}{name}.")
                yield from below(child, f"{prefix}{name}.")
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                yield from below(child, f"{prefix}{name}.<locals>.")
            case ast.stmt():
                yield from below(child, prefix)


def texts(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, str]]:
    for value, text in itertools.pairwise(body):
        match value, text:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(written))):
                yield prefix + name, inspect.cleandoc(written)
