"""Defines how files that a person gives are read, as text and as YAML: what can't be is a fault with its place.

Does not define what stands in them. Tables and manifests of our own are read where they are used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from typing import Any

from podzol.faults import Fault, UserError
from podzol.template import ValuesError, read_yaml


def text_of(file: Traversable) -> str:
    """The text of a file.

    Raises:
        UserError: it isn't text in UTF-8.
    """
    with told(str(file)):
        return file.read_text(encoding="utf-8")


def document(file: Traversable) -> Any:
    """The content of a file of one YAML document, as Kubernetes reads YAML; None of an empty one.

    Raises:
        UserError: it isn't text in UTF-8, not YAML, or has a key twice, of which one would be lost without a word.
    """
    with told(str(file)):
        return read_yaml(file.read_text(encoding="utf-8"), keys_once=True)


@contextmanager
def told(where: str) -> Iterator[None]:
    """What is wrong with a text, or with YAML in it, as faults of the file or stream `where`."""
    try:
        yield
    except UnicodeError:
        raise UserError([Fault(where, "must be text in UTF-8")]) from None
    except ValuesError as error:
        raise UserError(Fault(f"{where}, {each.where}", each.rule) for each in error.faults) from None
