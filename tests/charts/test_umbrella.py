"""An umbrella Helm chart makes what its platform makes, with no network, and each part can be left out."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from podzol.charts import folder
from podzol.charts.catalogue import workload_chart
from podzol.charts.changelog import read_entry
from podzol.charts.chart import Files, HelmChart
from podzol.charts.lint import Scenario, lint_all
from podzol.charts.umbrella import changed, umbrella_chart
from podzol.faults import UserError
from podzol.template import read_yaml
from podzol.template.loading import coalesce, without_nulls
from podzol.version import VERSION
from podzol.workloads.platform import Platform, platforms_in
from podzol.workloads.workload import Workload

ROOT = Path(__file__).parents[2]
APPS = sorted(ROOT.glob("apps/*/application.py"))
LABEL_OF_THE_INSTALLER = "app.kubernetes.io/managed-by"


@pytest.fixture(scope="module")
def platform(greeter: type[Workload]) -> Platform:
    return Platform(
        "hall",
        {
            "front": (greeter, {"greeting": "welcome", "door": {"widthCm": 120}, "windows": [{"name": "left"}]}),
            "back": (greeter, {"lines": [], "spareDoor": {"open": False}}),
        },
        release="house",
        namespace="street",
        description="Two greeters.",
    )


@pytest.fixture(scope="module")
def chart(platform: Platform, greeter: type[Workload]) -> HelmChart:
    return umbrella_chart(platform, {"greeter": workload_chart(greeter)}, [])


@pytest.fixture(scope="module")
def files(chart: HelmChart) -> Files:
    return folder.files(chart, read_entry(ROOT / "CHANGELOG.md", VERSION))


@pytest.fixture(scope="module")
def place(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("umbrella") / "hall"
    folder.write(place, files)
    return place


def helm_template(helm: Path, place: Path, platform: Platform, *arguments: str) -> list[dict[str, Any]]:
    command = [helm, "template", platform.release, place, "--namespace", platform.namespace, "--skip-tests", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [manifest for manifest in map(read_yaml, done.stdout.split("\n---\n")) if manifest]


def comparable(manifests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """In one order, and without the one label that tells who installed."""
    copies = json.loads(json.dumps(list(manifests)))
    for manifest in copies:
        manifest["metadata"]["labels"].pop(LABEL_OF_THE_INSTALLER)
    return sorted(copies, key=lambda manifest: (manifest["kind"], manifest["metadata"]["name"]))


@pytest.mark.helm
def test_helm_makes_what_the_platform_makes(helm: Path, platform: Platform, place: Path) -> None:
    assert comparable(helm_template(helm, place, platform)) == comparable(platform.manifests)


@pytest.mark.helm
@pytest.mark.parametrize("app", APPS, ids=lambda path: path.parent.name)
def test_helm_makes_what_every_app_of_the_project_makes(helm: Path, built: Path, app: Path) -> None:
    for platform in platforms_in(app):
        place = built / platform.name
        assert comparable(helm_template(helm, place, platform)) == comparable(platform.manifests)


@pytest.mark.helm
def test_a_part_that_is_not_enabled_is_left_out(helm: Path, platform: Platform, place: Path) -> None:
    without = [manifest for manifest in platform.manifests if "front" not in manifest["metadata"]["name"]]
    assert comparable(helm_template(helm, place, platform, "--set", "front.enabled=false")) == comparable(without)


@pytest.mark.helm
def test_an_alias_that_is_none_is_refused(helm: Path, place: Path) -> None:
    command = [helm, "template", "house", place, "--set", "fornt.greeting=hello"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "additional properties 'fornt' not allowed" in done.stderr


@pytest.mark.helm
def test_lints_strictly(helm: Path, place: Path) -> None:
    lint_all(helm, [Scenario(place, None)])


def test_each_dependency_is_named_once_a_part_and_lies_in_the_folder_once(files: Files) -> None:
    dependencies = yaml.safe_load(files["Chart.yaml"])["dependencies"]
    assert [(each["name"], each["alias"], each["condition"], each["version"]) for each in dependencies] == [
        ("greeter", "front", "front.enabled", VERSION),
        ("greeter", "back", "back.enabled", VERSION),
    ]
    assert {path for path in files if path.startswith("charts/")} == {
        "charts/greeter/Chart.yaml",
        "charts/greeter/values.yaml",
        "charts/greeter/values.schema.json",
        "charts/greeter/templates/_helpers.tpl",
        "charts/greeter/templates/configmap.yaml",
        "charts/greeter/templates/validate.yaml",
        "charts/greeter/templates/windows.yaml",
    }


def test_values_hold_what_the_platform_changes_and_nothing_else(files: Files) -> None:
    assert read_yaml(files["values.yaml"]) == {
        "front": {"enabled": True, "greeting": "welcome", "door": {"widthCm": 120}, "windows": [{"name": "left"}]},
        "back": {"enabled": True, "lines": [], "spareDoor": {"open": False}},
    }


def test_values_are_described_under_their_alias(files: Files) -> None:
    assert (
        "# -- Values of greeter: Greets.\nfront:\n  # -- Whether front is installed.\n  enabled: true\n"
        in files["values.yaml"]
    )


def test_fails_when_a_null_would_not_reach_the_part(greeter: type[Workload]) -> None:
    parts = {"front": (greeter, {"motto": None}), "back": (greeter, {"door": {"sign": None}, "spareDoor": None})}
    with pytest.raises(UserError) as error:
        umbrella_chart(Platform("hall", parts, release="house"), {"greeter": workload_chart(greeter)}, [])
    why = "must not be null in an umbrella Helm chart, where the part's default would stay"
    assert str(error.value) == "\n".join(
        f"{path}: {why}; give it another value, or leave it out and install with --set {path}=null"
        for path in ("front.motto", "back.door.sign")
    )


@pytest.mark.parametrize(
    ("aliases", "expected"),
    [
        ([], "hall: must have a part to be a Helm chart; add one"),
        (["global"], "global: must not be an alias: Helm shares its values with every part; rename it"),
    ],
)
def test_fails_when_an_umbrella_can_not_hold_the_parts(
    greeter: type[Workload], aliases: list[str], expected: str
) -> None:
    platform = Platform("hall", {alias: (greeter, {}) for alias in aliases}, release="house")
    with pytest.raises(UserError) as error:
        umbrella_chart(platform, {"greeter": workload_chart(greeter)}, [])
    assert str(error.value) == expected


@pytest.mark.helm
def test_a_null_at_install_time_does_reach_the_part(helm: Path, platform: Platform, place: Path) -> None:
    mottos = [
        manifest["data"].get("motto")
        for manifest in helm_template(helm, place, platform, "--set", "front.motto=null")
        if manifest["kind"] == "ConfigMap"
    ]
    assert sorted(mottos, key=str) == [None, "come in"]


def test_schema_takes_the_values_alone_and_refuses_an_unknown_one_in_a_part(chart: HelmChart) -> None:
    validator = Draft7Validator(chart.schema)
    assert list(validator.iter_errors(chart.values)) == []
    wrong = {"front": {"door": {"widthCm": 10, "colour": "red"}}}
    assert sorted(error.message for error in validator.iter_errors(wrong)) == [
        "10 is less than the minimum of 50",
        "Additional properties are not allowed ('colour' was unexpected)",
    ]


def test_table_lists_every_value_of_values_yaml(chart: HelmChart) -> None:
    assert [row.path for row in chart.rows] == [
        "front.enabled",
        "front.greeting",
        "front.door",
        "front.door.widthCm",
        "front.windows",
        "back.enabled",
        "back.spareDoor",
        "back.spareDoor.open",
        "back.lines",
    ]


@pytest.mark.parametrize(
    ("default", "value", "expected"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"b": 3}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, {"a": {"c": 3}}),
        ({"a": [1, 2]}, {"a": [1]}, {"a": [1]}),
        ({"a": None}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": None}, {"a": None}),
        ({}, {"a": None}, {"a": None}),
    ],
)
def test_changed_keeps_what_a_merge_with_the_default_needs(default: Any, value: Any, expected: Any) -> None:
    assert changed(default, value) == expected


SCALARS = st.none() | st.integers(0, 2) | st.sampled_from(["", "a"]) | st.lists(st.integers(0, 1), max_size=2)
VALUES = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(SCALARS, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=5),
)


@given(VALUES, VALUES)
def test_changed_merges_to_what_the_values_merge_to(default: dict[str, Any], values: dict[str, Any]) -> None:
    merged = coalesce(default, changed(default, values))
    assert without_nulls(merged) == without_nulls(coalesce(default, values))
