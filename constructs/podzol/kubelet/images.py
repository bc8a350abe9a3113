"""Defines which program of this machine stands for an image: `Images`, a table, and `Program`, a row of it."""

import asyncio
import re
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from podzol.faults import Fault, UserError

HERE = Path(__file__).parent
PROJECT = Path(__file__).parents[3]
"""The clone that Podzol runs from; an installed Podzol has no `apps/` there, and says so when one is asked for."""
PYTHON = Path(sys.executable).resolve()
HOLES = {"{project}": PROJECT, "{podzol}": HERE, "{python}": PYTHON, "{python_folder}": PYTHON.parent}
REFERENCE = re.compile(
    r"(?P<repository>[a-z0-9./_-]+(?::[0-9]+/[a-z0-9./_-]+)?)(?::[\w.-]{1,128})?(?:@sha256:[0-9a-f]{64})?"
)


class Program(BaseModel):
    """What an image is played by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entrypoint: list[str] = []
    command: list[str] = []
    environment: dict[str, str] = {}
    path: list[str] = []
    user: int | None = None
    """Of user and group, where the pod doesn't say another; none: root."""
    make: list[str] = []
    folders: list[str] = []
    listen: list[str] = []
    """Words that end in `$(POD_IP)`, for where all pods share this machine's ports."""


class NoProgram(Exception):
    """No program stands for the image. `reason` is Kubernetes' own: ErrImagePull or InvalidImageName."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


@dataclass(frozen=True)
class Images:
    """The table."""

    programs: dict[str, Program]

    def program(self, image: str) -> Program:
        """The program that stands for an image.

        Raises:
            NoProgram: none does.
        """
        found = REFERENCE.fullmatch(image)
        if not found:
            raise NoProgram("InvalidImageName", f'couldn\'t parse image name "{image}"')
        names = found["repository"].split("/")
        for start in range(len(names)):
            if program := self.programs.get("/".join(names[start:])):
                return program
        known = ", ".join(sorted(self.programs))
        raise NoProgram(
            "ErrImagePull",
            f'no program of this machine stands for image "{image}"; images that have one: {known}. '
            "Name one of your own with `podzol local up --run --images FILE`",
        )


def images(own: Path | None = None) -> Images:
    """The table of this package, and over it the user's own.

    Raises:
        UserError: the user's file can't be used.
    """
    table = yaml.safe_load(resources.files(__package__).joinpath("images.yaml").read_text(encoding="utf-8"))
    filled = read(table, "images.yaml")
    if own is None:
        return Images(filled)
    try:
        return Images(filled | read(yaml.safe_load(own.read_text(encoding="utf-8")), str(own)))
    except (OSError, yaml.YAMLError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).splitlines()[0]
        raise UserError([Fault("--images", "must be a YAML file that can be read", str(own), str(reason))]) from error


def read(table: Any, where: str) -> dict[str, Program]:
    """The rows of a table.

    Raises:
        UserError: with every fault of it.
    """
    try:
        return TypeAdapter(dict[str, Program]).validate_python(fill(table))
    except ValidationError as error:
        raise UserError(
            Fault(f"{where}: {'.'.join(map(str, each['loc']))}", each["msg"].lower(), each["input"])
            for each in error.errors()
        ) from error


def fill(value: Any) -> Any:
    """The table with this machine's folders put in."""
    match value:
        case str():
            for hole, path in HOLES.items():
                value = value.replace(hole, str(path))
            return value
        case list():
            return [fill(each) for each in value]
        case dict():
            return {key: fill(each) for key, each in value.items()}
        case _:
            return value


async def make(words: list[str]) -> str:
    """Run what makes an image's program ready; gives its last words when it fails."""
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            cwd=PROJECT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        return f"{' '.join(words)}: {error.strerror}"
    _, said = await process.communicate()
    return f"{' '.join(words)}: {said.decode(errors='replace').strip()[-500:]}" if process.returncode else ""
