"""Values: made in Python, loaded from a file, and refused with every fault in words."""

from typing import Annotated, Any

import pytest
from pydantic import Field, model_validator
from samples.web import Autoscaling, Image, Volume, WebValues

from podzol.template import Fault, Form, Values, ValuesError, defaults, fields, load, schema, to_values


def test_values_are_frozen() -> None:
    with pytest.raises(Exception, match="frozen"):
        Image().tag = "1"


def test_attribute_docstrings_are_descriptions() -> None:
    assert fields(Image)["pullPolicy"].description == "Image pull policy."


def test_both_spellings_of_a_name_are_taken_in_python() -> None:
    assert Autoscaling(min_replicas=3) == Autoscaling(minReplicas=3)  # type: ignore[call-arg]


def test_sections_may_be_given_as_mappings() -> None:
    assert WebValues(image={"tag": "1.20"}).image == Image(tag="1.20")  # type: ignore[arg-type]


MADE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all faults at once": (
        {"portt": 1, "replicas": -1, "service_port": 70000},
        [
            "replicas: must be at least 0, got -1",
            "servicePort: must be at most 65535, got 70000",
            "portt: unknown value; did you mean port",
        ],
    ),
    "a section of another kind": ({"image": "nginx"}, ['image: must be a section, got "nginx"']),
    "past float64": (
        {"termination_grace": 2**60},
        [
            "terminationGrace: must be an integer from 0 to 9007199254740991, which Helm's float64 holds exactly, "
            "got 1152921504606846976"
        ],
    ),
    "what YAML can't carry": (
        {"affinity": {"a": {"<<": 1, "b": "x\x7f", "c": [float("inf")]}}},
        [
            "affinity.a: must have keys that pass through YAML unchanged: one line, no control characters, not <<, "
            'got "<<"',
            "affinity.a.b: must pass through YAML unchanged: no control characters, no blank line at its end, "
            'got "x\\x7f"',
            "affinity.a.c[0]: must be a finite number, got Infinity",
        ],
    ),
    "a key of another kind": ({"affinity": {1: 2}}, ["affinity: keys must be text, got 1"]),
}


@pytest.mark.parametrize(("values", "told"), MADE.values(), ids=MADE)
def test_refuses_to_make(values: dict[str, Any], told: list[str]) -> None:
    with pytest.raises(ValuesError) as refused:
        WebValues(**values)
    assert str(refused.value).split("\n") == told


def test_refuses_to_make_a_section() -> None:
    with pytest.raises(ValuesError) as refused:
        Volume(name="A b")  # type: ignore[call-arg]
    assert refused.value.faults == (
        Fault("name", "must be a DNS label: lowercase letters, digits and dashes", "A b", "write it like soil-data"),
        Fault("claim", "must be given"),
    )


FILES: dict[str, tuple[Any, list[str]]] = {
    "unknown value": (
        {"autoscaling": {"minReplica": 1}},
        ["autoscaling.minReplica: unknown value; did you mean minReplicas"],
    ),
    "unknown value in a small section": (
        {"resources": {"x": 1}},
        ["resources.x: unknown value; known are cpu, memory"],
    ),
    "Python's spelling": ({"name_override": "x"}, ["name_override: unknown value; did you mean nameOverride"]),
    "wrong kinds": (
        {"port": True, "autoscaling": {"enabled": "yes"}, "env": ["a"], "args": "x", "replicas": 1.5},
        [
            "replicas: must be an integer, got 1.5",
            "port: must be an integer, got true",
            'autoscaling.enabled: must be true or false, got "yes"',
            'env: must be a map, got ["a"]',
            'args: must be a list, got "x"',
        ],
    ),
    "number for text": ({"image": {"tag": 1.2}}, ["image.tag: must be text, got 1.2; put it in quotes"]),
    "range": ({"port": 0}, ["port: must be at least 1, got 0"]),
    "choice": (
        {"image": {"pullPolicy": "always"}},
        ['image.pullPolicy: must be Always, IfNotPresent or Never, got "always"'],
    ),
    "empty": ({"image": {"repository": ""}}, ['image.repository: must not be empty, got ""']),
    "length": (
        {"priorityClass": "a" * 64},
        [f'priorityClass: must have at most 63 characters, got "{"a" * 64}"; write it like soil-data'],
    ),
    "form in words": (
        {"volumes": [{"name": "A b", "claim": "b", "mountPath": 1}]},
        [
            'volumes[0].name: must be a DNS label: lowercase letters, digits and dashes, got "A b"; '
            "write it like soil-data",
            "volumes[0].mountPath: must be text, got 1; put it in quotes",
        ],
    ),
    "form as pattern": (
        {"resources": {"cpu": "1.5"}},
        ['resources.cpu: must be of the form ^[1-9][0-9]{0,5}(m|k|Ki|M|Mi|G|Gi|T|Ti)?$, got "1.5"'],
    ),
    "number or text": (
        {"minAvailable": "x%"},
        ['minAvailable: must be an integer of at least 0 or text of the form ^(100|[0-9]{1,2})%$, got "x%"'],
    ),
    "missing": (
        {"volumes": [{"claim": "d"}], "ingress": {}},
        ["ingress.host: must be given", "volumes[0].name: must be given"],
    ),
    "null": (
        {"port": None, "image": {"tag": None}, "args": [None]},
        [
            "image.tag: must not be null; leave it out to keep the default",
            "port: must not be null; leave it out to keep the default",
            "args[0]: must not be null",
        ],
    ),
    "keys": (
        {"env": {"PO RT": "x"}},
        ['env: keys must be of the form ^[A-Za-z_][A-Za-z0-9_]*$, got "PO RT"'],
    ),
    "no map at all": (["x"], ['values: must be a map of values, got ["x"]']),
    "half a character": (
        {"affinity": {"a": "\ud800"}},
        ["values: must be plain data, as YAML has it: unexpected end of hex escape"],
    ),
    "a number of hundreds of digits": ({"port": 10**400}, [f"port: must be at most 65535, got 1{'0' * 400}"]),
    "no number": ({"affinity": {"a": float("inf")}}, ["affinity.a: must be a finite number, got Infinity"]),
    "no plain data": (
        {"affinity": {"a": b"x"}},
        ["values: must be plain data, as YAML has it: Object of type bytes is not JSON serializable"],
    ),
}


