"""Defines `reading`: what is no manifest ends in a fault that names the object, never in a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from podzol.faults import Fault, UserError
from podzol.kubernetes.quantities import NotAQuantity


@contextmanager
def reading(what: str, faults: list[Fault]) -> Iterator[None]:
    """Read an object; what is wrong with it goes to the faults, and the block ends."""
    try:
        yield
    except UserError as wrong:
        faults.extend(wrong.faults)
    except NotAQuantity as wrong:
        faults.append(Fault(what, "must ask for quantities of Kubernetes", wrong.args[0], "write 500m or 2Gi"))
    except (AttributeError, KeyError, TypeError, ValueError):
        fix = "ask it with `kubectl apply --dry-run=server`"
        faults.append(Fault(what, "must be of the form that the API server takes", fix=fix))


def refuse(faults: list[Fault]) -> None:
    """Raise UserError if there are faults; each once."""
    if faults:
        raise UserError(dict.fromkeys(faults))
