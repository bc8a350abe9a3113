"""Measures the synth of many services and of one: Podzol's constructs and `podzol synth` against a TypeScript program,
run by Node with its types stripped and by ts-node; and what no Python program of the kind can undercut."""

import difflib
import itertools
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.timing import median_ratio, seconds_of_each
from benchmarks.typescript import program

import podzol

PROGRAMS = Path(__file__).parent / "programs"
TS_NODE = (
    "node_modules/ts-node/dist/bin.js",
    "--project",
    "node_modules/cdk8s-cli/templates/typescript-app/tsconfig.json",
)
"""What a project of `cdk8s init typescript-app` runs its program by."""
MANY = 1000
ROUNDS = {MANY: 7, 1: 21}
"""Counted rounds by number of services: a short run is noisier."""
TARGETS = {MANY: (2.0, 0.8), 1: (2.5, 1.0)}
"""Highest ratio to the stripped TypeScript by number of services: of Podzol's constructs, and of `podzol synth`."""
OURS = {"constructs": "Podzol's cdk8s constructs", "podzol_synth": "`podzol synth`"}
PEERS = {"stripped": "TypeScript with its types stripped", "ts_node": "TypeScript by ts-node"}
FLOORS = {
    "pydantic_and_typer": "`import typer` and one model of pydantic",
    "empty_cdk8s_app": "an empty cdk8s app in Python",
    "empty_cdk8s_app_with_pydantic": "an empty cdk8s app in Python with one model of pydantic",
}


def synth_figures(place: Path) -> list[Figure]:
    """The figures; `place` is a folder inside the repository, so that Node finds its packages from there."""
    with tempfile.TemporaryDirectory(dir=place) as folder:
        compared = [figure for services in ROUNDS for figure in _compared(services, Path(folder))]
        return compared + _floors(Path(folder))


def _compared(services: int, folder: Path) -> list[Figure]:
    commands = {**_peers(folder), **_ours(folder)}
    seconds = seconds_of_each(commands, ROUNDS[services], {"SERVICES": str(services)})
    _refuse_difference([folder / name / "services.k8s.yaml" for name in commands])
    return [
        Figure(
            name=f"synth_{services}_{ours}_to_{peer}_ratio",
            what=f"synth of {services:,} CpuAutoscaledService: {OURS[ours]} against {PEERS[peer]}",
            value=round(median_ratio(seconds[ours], seconds[peer]), 2),
            unit="ratio",
            target=target if peer == "stripped" else None,
        )
        for peer in PEERS
        for ours, target in zip(OURS, TARGETS[services], strict=True)
    ]


def _peers(folder: Path) -> Mapping[str, Sequence[str]]:
    """The TypeScript program, for Node alone and for ts-node."""
    text = _program()
    stripped, checked = folder / "main.mts", folder / "main.ts"
    for path in (stripped, checked):
        path.write_text(text, encoding="utf-8")
    node = os.environ["JSII_NODE"]
    return {
        "stripped": [node, str(stripped), str(folder / "stripped")],
        "ts_node": [node, *TS_NODE, str(checked), str(folder / "ts_node")],
    }


def _ours(folder: Path) -> Mapping[str, Sequence[str]]:
    synth = [str(Path(sys.executable).with_name("podzol")), "synth", str(PROGRAMS / "application.py")]
    return {
        "constructs": [sys.executable, str(PROGRAMS / "cdk8s_app.py"), str(folder / "constructs")],
        "podzol_synth": [*synth, "--out", str(folder / "podzol_synth")],
    }


def _refuse_difference(files: list[Path]) -> None:
    """The programs must make the same objects, or their times say nothing."""
    first, *others = [(file.parent.name, file.read_text().splitlines()) for file in files]
    for other in others:
        if other[1] != first[1]:
            lines = difflib.unified_diff(first[1], other[1], first[0], other[0], lineterm="")
            raise SystemExit("\n".join(["the programs made different objects", *itertools.islice(lines, 30)]))


def _floors(folder: Path) -> list[Figure]:
    """What the libraries take that Podzol stands on, against the stripped TypeScript with one service."""
    out = str(folder / "empty")
    commands = {
        "stripped": _peers(folder)["stripped"],
        "pydantic_and_typer": [sys.executable, str(PROGRAMS / "command.py")],
        "empty_cdk8s_app": [sys.executable, str(PROGRAMS / "empty_app.py"), out],
        "empty_cdk8s_app_with_pydantic": [sys.executable, str(PROGRAMS / "empty_app.py"), out, "model"],
    }
    seconds = seconds_of_each(commands, ROUNDS[1], {"SERVICES": "1"})
    return [
        Figure(
            name=f"{name}_ratio",
            what=f"nothing but what Podzol stands on: {what}, against {PEERS['stripped']} and one service",
            value=round(median_ratio(seconds[name], seconds["stripped"]), 2),
            unit="ratio",
        )
        for name, what in FLOORS.items()
    ]


def _program() -> str:
    """The TypeScript program, made from what the first service renders to."""
    sys.path.insert(0, str(PROGRAMS))
    os.environ["SERVICES"] = "1"
    from services import NAMESPACE, RELEASE, services

    [(alias, values)] = services().items()
    return program(podzol.CpuAutoscaledService.render(values, release=RELEASE, namespace=NAMESPACE, chart=alias))
