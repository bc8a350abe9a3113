"""Defines what the programs of a cluster say in their logs when they can't go on, short enough to read."""

import json

from podzol.local.cluster import Cluster

SIGNS = ("ERROR", "no space left", "address already in use", "panic", "fatal", "Error:")
"""What a line has that tells of an error, in one program's words or another's."""
FULL = "no space left on device"
LAST_LINES = 500
MOST_ERRORS = 6
MOST_CHARACTERS = 300


def why_not_started(cluster: Cluster, kwokctl: str) -> str:
    """The last errors of kwokctl, by what it printed, and of the programs; a full disk alone, where it is that."""
    sources = {"kwokctl": kwokctl} | {path.stem: said(cluster, path.stem) for path in cluster.logs.glob("*.log")}
    if full := [name for name, text in sources.items() if FULL in text]:
        return f"{full[-1]} finds {FULL}; free some, or set PODZOL_STATE to a folder on another disk"
    errors = [
        f"{name}: {plain(line)}"
        for name, text in sources.items()
        for line in text.splitlines()[-LAST_LINES:]
        if any(sign in line for sign in SIGNS)
    ]
    return "\n  ".join(errors[-MOST_ERRORS:]) or kwokctl[-MOST_CHARACTERS:].strip() or "kwokctl says nothing"


def last_error(cluster: Cluster, name: str) -> str:
    """The last line of a program's log that tells of an error, else the last line; the usage that follows is not."""
    lines = [line for line in said(cluster, name).splitlines()[-LAST_LINES:] if line.strip()]
    errors = [line for line in lines if line.startswith(("Error", "error", "panic", "F")) or '"level":"ERROR"' in line]
    return plain((errors or lines or ["its log is empty"])[-1])


def said(cluster: Cluster, name: str) -> str:
    """The whole log of a program."""
    log = cluster.logs / f"{name}.log"
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


def plain(line: str) -> str:
    """A line; of one in JSON the message and the error."""
    try:
        told = json.loads(line)
        parts = [told.get("msg") or told.get("message"), told.get("err") or told.get("error")]
    except (ValueError, AttributeError):
        return line[-MOST_CHARACTERS:]
    return ": ".join(str(each) for each in parts if each)[:MOST_CHARACTERS] or line[-MOST_CHARACTERS:]
