"""Defines: the files that manifests of platforms go to; writes and checks them. Does not define: their text."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from podzol.faults import Failure, Fault, UserError
from podzol.generated import first_lines, put
from podzol.synth.yaml import to_yaml
from podzol.workloads.platform import Platform

SUFFIX = ".k8s.yaml"
"""cdk8s's own ending: `cdk8s synth` writes a file of this name for each cdk8s chart."""


def manifest_files(platforms: Iterable[Platform]) -> dict[str, str]:
    """File name -> text, a file for each platform.

    Raises:
        UserError: two platforms are of one name, and so of one file.
    """
    platforms = list(platforms)
    names = [platform.name for platform in platforms]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UserError(Fault(name, "must be the name of one platform only", fix="rename one") for name in twice)
    return {f"{platform.name}{SUFFIX}": to_yaml(platform.manifests) for platform in platforms}


def write(out: Path, files: Mapping[str, str]) -> list[Path]:
    """Write the files into the folder; gives each path. Other files of the folder stay.

    Raises:
        Failure: the folder can't be written to.
    """
    for name, text in files.items():
        put(out / name, text.encode())
    return [out / name for name in files]


def check(out: Path, files: Mapping[str, str]) -> None:
    """Compare without writing.

    Raises:
        Failure: a file isn't what would be written, or one is there that nothing makes; with the first lines.
    """
    there = {path.name: path.read_bytes().decode(errors="replace") for path in sorted(out.glob(f"*{SUFFIX}"))}
    wrong = [name for name in sorted({*there, *files}) if there.get(name) != files.get(name)]
    if not wrong:
        return
    diff = [
        line
        for name in wrong
        for line in difflib.unified_diff(
            there.get(name, "").splitlines(), files.get(name, "").splitlines(), name, "synth", n=1, lineterm=""
        )
    ]
    paths = [f"  {out / name}" + ("" if name in files else ": no platform makes it; remove it") for name in wrong]
    heading = f"{len(wrong)} files in {out} are not what the platforms make; run `podzol synth`"
    raise Failure("\n".join([heading, *paths, *first_lines(diff)]))
