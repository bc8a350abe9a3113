"""What happened, as JSON lines on stdout: one object a line, `event` first, so that a log collector can count on it."""

from __future__ import annotations

import json
import sys
from typing import Any


def say(event: str, **fields: Any) -> None:
    """Write one line at once (a pod that is killed keeps what it said). Numbers that aren't finite become null."""
    sys.stdout.write(line(event, **fields))
    sys.stdout.flush()


def line(event: str, **fields: Any) -> str:
    """One JSON line, with its line break."""
    return json.dumps({"event": event, **{key: finite(value) for key, value in fields.items()}}) + "\n"


def finite(value: Any) -> Any:
    """JSON has no NaN and no infinity."""
    return None if isinstance(value, float) and value - value != 0 else value
