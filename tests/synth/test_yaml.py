"""How `to_yaml` writes what readers of manifests see; `tests/cdk8s/test_yaml.py` holds it to the real cdk8s."""

from typing import Any

import pytest
import yaml

from podzol.synth.yaml import to_yaml


def data(**fields: Any) -> str:
    """The lines of `data`."""
    return to_yaml([{"kind": "ConfigMap", "data": fields}]).removeprefix("kind: ConfigMap\ndata:\n")


def test_keys_are_sorted_after_api_version_kind_and_metadata() -> None:
    manifest = {"spec": {"b": 1, "a": 2}, "metadata": {"name": "x"}, "kind": "Job", "apiVersion": "batch/v1"}
    assert to_yaml([manifest]) == "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: x\nspec:\n  a: 2\n  b: 1\n"


def test_manifests_are_separated_by_a_line_of_dashes() -> None:
    assert to_yaml([{"kind": "A"}, {"kind": "B"}]) == "kind: A\n---\nkind: B\n"


def test_no_manifests_are_no_text() -> None:
    assert to_yaml([]) == ""


def test_null_leaves_its_key_out_and_empty_maps_and_lists_stay() -> None:
    assert data(a=None, b={}, c=[], d={"e": None}) == "  b: {}\n  c: []\n  d: {}\n"


def test_what_is_empty_is_left_out_of_metadata() -> None:
    manifest = {"kind": "A", "metadata": {"name": "x", "labels": {}, "annotations": {"a": None}, "finalizers": []}}
    assert to_yaml([manifest]) == "kind: A\nmetadata:\n  name: x\n"


@pytest.mark.parametrize("text", ["yes", "n", "1.0", "07", "1e3", "12:30", "2026-11-23", "~", "", "null", "0x1f"])
def test_text_that_yaml_reads_as_something_else_is_quoted(text: str) -> None:
    assert data(a=text) == f'  a: "{text}"\n'


def test_many_lines_are_a_block() -> None:
    assert data(a="one\n\n  two\n") == "  a: |\n    one\n\n      two\n"


def test_whole_numbers_as_keys_come_first_and_by_size() -> None:
    assert data(**{"b": 1, "10": 1, "9": 1}) == '  "9": 1\n  "10": 1\n  b: 1\n'


@pytest.mark.parametrize("text", ["a: b\n# c\n", "\ttab\n", " \n x", "a\n---\nb", "é\u2028\nx\n\n", "'\"\n"])
def test_a_block_reads_back_as_it_was(text: str) -> None:
    assert yaml.safe_load("data:\n" + data(a=text)) == {"data": {"a": text}}
