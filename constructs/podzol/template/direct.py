"""Defines `run_directly`: an author's function on plain values, without a tree. It is how the tree is checked."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from podzol.template.release import Context, plain_release
from podzol.template.tree import Several, plain


def run_directly(manifests: Callable[..., Any], values: BaseModel, context: Context) -> list[dict[str, Any]]:
    """The manifests that the author's function itself gives. Empty maps and lists of values stay in their places."""
    out: list[dict[str, Any]] = []
    for returned in manifests(values, plain_release(context, values)).values():
        if returned is not None:
            out += plain(returned) if isinstance(returned, Several | list) else [plain(returned)]
    return out
