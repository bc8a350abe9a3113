"""The table of values: each leaf once, with its type, bounds, default and description."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from podzol.charts.catalogue import workload_chart
from podzol.charts.values_table import Row, table
from podzol.workloads.workload import Workload


@pytest.fixture(scope="module")
def rows(greeter: type[Workload]) -> dict[str, Row]:
    return {row.path: row for row in workload_chart(greeter).rows}


def test_a_leaf_has_its_type_bounds_default_and_description(rows: dict[str, Row]) -> None:
    text = "Width, in centimetres. A cell of a table | must survive it."
    assert rows["door.widthCm"] == Row("door.widthCm", "integer, 50 to 200", "90", text)


def test_fields_of_list_items_are_listed_with_their_own_defaults(rows: dict[str, Row]) -> None:
    assert rows["windows"].type == "list of objects"
    assert rows["windows[].name"] == Row("windows[].name", "string, 1 to 10 characters", "", "Its name.")
    assert rows["windows[].open"].default == "false"


def test_a_section_that_may_be_null_is_a_value_itself(rows: dict[str, Row]) -> None:
    assert rows["spareDoor"] == Row("spareDoor", "object, or null", "null", "A second door; null for none.")
    assert rows["spareDoor.widthCm"].default == "90"


def test_a_section_has_a_row_that_says_what_it_is_about(rows: dict[str, Row]) -> None:
    assert rows["door"] == Row("door", "section", "", "The door.")


def test_every_leaf_of_values_yaml_has_a_row_with_its_default(greeter: type[Workload], rows: dict[str, Row]) -> None:
    assert {path: rows[path].default for path, _ in leaves(workload_chart(greeter).values)} == {
        path: json.dumps(value) for path, value in leaves(workload_chart(greeter).values)
    }


def test_bars_and_line_breaks_do_not_break_the_table(rows: dict[str, Row]) -> None:
    lines = table(rows.values()).splitlines()
    assert len(lines) == len(rows) + 2
    assert (
        "| `door.widthCm` | integer, 50 to 200 | `90` | Width, in centimetres. "
        "A cell of a table \\| must survive it. |" in lines
    )


def leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