@pytest.mark.parametrize(("values", "told"), FILES.values(), ids=FILES)
def test_refuses_to_load(values: Any, told: list[str]) -> None:
    with pytest.raises(ValuesError) as refused:
        load(WebValues, values)
    assert str(refused.value).split("\n") == told


def test_an_empty_file_gives_the_defaults() -> None:
    assert load(WebValues, None) == load(WebValues, {}) == WebValues()


def test_what_a_parent_chart_sets_is_taken() -> None:
    assert load(WebValues, {"global": {"a": 1}, "enabled": True}) == WebValues()


def test_whole_floats_are_integers_as_in_the_schema() -> None:
    assert load(WebValues, {"port": 8080.0, "replicas": 1e3}) == WebValues(port=8080, replicas=1000)


def test_maps_merge_with_the_default_and_null_takes_a_key_away() -> None:
    class Merging(Values):
        labels: dict[str, str] = {"a": "1", "b": "2"}
        limit: int | None = 5

    loaded = load(Merging, {"labels": {"a": None, "c": "3"}, "limit": None})
    assert loaded == Merging(labels={"b": "2", "c": "3"}, limit=None)
    assert to_values(loaded) == {"labels": {"a": None, "b": "2", "c": "3"}, "limit": None}


def test_list_items_and_null_sections_are_written_as_they_were_given() -> None:
    values = WebValues(volumes=[Volume(name="a", claim="b", read_only=False)])
    assert to_values(values)["volumes"] == [{"name": "a", "claim": "b", "readOnly": False}]
    assert to_values(values)["autoscaling"]["maxReplicas"] == 10


def test_defaults_are_the_content_of_values_yaml() -> None:
    class Needy(Values):
        name: str
        image: Image = Image(tag="1")
        ratio: float = 1.0
        section: Image | None = Image(tag="2")

    assert defaults(Needy) == {
        "image": {"repository": "ghcr.io/acme/web", "tag": "1", "pullPolicy": "IfNotPresent"},
        "ratio": 1,
        "section": {"tag": "2"},
    }


def test_a_base_class_may_prepare_the_input() -> None:
    class Base(Values):
        @model_validator(mode="before")
        @classmethod
        def prepare(cls, values: Any) -> Any:
            return values | {"port": 1} if values.get("port") == "first" else values

    class Prepared(Base):
        port: Annotated[int, Field(ge=1)] = 8080

    assert Prepared(port="first").port == 1  # type: ignore[arg-type]


def test_a_form_tells_what_a_pattern_means() -> None:
    class Formed(Values):
        percent: Annotated[str, Field(pattern="^[0-9]+%$"), Form("a percentage", fix="write 25%")] = "1%"

    with pytest.raises(ValuesError, match=r'^percent: must be a percentage, got "x"; write 25%$'):
        load(Formed, {"percent": "x"})


class Word(Values):
    limits: Annotated[dict[str, int], Field(min_length=1, max_length=3)] = {"a": 1}
    names: Annotated[list[str], Field(max_length=2)] = []
    step: Annotated[int, Field(ge=0, multiple_of=5)] = 5
    keyed: dict[Annotated[str, Field(pattern="^[a-z]+$", max_length=3)], dict[str, Any]] = {}
    maybe: float | None = None


def test_the_schema_says_what_the_model_says() -> None:
    """Bounds, and that null is refused where the model refuses it."""
    assert schema(Word) == {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {
            "global": {"type": "object", "description": "Set by Helm when this chart is a dependency."},
            "enabled": {"type": "boolean", "description": "For a parent chart's dependency condition; not read here."},
            "limits": {
                "type": "object",
                "additionalProperties": {"type": "integer", "minimum": -(2**53) + 1, "maximum": 2**53 - 1},
                "minProperties": 1,
                "maxProperties": 3,
            },
            "names": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
            "step": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1, "multipleOf": 5},
            "keyed": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": {"$ref": "#/definitions/tree"},
                    "propertyNames": {"pattern": "^[^\x7f-\x9f\ufeff\ufffe\uffff\n]*$", "not": {"const": "<<"}},
                },
                "propertyNames": {
                    "allOf": [
                        {"pattern": "^[a-z]+$", "maxLength": 3},
                        {"pattern": "^[^\x7f-\x9f\ufeff\ufffe\uffff\n]*$", "not": {"const": "<<"}},
                    ]
                },
            },
            "maybe": {"anyOf": [{"type": "number"}, {"type": "null"}]},
        },
        "additionalProperties": False,
        "required": ["limits", "names", "step", "keyed"],
        "definitions": schema(WebValues)["definitions"],
    }
