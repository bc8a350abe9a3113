"""Stages that are done once: each works in a folder of its own, which gets its name only when it is complete.

`out/quality` is there: the stage is done, and its stage.json says from what, with which settings, and the
fingerprints of what it made. `out/.quality` is there: it was under way. A stage whose results changed is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lifecycle import Failed, Final, say, sha256, sync

RECORD = "stage.json"
LARGE_BYTES, END_BYTES = 1 << 30, 1 << 20


@dataclass(frozen=True)
class Stage:
    """A piece of the work."""

    name: str
    settings: dict[str, Any]
    """All that its result depends on, the checksums of what it reads included."""
    work: Callable[[Path], dict[str, Any]]
    """Does it in a folder, which may hold what an earlier try left; gives figures for the journal."""


def run(stage: Stage, out: Path) -> dict[str, Any]:
    """Do the stage unless it is done; gives its record: settings, files (name to SHA-256), figures."""
    done, working = out / stage.name, out / f".{stage.name}"
    record = recorded(stage, done)
    if record:
        say("stage_skipped", stage=stage.name, reason="it is done")
        return record
    resumed = same_settings(stage, working)
    if not resumed:
        shutil.rmtree(working, ignore_errors=True)
    say("stage_started", stage=stage.name, resumed=resumed)
    begun = time.monotonic()
    try:
        working.mkdir(parents=True, exist_ok=True)
        (working / "settings.json").write_text(json.dumps(stage.settings))
        figures = stage.work(working)
        seconds = round(time.monotonic() - begun, 1)
        (working / "settings.json").unlink()
        record = {"settings": stage.settings, "figures": figures, "files": checksums(working), "seconds": seconds}
        (working / RECORD).write_text(json.dumps(record, indent=1) + "\n")
        sync(working / RECORD)
        sync(working)
        shutil.rmtree(done, ignore_errors=True)
        os.rename(working, done)
        sync(out)
    except OSError as error:
        raise Failed(f"{working}: stage {stage.name} can't write: {error.strerror}; see to the volume") from error
    say("stage_done", stage=stage.name, seconds=seconds, **figures)
    return record


def recorded(stage: Stage, done: Path) -> dict[str, Any] | None:
    """The record of a stage that is done and whole, with these settings."""
    try:
        record: dict[str, Any] = json.loads((done / RECORD).read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        say("stage_broken", stage=stage.name, reason=f"{RECORD} is not what was written")
        return None
    changed = [name for name, value in stage.settings.items() if record["settings"].get(name) != value]
    if changed:
        raise Final(f"{done}: was made with other {' and '.join(changed)}; keep them, or start anew in another --out")
    if checksums(done) != record["files"]:
        say("stage_broken", stage=stage.name, reason="its files are not what was written")
        return None
    return record


def same_settings(stage: Stage, working: Path) -> bool:
    """Whether an earlier try with these settings left something to go on from."""
    try:
        return bool(json.loads((working / "settings.json").read_text()) == stage.settings)
    except (OSError, ValueError):
        return False


def checksums(folder: Path) -> dict[str, str]:
    """What vouches for every file below the folder but the record."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / RECORD)
    return {path.relative_to(folder).as_posix(): fingerprint(path) for path in files}


def fingerprint(path: Path) -> str:
    """A file's SHA-256; of a large one, its size and the SHA-256 of its two ends, as each try looks at all of them."""
    size = path.stat().st_size
    if size <= LARGE_BYTES:
        return sha256(path)
    with path.open("rb") as file:
        ends = file.read(END_BYTES)
        file.seek(-END_BYTES, os.SEEK_END)
        return f"{size}-{hashlib.sha256(ends + file.read()).hexdigest()}"
