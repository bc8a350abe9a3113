"""The form of a spec, and how one is read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pydantic
import pytest
import yaml

from podzol.clusters import bundled, load_spec, parse_spec
from podzol.clusters.schema import spec_schema
from podzol.clusters.spec import ClusterSpec
from podzol.clusters.specs import load_specs
from podzol.faults import UserError

Faults = Callable[[Any], list[str]]


def test_bundled_specs_are_soil_and_soil_small() -> None:
    assert bundled() == ["soil", "soil-small"]


@pytest.mark.parametrize("name", ["soil", "soil-small"])
def test_a_bundled_spec_has_a_spot_cpu_pool_and_an_on_demand_gpu_pool_at_zero(name: str) -> None:
    cpu, gpu = load_spec(name).pools
    assert (cpu.name, cpu.capacity_type, cpu.min, cpu.accelerator) == ("cpu-pool", "spot", 1, None)
    assert (gpu.name, gpu.capacity_type, gpu.min) == ("gpu-pool", "on-demand", 0)
    assert [taint.model_dump() for taint in gpu.taints] == [
        {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}
    ]


def test_a_spec_is_read_from_a_file(tmp_path: Path, soil: dict[str, Any]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump({**soil, "name": "mine"}))
    assert load_spec(str(path)).name == "mine"


def test_refuses_two_specs_that_would_go_to_the_same_folder(tmp_path: Path, soil: dict[str, Any]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(soil))
    with pytest.raises(UserError) as error:
        load_specs(["soil", "soil-small", str(path)])
    told = f'{path}, name: must differ from the other specs\' names, got "soil"; rename one or leave it out'
    assert str(error.value) == told


def test_a_spec_can_not_be_changed() -> None:
    with pytest.raises(pydantic.ValidationError):
        load_spec("soil").name = "clay"  # type: ignore[misc]


def test_names_the_nearest_bundled_spec() -> None:
    with pytest.raises(UserError) as error:
        load_spec("sol")
    assert str(error.value) == 'SPEC: must be a bundled spec or a file, got "sol"; did you mean soil'


def test_says_what_is_bundled_when_nothing_is_near() -> None:
    with pytest.raises(UserError) as error:
        load_spec("zzz")
    assert (
        str(error.value)
        == 'SPEC: must be a bundled spec or a file, got "zzz"; bundled are soil, soil-small; or give a YAML file'
    )


def test_refuses_a_file_that_is_no_yaml(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("pools: [")
    with pytest.raises(UserError) as error:
        load_spec(str(path))
    assert str(error.value) == f"{path}, line 2, column 1: must be YAML: did not find expected node content"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xa3 2", ": must be text in UTF-8"),
        (b"", ', spec: must be a map, got "nothing"'),
        (b"name: a\npools: []\npools: []\n", ", line 3, column 1: must be YAML: the key pools stands twice"),
        (b"pools:\n- {min: 1, min: 2}\n", ", line 2, column 12: must be YAML: the key min stands twice"),
        (b"name: &a [*a]", ", line 1, column 7: must be YAML: an anchor contains itself"),
    ],
)
def test_refuses_a_file_that_is_no_text_or_empty(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        load_spec(str(path))
    assert str(error.value) == f"{path}{said}"


def test_tells_the_faults_of_all_specs_with_their_files(tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text("[]")
    with pytest.raises(UserError) as error:
        load_specs([str(one), str(other)])
    assert [(fault.where, fault.rule) for fault in error.value.faults] == [
        (f"{one}, spec", "must be a map"),
        ("SPEC", "must be a bundled spec or a file"),
    ]


def test_a_day_that_no_calendar_has_is_text(soil: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "soil.yaml"
    path.write_text(yaml.safe_dump(soil).replace("name: soil\n", "name: 2026-02-30\n"))
    with pytest.raises(UserError) as error:
        load_spec(str(path))
    assert [fault.got for fault in error.value.faults] == ["2026-02-30"]


def test_refuses_what_is_no_map(faults_of: Faults) -> None:
    assert faults_of([1]) == ["spec: must be a map, got [1]"]


def test_tells_every_fault_of_form_at_once(soil: dict[str, Any], faults_of: Faults) -> None:
    soil["kubernetesVersion"] = 1.35
    soil["pools"][0]["capacityType"] = "preemptible"
    soil["pools"][0]["lables"] = {}
    soil["pools"][1]["min"] = -1
    del soil["pools"][1]["max"]
    assert faults_of(soil) == [
        "kubernetesVersion: must be text, got 1.35; put it in quotes",
        'pools[0].capacityType: must be spot or on-demand, got "preemptible"',
        "pools[0].lables: unknown value; did you mean labels",
        "pools[1].min: must be at least 0, got -1",
        "pools[1].max: must be given",
    ]


def test_refuses_a_max_of_zero_which_eksctl_takes(soil: dict[str, Any], faults_of: Faults) -> None:
    soil["pools"][1]["max"] = 0
    assert faults_of(soil) == ["pools[1].max: must be at least 1, got 0"]


def test_refuses_one_zone_which_the_schema_of_eksctl_takes(soil: dict[str, Any], faults_of: Faults) -> None:
    soil["eks"]["zones"] = ["us-east-1a"]
    assert faults_of(soil) == ['eks.zones: must have at least 2 items, got ["us-east-1a"]']


def test_refuses_a_taint_without_an_effect_that_exists(soil: dict[str, Any], faults_of: Faults) -> None:
    soil["pools"][1]["taints"] = [{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedul"}]
    assert faults_of(soil) == [
        'pools[1].taints[0].effect: must be NoSchedule, PreferNoSchedule or NoExecute, got "NoSchedul"'
    ]


@pytest.mark.parametrize("name", ["Soil", "1soil", "soil-", "soil_lab", "s" * 41])
def test_refuses_a_name_that_a_cloud_refuses(name: str, soil: dict[str, Any], faults_of: Faults) -> None:
    soil["name"] = name
    (fault,) = faults_of(soil)
    assert fault.startswith("name: must ")


def test_the_schema_takes_what_is_bundled(soil: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(spec_schema())
    jsonschema.validate(soil, spec_schema(), jsonschema.Draft202012Validator)


def test_the_schema_refuses_an_unknown_key(soil: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError, match="'poolz' was unexpected"):
        jsonschema.validate({**soil, "poolz": []}, spec_schema(), jsonschema.Draft202012Validator)


def test_every_value_of_a_spec_is_described() -> None:
    schema = json.dumps(spec_schema())
    for name, part in [("ClusterSpec", spec_schema()), *spec_schema()["$defs"].items()]:
        for key, value in part["properties"].items():
            if name not in ("Taint",):
                assert "description" in value, f"{name}.{key} has no description"
    assert '"kubernetesVersion"' in schema


def test_a_spec_survives_writing_and_reading(soil: dict[str, Any]) -> None:
    spec = parse_spec(soil)
    assert parse_spec(yaml.safe_load(yaml.safe_dump(spec.model_dump(by_alias=True)))) == spec
    assert isinstance(spec, ClusterSpec)
