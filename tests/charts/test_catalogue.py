"""Which Helm charts there are: the workloads', the platforms', and those of workloads of one's own."""

from pathlib import Path

import pytest

from podzol.charts.catalogue import all_charts
from podzol.faults import UserError

OWN = """\
from podzol import Platform, Workload
from podzol.kubernetes.labels import ObjectValues, metadata

class {name}(Workload):
    "Says nothing."
    Values = ObjectValues

    @staticmethod
    def manifests(v, release):
        return {{"configmap": {{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(v, release)}}}}

PLATFORM = Platform("{platform}", {{"quiet": ({name}, {{}})}}, release="r")
"""


def app(place: Path, name: str, platform: str) -> Path:
    path = place / f"{platform}.py"
    path.write_text(OWN.format(name=name, platform=platform))
    return path


def test_a_workload_of_ones_own_becomes_a_helm_chart_beside_the_umbrella(tmp_path: Path) -> None:
    charts = [chart.name for chart in all_charts([app(tmp_path, "SilentMap", "silence")])]
    assert charts[-2:] == ["silent-map", "silence"]


def test_fails_when_two_helm_charts_would_have_one_name(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        all_charts([app(tmp_path, "GpuBatchJob", "first"), app(tmp_path, "SilentMap", "dataset-volume")])
    assert str(error.value) == (
        "dataset-volume: must be the name of one Helm chart only; rename one\n"
        "gpu-batch-job: must be the name of one Helm chart only; rename one"
    )
