"""Checkpoints that survive a kill at any moment.

A checkpoint is a folder `step-00000042`. It is written beside (`.saving-...`), each file is flushed to the disk, a
manifest with every file's size and SHA-256 is added last, and one rename makes it visible. So a reader sees a whole
checkpoint or none; and one that broke afterwards, or on a file system whose rename of a folder is no single step
(object storage), is found out by its manifest and the one before is taken.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from lifecycle.claim import claim
from lifecycle.exits import Failed, Final
from lifecycle.files import NO_ROOM, sha256, sync
from lifecycle.journal import say

T = TypeVar("T")
NAME = re.compile(r"step-(\d{8,})")
SETTINGS, MANIFEST = "settings.json", "manifest.json"


class Broken(Exception):
    """This checkpoint is not what was written."""


class Checkpoints:
    """The last `keep` checkpoints of one training run, in `folder`, for one writer at a time.

    `settings` must be the same in every try of a run, or its end isn't the unbroken run's.
    """

    def __init__(self, folder: Path, keep: int = 3, settings: Mapping[str, Any] | None = None) -> None:
        self.folder, self.keep, self.settings = folder, keep, dict(settings or {})
        self._lock = claim(folder)
        for leftover in folder.glob(".saving-*"):  # of a program that was killed while it saved
            shutil.rmtree(leftover, ignore_errors=True)

    def close(self) -> None:
        """Let another writer in. The end of the program does so too, however it ends."""
        os.close(self._lock)

    def steps(self) -> list[int]:
        """The steps that have a checkpoint, oldest first, whole or not."""
        return sorted(int(m[1]) for path in self.folder.iterdir() if (m := NAME.fullmatch(path.name)))

    def save(self, step: int, write: Callable[[Path], None]) -> None:
        """Save what `write` puts into the folder it is given. Failed when that can't be; the others stay whole."""
        final, beside = self._path(step), self.folder / f".saving-{step:08d}-{os.getpid()}"
        try:
            if final.exists():
                if self._is_whole(final):
                    return  # a run that resumed came to a step it had already saved: the same bytes
                shutil.rmtree(final)
            beside.mkdir()
            (beside / SETTINGS).write_text(json.dumps(self.settings, indent=1) + "\n")
            write(beside)
            seal(beside, step)
            os.rename(beside, final)
            sync(self.folder)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise Failed(f"{final}: checkpoint not saved: {error.strerror or error}") from error
            kept = f"the one of step {self.steps()[-1]} is kept" if self.steps() else "there is none before it"
            raise Failed(f"{final}: not saved, no room on the volume; {kept}; give the volume more room") from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        self._prune()

    def load(self, read: Callable[[Path], T]) -> tuple[int, T] | None:
        """The newest checkpoint that is whole, as (step, what `read` makes of its folder); None when there is none.

        One that is broken is said, renamed to `step-....broken`, and the one before is tried. Raises Final when the
        newest was learned with other settings.
        """
        for step in reversed(self.steps()):
            path = self._path(step)
            try:
                check(path, step)
            except Broken as error:
                self._set_aside(path)
                say("checkpoint_broken", step=step, reason=str(error), kept_as=f"{path.name}.broken")
            else:
                must_be_of(path, self.settings)
                return step, read(path)
        return None

    def _path(self, step: int) -> Path:
        return self.folder / f"step-{step:08d}"

    def _is_whole(self, path: Path) -> bool:
        try:
            check(path, int(path.name.removeprefix("step-")))
        except Broken:
            return False
        return True

    def _set_aside(self, path: Path) -> None:
        aside = path.with_name(path.name + ".broken")
        shutil.rmtree(aside, ignore_errors=True)
        os.rename(path, aside)

    def _prune(self) -> None:
        for step in self.steps()[: -self.keep]:
            shutil.rmtree(self._path(step), ignore_errors=True)
        oldest = self._path(self.steps()[0]).name
        for path in self.folder.glob("step-*.broken"):
            if path.name < oldest:
                shutil.rmtree(path, ignore_errors=True)


def seal(folder: Path, step: int) -> None:
    """Flush every file of the folder and write the manifest that vouches for them."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            sync(path)
            files[path.relative_to(folder).as_posix()] = {"bytes": path.stat().st_size, "sha256": sha256(path)}
    (folder / MANIFEST).write_text(json.dumps({"step": step, "files": files}, indent=1) + "\n")
    sync(folder / MANIFEST)
    for path in [*(path for path in folder.rglob("*") if path.is_dir()), folder]:
        sync(path)


def must_be_of(folder: Path, settings: dict[str, Any]) -> None:
    """Raise Final unless the checkpoint was learned with these settings: going on would mix two runs."""
    saved = json.loads((folder / SETTINGS).read_text())
    for name, value in json.loads(json.dumps(settings)).items():
        if saved.get(name) != value:
            raise Final(
                f"{folder}: was learned with {name} {saved.get(name)}, got {value}; "
                "keep the setting, or start anew in another --out"
            )


def check(folder: Path, step: int) -> None:
    """Raise Broken unless the folder holds exactly what its manifest says."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        if manifest["step"] != step:
            raise Broken(f"its manifest is of step {manifest['step']}")
        for name, written in manifest["files"].items():
            path = folder / name
            if path.stat().st_size != written["bytes"] or sha256(path) != written["sha256"]:
                raise Broken(f"{name} is not what was written")
    except FileNotFoundError as error:
        raise Broken(f"{Path(error.filename).name} is missing") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Broken(f"{MANIFEST} is not what was written") from error
    except OSError as error:
        if error.errno == errno.EIO:
            raise Broken(f"the disk can't read it: {error.strerror}") from error
        raise Failed(f"{folder}: can't be read: {error.strerror}") from error
