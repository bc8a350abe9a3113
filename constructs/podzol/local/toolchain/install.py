"""Defines `install`: every wanted tool is found, else downloaded, else built; one at a time, each whole or not at all.

An install that was broken off is simply run again: what is there stays, and Go keeps what it had compiled.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from podzol.faults import Failure
from podzol.local.steps import Step, Steps
from podzol.local.toolchain import release
from podzol.local.toolchain.cache import bin_folder, find, locked, place_of, toolchain
from podzol.local.toolchain.modules import build
from podzol.local.toolchain.tools import Tool

How = Literal["found", "downloaded", "built"]


@dataclass(frozen=True)
class Installed:
    """A tool that is there now."""

    tool: Tool
    how: How
    path: Path


def install(tools: list[Tool], steps: Steps, build_only: bool = False) -> list[Installed]:
    """Make every tool of the list available.

    Args:
        tools: in the order in which they are installed.
        steps: told what happens.
        build_only: never download release files; build from the pinned Go modules.

    Raises:
        Failure: the first tool that can't be had. Those before it stay installed.
    """

    def waiting() -> None:
        steps.console.print("another `podzol toolchain install` is running; waiting for it to end")

    with locked(toolchain() / "lock", waiting):
        installed = [install_one(tool, steps, build_only) for tool in tools]
        for each in installed:
            link(each)
    return installed


def install_one(tool: Tool, steps: Steps, build_only: bool) -> Installed:
    """Make one tool available."""
    if path := find(tool.name):
        return Installed(tool, "found", path)
    with steps.step(f"{tool.name} {tool.version}") as step:
        try:
            how = fetch(tool, step, build_only)
        except OSError as error:
            raise Failure(f"{tool.name}: {place_of(tool).parent}: {error.strerror or error}") from error
        step.note = how
    return Installed(tool, how, place_of(tool))


def fetch(tool: Tool, step: Step, build_only: bool) -> How:
    """Download the tool, or build it where it can't be downloaded."""
    if tool.release and not build_only:
        try:
            release.download(tool, step.doing)
            return "downloaded"
        except release.Unavailable as reason:
            step.say(f"{reason}; building it from its Go module")
    build(tool, step.doing)
    return "built"


def link(installed: Installed) -> None:
    """Link a program of the cache in the folder that is meant for PATH; one of the user's own stays theirs."""
    if not installed.tool.package or installed.path != place_of(installed.tool):
        return
    place = bin_folder() / installed.tool.name
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.link")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(installed.path)
    fresh.replace(place)
