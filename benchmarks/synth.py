"""Measures the synth of many services and of one: Podzol's constructs, `podzol synth`, and a TypeScript program; and
what else one service is to be seen beside."""

import difflib
import itertools
import os
import sys
import tempfile
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
MANY = 1000
ROUNDS = {MANY: 7, 1: 21}
"""Counted rounds by number of services: a short run is noisier."""
TARGETS = {MANY: (2.0, 0.8), 1: (2.5, 1.0)}
"""Highest ratio to TypeScript by number of services: of Podzol's constructs, and of `podzol synth`."""


def synth_figures(place: Path) -> list[Figure]:
    """The figures; `place` is a folder inside the repository, so that Node finds its packages from there."""
    with tempfile.TemporaryDirectory(dir=place) as folder:
        compared = [figure for services in ROUNDS for figure in _compared(services, Path(folder))]
        return compared + _comparisons(Path(folder))


def _compared(services: int, folder: Path) -> list[Figure]:
    environment = {"SERVICES": str(services)}
    commands = {
        "typescript": [os.environ["JSII_NODE"], str(_peer(folder)), str(folder / "typescript")],
        "constructs": [sys.executable, str(PROGRAMS / "cdk8s_app.py"), str(folder / "constructs")],
        "podzol_synth": [
            *(str(Path(sys.executable).with_name("podzol")), "synth"),
            *(str(PROGRAMS / "application.py"), "--out", str(folder / "podzol_synth")),
        ],
    }
    seconds = seconds_of_each(commands, ROUNDS[services], environment)
    _refuse_difference([folder / name / "services.k8s.yaml" for name in commands])
    words = {"constructs": "Podzol's cdk8s constructs", "podzol_synth": "`podzol synth`"}
    return [
        Figure(
            name=f"synth_{services}_{name}_ratio",
            what=f"synth of {services:,} CpuAutoscaledService: {words[name]} against TypeScript",
            value=round(median_ratio(seconds[name], seconds["typescript"]), 2),
            unit="ratio",
            target=target,
        )
        for name, target in zip(words, TARGETS[services], strict=True)
    ]


def _refuse_difference(files: list[Path]) -> None:
    """The programs must make the same objects, or their times say nothing."""
    first, *others = [(file.parent.name, file.read_text().splitlines()) for file in files]
    for other in others:
        if other[1] != first[1]:
            lines = difflib.unified_diff(first[1], other[1], first[0], other[0], lineterm="")
            raise SystemExit("\n".join(["the programs made different objects", *itertools.islice(lines, 30)]))


def _comparisons(folder: Path) -> list[Figure]:
    """What else a program of one service is to be seen beside, against the TypeScript program of one service."""
    peer = _peer(folder)
    checked = peer.rename(peer.with_suffix(".ts"))
    commands = {
        "typescript": [os.environ["JSII_NODE"], str(_peer(folder)), str(folder / "typescript")],
        "ts_node": [os.environ["JSII_NODE"], *TS_NODE, str(checked), str(folder / "ts_node")],
        "empty_cdk8s_app": [sys.executable, str(PROGRAMS / "empty_app.py"), str(folder / "empty")],
        "pydantic": [sys.executable, "-c", "from pydantic import BaseModel"],
    }
    seconds = seconds_of_each(commands, ROUNDS[1], {"SERVICES": "1"})
    words = {
        "ts_node": "the same TypeScript as `cdk8s init` runs it, by ts-node",
        "empty_cdk8s_app": "an empty cdk8s app in Python",
        "pydantic": "`import pydantic`, which holds the values",
    }
    return [
        Figure(
            name=f"{name}_ratio",
            what=f"for comparison: {what}, against TypeScript with one service",
            value=round(median_ratio(seconds[name], seconds["typescript"]), 2),
            unit="ratio",
        )
        for name, what in words.items()
    ]


def _peer(folder: Path) -> Path:
    """The TypeScript program, made from what the first service renders to."""
    sys.path.insert(0, str(PROGRAMS))
    os.environ["SERVICES"] = "1"
    from services import NAMESPACE, RELEASE, services

    [(alias, values)] = services().items()
    manifests = podzol.CpuAutoscaledService.render(values, release=RELEASE, namespace=NAMESPACE, chart=alias)
    path = folder / "main.mts"
    path.write_text(program(manifests), encoding="utf-8")
    return path
