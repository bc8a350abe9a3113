"""Defines `Tool`, one program or manifest of the embedded cluster, and `TOOLS`, all of them, read from tools.yaml.

Does not define where a tool is found (`cache`) nor how it gets there (`release`, `modules`).
"""

from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from podzol.faults import Fault, UserError

Group = Literal["cluster", "autoscaling", "test", "labs", "distributed"]


class Release(BaseModel):
    """A project's own release file. The texts hold {name}, {version}, {number}, {os} and {arch}."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    checksum: str
    """A file of sha256 sums, or a release in GitHub's API."""
    platforms: list[str]
    """`os-arch` of the files that are published."""
    source: str
    member: str = ""
    """The program's path in the archive; empty when the file is the program."""


class Tool(BaseModel):
    """One program, or one file of manifests, of a pinned version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    group: Group
    summary: str
    version: str
    module: str
    """Go module that holds it."""
    package: str = ""
    """Go package of the program; empty for manifests."""
    files: list[str] = []
    """Files of the module that make up the manifests."""
    folder: str = ""
    """Folder of `toolchain/` whose go.mod pins the module."""
    stamps: list[str] = []
    """Go variables that the linker sets to the version."""
    release: Release | None = None

    @property
    def filename(self) -> str:
        """What the file is called in the cache."""
        return self.name if self.package else f"{self.name}.yaml"

    @property
    def variable(self) -> str:
        """The environment variable that names a file to use instead."""
        return "PODZOL_" + self.name.upper().replace("-", "_")


@cache
def all_tools() -> dict[str, Tool]:
    """Every tool by name, in the order in which they are installed."""
    table = yaml.safe_load(resources.files(__package__).joinpath("tools.yaml").read_text(encoding="utf-8"))
    return {row["name"]: Tool.model_validate(row) for row in table}


def tool(name: str) -> Tool:
    """The tool called `name`."""
    return all_tools()[name]


def select(names: list[str]) -> list[Tool]:
    """The tools that `names` (of tools or groups) stand for, in the order of the table.

    Raises:
        UserError: for every name that is neither.
    """
    tools = all_tools().values()
    known = {tool.name for tool in tools} | {tool.group for tool in tools}
    unknown = [name for name in names if name not in known]
    if unknown:
        fix = f"take one of {', '.join(sorted(known))}"
        raise UserError(Fault("NAME", "must be a tool or a group of tools", name, fix) for name in unknown)
    return [tool for tool in tools if tool.name in names or tool.group in names]
