"""Would the suite notice? Each mutant breaks one thing in one of the interpreters, and a quick part of the suite must
tell it from the original. A mutant that lives is a gap in the tests, or a line that does nothing."""

import dataclasses
import functools
import importlib
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from oracle import NAMESPACE, Case, Oracle, as_file, by_alias, by_name, difference, write
from random_values import sample, values_of
from samples import CORNERS, EDGE, WEB, Subject
from test_refusal import KNOWN, RULE_CASES, broken_values, told_in_python

from podzol.template import Context, ValuesError, emit, evaluate, evaluate_notes, load, rule_sentences, schema, trace
from podzol.template.annotations import fields
from podzol.template.functions import FUNCTIONS
from podzol.template.functions.quantities import bytes_of_quantity
from podzol.template.values import raw_default

SEED = 3
SIZE = {EDGE: 12, WEB: 4}
REFUSED = {EDGE: 10, WEB: 10}


def module(name: str) -> Any:
    """A module of the language."""
    return importlib.import_module(f"podzol.template.{name}")


# ---------------------------------------------------------------- mutants


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One text in one function replaced by another."""

    what: str
    place: str
    old: str
    new: str

    def __str__(self) -> str:
        return self.what

    @property
    def function(self) -> Any:
        name, _, path = self.place.partition(":")
        return inspect.unwrap(functools.reduce(getattr, path.split("."), module(name)))


MUTANTS = [
    Mutant(entry["what"], entry["in"], entry["old"], entry["new"])
    for entry in yaml.safe_load(Path(__file__).with_name("mutants.yaml").read_text(encoding="utf-8"))
]

TABLE_MUTANTS = {
    "// rounds up": ("//", {"python": lambda x, y: -(-x // y)}),
    "trunc keeps one more": ("trunc", {"python": lambda value, length: value[: length + 1]}),
    "trim_suffix takes all": ("trim_suffix", {"python": lambda value, suffix: value.rstrip(suffix)}),
    "to_str of booleans is Python's": ("to_str", {"python": str}),
    "or_else looks for null only": ("or_else", {"python": lambda value, instead: instead if value is None else value}),
    "unique forgets the last": ("unique", {"python": lambda items: len(set(items[:-1])) == len(items[:-1])}),
    "Mi is M": ("bytes_of", {"python": lambda quantity: bytes_of_quantity(quantity.replace("i", ""))}),
    "equal quantities rise": ("rising", {"python": lambda sizes: sizes == sorted(sizes, key=bytes_of_quantity)}),
    "pick the other way round": ("pick", {"python": lambda condition, yes, no: no if condition else yes}),
    "negative numbers are no numbers": (">", {"condition": lambda write, left, right: write.truth(left)}),
    "> in an if is >=": (">", {"condition": FUNCTIONS[">="].go}),
    "not (a or b) is not a or not b": ("any_of", {"negation": FUNCTIONS["all_of"].negation}),
}


@pytest.fixture
def mutated(request: pytest.FixtureRequest) -> Iterator[Any]:
    mutant = request.param
    if isinstance(mutant, str):
        name, changes = TABLE_MUTANTS[mutant]
        original = FUNCTIONS[name]
        FUNCTIONS[name] = dataclasses.replace(original, **changes)
        yield mutant
        FUNCTIONS[name] = original
        return
    function = mutant.function
    source = textwrap.dedent(inspect.getsource(function))
    assert mutant.old in source, f"{mutant.what}: the text to replace has gone"
    made: dict[str, Any] = {}
    future = "from __future__ import annotations\n"
    exec(compile(future + source.replace(mutant.old, mutant.new), "mutant", "exec"), function.__globals__, made)
    original_code, function.__code__ = function.__code__, inspect.unwrap(made[function.__name__]).__code__
    forget()
    yield mutant
    function.__code__ = original_code
    forget()


def forget() -> None:
    """What the original has computed and kept."""
    fields.cache_clear()
    raw_default.cache_clear()
    module("values").dumper.cache_clear()
    module("patterns").texts_of.cache_clear()


# ---------------------------------------------------------------- the quick part of the suite


class Battery:
    """What the original does, and whether a mutant does the same."""

    def __init__(self, oracle_of: Callable[[Subject], Oracle], helm: Path, folder: Path) -> None:
        self.oracles = {subject: oracle_of(subject) for subject in (EDGE, WEB)}
        self.folder, self.helm = folder, helm
        self.cases: dict[Subject, list[Case]] = {}
        self.built: dict[Subject, int] = {}
        self.drawn: dict[Subject, list[dict[str, Any]]] = {}
        self.rendered: dict[Subject, dict[int, Any]] = {}
        self.files: dict[Subject, dict[str, str]] = {}
        self.broken = {
            subject: [values for _, _, values in broken_values(subject, count)] + KNOWN[subject.chart]
            for subject, count in REFUSED.items()
        }
        self.told = {subject: self.python_tells(subject) for subject in self.broken}
        for subject, oracle in self.oracles.items():
            drawn = sample(values_of(subject.model), SIZE[subject], SEED)
            cases = [oracle.case(file, built_in_python=True) for file in drawn[::2]]
            self.built[subject] = len(cases)
            self.cases[subject] = cases + [oracle.case(file, False) for file in drawn[1::2] + CORNERS[subject.chart]]
            self.drawn[subject] = [case.file for case in self.cases[subject]]
            self.files[subject] = self.written(subject)
            self.rendered[subject] = self.render(subject, oracle)

    def written(self, subject: Subject) -> dict[str, str]:
        tree = trace(subject.model, subject.manifests, subject.rules, subject.tests, subject.notes)
        return {"values.schema.json": json.dumps(schema(subject.model)), **emit(tree, subject.chart)}

    def render(self, subject: Subject, oracle: Oracle) -> dict[int, Any]:
        run = oracle.template("umbrella", {f"c{n}": file for n, file in enumerate(self.drawn[subject])}, "soil-x")
        assert run.returncode == 0, run.stderr[-500:]
        objects = by_alias(run.stdout)
        return {n: by_name(objects.get(n, []), read=True) for n in range(len(self.drawn[subject]))}

    def python_tells(self, subject: Subject) -> list[str]:
        return [told_in_python(subject, values) for values in self.broken[subject]]

    def notices(self) -> str:
        """What differs from the original; empty when nothing does."""
        for subject in (EDGE, WEB):
            try:
                if found := self.looks_at(subject):
                    return found
            except Exception as error:  # a mutant may fail in any way
                return f"{type(error).__name__}: {error}"
        return ""

    def looks_at(self, subject: Subject) -> str:
        tree = trace(subject.model, subject.manifests, subject.rules, subject.tests, subject.notes)
        [(values, told)] = [(values, told) for each, values, told in RULE_CASES if each is subject]
        context = Context("soil-x", NAMESPACE, subject.chart, "1", "1")
        try:
            evaluate(tree, load(subject.model, values), context)
            return "evaluate takes broken rules"
        except ValuesError as error:
            if [str(fault) for fault in error.faults] != told:
                return f"evaluate tells {error}"
        if self.python_tells(subject) != self.told[subject]:
            return "pydantic refuses others"
        files, rendered = self.written(subject), self.rendered[subject]
        oracle = self.oracles[subject]
        if files != self.files[subject]:
            oracle = self.written_out(subject, files, tree)
            rendered = self.render(subject, oracle)
            if files["templates/validate.yaml"] != self.files[subject]["templates/validate.yaml"]:
                run = oracle.template(subject.chart, values, "soil-x")
                if "\n".join(told) not in run.stderr:
                    return f"helm tells {run.stderr}"
            if files["values.schema.json"] != self.files[subject]["values.schema.json"]:
                run = oracle.template("umbrella", {f"c{n}": v for n, v in enumerate(self.broken[subject])}, "r")
                schema_told = [n for n, kind in enumerate(self.told[subject]) if kind == "schema"]
                if any(f"\nc{n}:\n" not in run.stderr for n in schema_told) or run.stderr.count("\nc") != len(
                    schema_told
                ):
                    return "the schema refuses others"
            if files.get("templates/NOTES.txt") != self.files[subject].get("templates/NOTES.txt"):
                return "the notes differ"
        for n, file in enumerate(self.drawn[subject]):
            loaded = load(subject.model, file)
            alias = oracle.context("soil-x", f"c{n}")
            if found := list(difference(by_name(evaluate(tree, loaded, alias)), rendered[n])):
                return f"objects differ: {found[0]}"
            if n < self.built[subject] and as_file(
                module("values").to_values(self.cases[subject][n].values)
            ) != as_file(file):
                return "to_values writes something else"
            evaluate_notes(tree, loaded, alias)
            rule_sentences(tree)
        return ""

    def written_out(self, subject: Subject, files: dict[str, str], tree: Any) -> Oracle:
        folder = self.folder / subject.chart
        oracle = Oracle(self.helm, tree, subject.chart, folder, size=30)
        write(folder / subject.chart, files)
        return oracle


@pytest.fixture(scope="module")
def battery(oracle_of: Callable[[Subject], Oracle], helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Battery:
    return Battery(oracle_of, helm, tmp_path_factory.mktemp("mutants"))


@pytest.mark.helm
def test_the_original_lives(battery: Battery) -> None:
    assert battery.notices() == ""


@pytest.mark.helm
@pytest.mark.parametrize("mutated", [*MUTANTS, *TABLE_MUTANTS], ids=str, indirect=True)
def test_kills_the_mutant(mutated: Any, battery: Battery) -> None:
    assert battery.notices(), f"{mutated} lives"
