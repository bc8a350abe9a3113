"""A platform: several workloads as one application, refused as a whole when one of them can't be."""

from pathlib import Path
from typing import Any

import pytest

from podzol import CpuAutoscaledService, DatasetVolume, Failure, Platform, UserError
from podzol.template import fields
from podzol.workloads.platform import platforms_in

API = {"image": {"repository": "ghcr.io/soil/api", "tag": "1.0"}}


def faults(parts: dict[str, Any], name: str = "soil") -> list[str]:
    with pytest.raises(UserError) as error:
        Platform(name, parts, release="lab")
    return [str(fault) for fault in error.value.faults]


def faults_in(path: Path) -> list[str]:
    with pytest.raises(UserError) as error:
        platforms_in(path)
    return [str(fault) for fault in error.value.faults]


def test_objects_are_named_after_the_release_and_the_alias() -> None:
    platform = Platform("soil", {"spectra": (DatasetVolume, {}), "reads": (DatasetVolume, {})}, release="lab")
    assert [manifest["metadata"]["name"] for manifest in platform.manifests] == ["lab-spectra", "lab-reads"]


def test_objects_are_those_of_each_part_rendered_under_its_alias() -> None:
    platform = Platform("soil", {"api": (CpuAutoscaledService, API)}, release="lab", namespace="spectra")
    expected = CpuAutoscaledService.render(API, release="lab", namespace="spectra", chart="api")
    assert platform.manifests == expected


def test_a_part_takes_values_as_an_instance_too() -> None:
    platform = Platform("soil", {"spectra": (DatasetVolume, DatasetVolume.Values(size="5Gi"))}, release="lab")
    [claim] = platform.manifests
    assert claim["spec"]["resources"] == {"requests": {"storage": "5Gi"}}


def test_impossible_names_are_refused_together() -> None:
    rule = "must be a DNS label of at most 40 characters that starts with a letter"
    assert faults({"1st": (DatasetVolume, {}), "x" * 41: (DatasetVolume, {})}, name="Soil") == [
        f'name: {rule}, got "Soil"; use a-z, 0-9 and -, such as data-api',
        f'alias: {rule}, got "1st"; use a-z, 0-9 and -, such as data-api',
        f'alias: {rule}, got "{"x" * 41}"; use a-z, 0-9 and -, such as data-api',
    ]


def test_refused_values_of_all_parts_are_told_under_their_alias() -> None:
    found = faults({"spectra": (DatasetVolume, {"size": "0"}), "api": (CpuAutoscaledService, {"replicas": -1})})
    assert [fault.partition(":")[0] for fault in found] == ["spectra.size", "api.replicas"]


def test_broken_rules_of_all_parts_are_told_under_their_alias() -> None:
    found = faults({"spectra": (DatasetVolume, {"source": "nfs"}), "api": (CpuAutoscaledService, {"port": 80})})
    assert {fault.partition(".")[0] for fault in found} == {"spectra", "api"}


def test_two_parts_that_make_one_object_are_refused() -> None:
    same = {"claimName": "spectra"}
    assert faults({"first": (DatasetVolume, same), "second": (DatasetVolume, same)}) == [
        'second: must not make the PersistentVolumeClaim that first makes, got "spectra"; rename one'
    ]


def test_the_platforms_of_a_file_are_found_in_its_order(tmp_path: Path) -> None:
    file = tmp_path / "application.py"
    file.write_text(
        "from podzol import DatasetVolume, Platform\n"
        "from names import FIRST\n"
        "one = Platform(FIRST, {'spectra': (DatasetVolume, {})}, release='one')\n"
        "two = Platform('b', {'spectra': (DatasetVolume, {})}, release='two')\n"
        "again = one\n"
    )
    (tmp_path / "names.py").write_text("FIRST = 'c'\n")
    assert [platform.name for platform in platforms_in(file)] == ["c", "b"]


OWN_WORKLOAD = """
from podzol import Platform, Values, Workload
from podzol.template import to_str

class SampledValues(Values):
    amount: int = 1
    '''{text}'''

class Sampled(Workload):
    Values = SampledValues

    @staticmethod
    def manifests(v, release):
        data = {{"amount": to_str(v.amount)}}
        return {{"cm": {{"kind": "ConfigMap", "metadata": {{"name": release.fullname}}, "data": data}}}}

soil = Platform("soil", {{"sampled": (Sampled, {{}})}}, release="lab")
"""


def test_a_value_of_a_files_own_workload_has_its_description(tmp_path: Path) -> None:
    described = []
    for text in ("Grams of soil.", "Litres of water."):
        file = tmp_path / text / "application.py"
        file.parent.mkdir()
        file.write_text(OWN_WORKLOAD.format(text=text))
        described += [type(part.values) for platform in platforms_in(file) for part in platform.parts]
    assert [fields(values)["amount"].description for values in described] == ["Grams of soil.", "Litres of water."]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "application.py"
    assert faults_in(path) == [f"{path}: must be a Python file; name a file that defines a Platform"]


def test_a_file_without_a_platform_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "application.py"
    path.write_text("soil = 1\n")
    assert faults_in(path) == [f"{path}: must define a Platform; write soil = Platform(...) at its top level"]


def test_two_platforms_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "application.py"
    path.write_text(
        "from podzol import DatasetVolume, Platform\n"
        "one, two = (Platform('soil', {'spectra': (DatasetVolume, {})}, release=name) for name in ('a', 'b'))\n"
    )
    assert faults_in(path) == [
        f'{path}: must not define two platforms of one name, got "soil"; give each a name of its own'
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("one = 1\ntwo = one.spectra\n", "AttributeError: 'int' object has no attribute 'spectra'"),
        ("one = 1\ntwo = = 2\n", "SyntaxError: invalid syntax"),
        ("import sys\nsys.exit(0)\n", "SystemExit: 0"),
    ],
)
def test_a_file_that_fails_is_no_python_or_ends_the_program_is_told_with_its_line(
    content: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "application.py"
    path.write_text(content)
    with pytest.raises(Failure) as failure:
        platforms_in(path)
    assert str(failure.value) == f"{path}:2: {said}"
