"""Two interpreters, one question: does `helm template` with these values give what `evaluate` gives?

Many value sets in one call of helm: an umbrella chart holds the chart under test many times, under aliases.
"""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from podzol.template import Context, Tree, broken, defaults, emit, evaluate, load, schema, to_values
from podzol.template.gojson import number
from podzol.template.goprinter import ODD
from podzol.template.yaml_reader import Composer, value_of

NAMESPACE = "soil"
VERSION = "1.2.3-rc.1+build.5"
APP_VERSION = "4.5.6"


@dataclass(frozen=True)
class Case:
    """One value set: the model that Python sees, and the values file that Helm gets."""

    values: BaseModel
    file: dict[str, Any]


@dataclass(frozen=True)
class Difference:
    path: str
    evaluated: Any
    rendered: Any
    file: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.path}\n  evaluate: {self.evaluated!r}\n  helm:     {self.rendered!r}\n  values:   {self.file!r}"


class Oracle:
    """The chart of a tree on disk, by itself and in an umbrella of `size` aliases."""

    def __init__(self, helm: Path, tree: Tree, chart: str, folder: Path, size: int = 50) -> None:
        self.helm, self.tree, self.chart, self.folder, self.size = helm, tree, chart, folder, size
        self.names: set[str] = set()
        files = chart_files(tree, chart)
        write(folder / chart, files)
        write(folder / "umbrella" / "charts" / chart, files)
        aliases = [{"name": chart, "version": VERSION, "alias": f"c{n}"} for n in range(size)]
        umbrella = {"apiVersion": "v2", "name": "umbrella", "version": "0.1.0", "dependencies": aliases}
        write(folder / "umbrella", {"Chart.yaml": json.dumps(umbrella)})

    def template(
        self, chart: str, values: dict[str, Any], release: str, *more: str
    ) -> subprocess.CompletedProcess[str]:
        path = self.folder / "values.json"
        path.write_text(as_file(values), encoding="utf-8")
        command = [self.helm, "template", release, self.folder / chart, "-n", NAMESPACE, "-f", path, *more]
        return subprocess.run([*map(str, command), "--skip-tests"], capture_output=True, text=True, check=False)

    def context(self, release: str, alias: str) -> Context:
        return Context(release, NAMESPACE, alias, VERSION, APP_VERSION)

    def differences(self, cases: Sequence[Case], release: str) -> list[Difference]:
        """Where the two interpreters disagree, over as many cases as the umbrella holds."""
        wanted = [evaluate(self.tree, case.values, self.context(release, f"c{n}")) for n, case in enumerate(cases)]
        files = {f"c{n}": case.file for n, case in enumerate(cases)}
        run = self.template("umbrella", {**files, "global": {"registry": "example.org"}}, release)
        assert run.returncode == 0, run.stderr[-3000:]
        rendered = by_alias(run.stdout)
        return [
            Difference(path, one, other, case.file)
            for n, case in enumerate(cases)
            for path, one, other in difference(by_name(wanted[n]), by_name(rendered.get(n, []), read=True))
        ]

    def alone(self, case: Case, release: str) -> list[Difference]:
        """The same for the chart by itself."""
        wanted = evaluate(self.tree, case.values, self.context(release, self.chart))
        run = self.template(self.chart, case.file, release)
        assert run.returncode == 0, run.stderr[-3000:]
        found = difference(by_name(wanted), by_name(documents(run.stdout), read=True))
        return [Difference(path, one, other, case.file) for path, one, other in found]

    def case(self, file: dict[str, Any], built_in_python: bool) -> Case:
        """A valid case near these values: from a file, or built in Python and written out.

        Values that break a rule are taken out until none does.
        """
        model = self.tree.model
        while True:
            values = (
                model.model_validate_json(json.dumps(file), by_alias=True) if built_in_python else load(model, file)
            )
            faults = broken(self.tree, values, self.context("r", self.chart))
            if not faults:
                return Case(values, to_values(values) if built_in_python else file)
            smaller = file
            for fault in faults:
                smaller = without(smaller, re.sub(r"\[.*", "", fault.where).split("."))
            file = smaller if smaller != file else dict(list(file.items())[: len(file) // 2])


def without(file: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """The values without one of them; without its whole section if it isn't there."""
    key, *rest = path
    if key not in file:
        return file
    inner = file[key]
    if rest and isinstance(inner, dict) and rest[0] in inner:
        return file | {key: without(inner, rest)}
    return {name: item for name, item in file.items() if name != key}


def chart_files(tree: Tree, chart: str) -> dict[str, str]:
    """The least that Helm takes for a chart."""
    about = {"apiVersion": "v2", "name": chart, "version": VERSION, "appVersion": APP_VERSION}
    return {
        "Chart.yaml": json.dumps(about),
        "values.yaml": as_file(defaults(tree.model)),
        "values.schema.json": json.dumps(schema(tree.model)),
        **emit(tree, chart),
    }


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def as_file(values: Any) -> str:
    """A values file: raw text where YAML takes it, \\u escapes where it doesn't, and never surrogate pairs."""
    text = json.dumps(values, ensure_ascii=False)
    return ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def documents(text: str) -> list[Any]:
    """The objects of a stream; a List is only their order."""
    nodes = (node for node in yaml.compose_all(text, Composer) if node is not None)
    read = [document for document in map(value_of, nodes) if document]
    return [each for document in read for each in (document["items"] if document.get("kind") == "List" else [document])]


def by_alias(text: str) -> dict[int, list[Any]]:
    """Documents of an umbrella's output by the alias that rendered them."""
    parts = re.split(r"(?m)^---\n# Source: umbrella/charts/c(\d+)/[^\n]*\n", text)
    out: dict[int, list[Any]] = {}
    for number_, body in zip(parts[1::2], parts[2::2], strict=True):
        out.setdefault(int(number_), []).extend(documents(body))
    return out


def by_name(objects: Iterable[Any], read: bool = False) -> dict[str, Any]:
    """Objects by kind and name; several of one name in a fixed order."""
    out: dict[str, list[str]] = {}
    for each in objects:
        name = f"{each['kind']}/{each['metadata']['name']}"
        out.setdefault(name, []).append(json.dumps(normal(each, read), sort_keys=True))
    return {name: [json.loads(each) for each in sorted(texts)] for name, texts in out.items()}


def normal(tree: Any, read: bool = False) -> Any:
    """What the API server sees: null is absent, -0 is 0. `read`: read back from helm, where 1e+06 isn't 1000000."""
    if isinstance(tree, dict):
        return {key: normal(item, read) for key, item in tree.items() if item is not None}
    if isinstance(tree, list):
        return [normal(item, read) for item in tree]
    if isinstance(tree, bool) or not isinstance(tree, int | float):
        return tree
    held = tree if read else number(tree)
    return float(held) if abs(held) >= 2**63 else held or 0


def difference(one: Any, other: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Paths at which two trees differ, with both values; types count."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if key in one and key in other:
                yield from difference(one[key], other[key], f"{path}/{key}")
            else:
                yield f"{path}/{key}", one.get(key, "(absent)"), other.get(key, "(absent)")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from difference(left, right, f"{path}/{index}")
    elif type(one) is not type(other) or one != other:
        yield path, one, other
