"""Every function of the language: its samples, computed in Python and rendered by Helm, give the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from oracle import Oracle, documents
from pydantic import Field, create_model

from podzol.template import Context, TemplateError, Values, evaluate, join, load, spread, trace
from podzol.template.functions import FUNCTIONS
from podzol.template.functions.registry import Function

WITHOUT_SAMPLES = {"present", "listed"}
"""They need a null, or are only the inside of another; `samples/edge.py` has them."""


def annotation(value: Any) -> Any:
    """A type that takes the value, as narrow as the functions ask for."""
    if isinstance(value, bool):
        return bool
    if isinstance(value, int):
        return Annotated[int, Field(ge=0 if value >= 0 else -(10**8), le=10**6 if 0 <= value <= 10**6 else 10**8)]
    if isinstance(value, list):
        return list[text_of("".join(value))]
    if isinstance(value, dict):
        return dict[str, str]
    return text_of(value)


def text_of(characters: str) -> Any:
    """A text of these characters, each one written as RE2 and Rust read it in a class."""
    if not characters.isascii():
        return str
    escaped = [char if char.isalnum() else f"\\{char}" for char in sorted(set(characters or "0"))]
    return Annotated[str, Field(pattern=f"^[{''.join(escaped)}]*$", max_length=12)]


def calls(function: Function, arguments: tuple[Any, ...], values: list[Any]) -> Iterator[Any]:
    """The function on chart values, and on a chart value and constants, where the language takes that."""
    for mixed in (values, [values[0], *arguments[1:]]):
        try:
            result = function(*mixed)
        except TemplateError:
            continue
        yield join(",", result) if result._type.kind == "list" else result


SAMPLES = [(function, *sample) for function in FUNCTIONS.values() for sample in function.samples]


@pytest.mark.helm
def test_samples_give_the_same_in_python_and_in_helm(helm: Path, tmp_path: Path) -> None:
    fields = {
        f"s{number}x{place}": (annotation(argument), argument)
        for number, (_, arguments, _) in enumerate(SAMPLES)
        for place, argument in enumerate(arguments)
    }
    model = create_model("Arguments", __base__=Values, **fields)
    names: list[str] = []

    def manifests(v: Any, release: Any) -> dict[str, Any]:
        data = {}
        for number, (function, arguments, _) in enumerate(SAMPLES):
            held = [getattr(v, f"s{number}x{place}") for place in range(len(arguments))]
            made = list(calls(function, arguments, held))
            assert made, f"{function.name}{arguments}: neither form can be said"
            for form, result in enumerate(made):
                names.append(f"{number}/{form}")
                data[names[-1]] = result
            data[f"{number}/arguments"] = [spread(each) if each._type.kind == "list" else each for each in held]
        return {"all": {"kind": "ConfigMap", "metadata": {"name": release.fullname}, "data": data}}

    tree = trace(model, manifests)
    oracle = Oracle(helm, tree, "samples", tmp_path, size=1)
    run = oracle.template("samples", {}, "r")
    assert run.returncode == 0, run.stderr
    [rendered], [evaluated] = documents(run.stdout), evaluate(tree, load(model, {}), Context("r", "ns", "c", "1", "1"))
    for name in names:
        function, arguments, expected = SAMPLES[int(name.split("/")[0])]
        expected = ",".join(expected) if isinstance(expected, list) else expected
        told = f"{function.name}{arguments}"
        assert evaluated["data"][name] == expected, f"evaluate {told}"
        assert rendered["data"][name] == expected, f"helm {told}"
        assert type(rendered["data"][name]) is type(expected), f"helm {told}"


@pytest.mark.parametrize(("function", "arguments", "expected"), SAMPLES, ids=lambda part: getattr(part, "name", ""))
def test_a_function_on_plain_values_computes_at_once(function: Function, arguments: Any, expected: Any) -> None:
    assert function(*arguments) == expected


def test_every_function_has_samples() -> None:
    assert {function.name for function in FUNCTIONS.values() if len(function.samples) < 1} == WITHOUT_SAMPLES
