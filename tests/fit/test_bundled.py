"""What Podzol ships fits together: the platform, the bundled specs, and the worked examples."""

from pathlib import Path
from typing import get_args

import pytest

from podzol.charts import build
from podzol.charts.catalogue import all_charts
from podzol.clusters import load_spec
from podzol.clusters.spec import Provider
from podzol.fit import Report, check, manifests, planned

ROOT = Path(__file__).parents[2]
CHARTS = all_charts(sorted(ROOT.glob("apps/*/application.py")))
PLATFORM = ROOT / "apps" / "soil_platform" / "examples" / "soil-platform"
EXAMPLES = ROOT / "constructs" / "podzol" / "workloads" / "examples"
WORKED = sorted(path for chart in ("cpu-batch-job", "cpu-autoscaled-service") for path in (EXAMPLES / chart).iterdir())
CLOUD_VALUES = {"eks": ["eks-buckets-values.yaml"], "gke": ["gke-buckets-values.yaml"], "local": []}
"""Provider -> the platform's values files for it; none where the default does."""
MISFITS = {
    "metagenome-assembly": "no pool takes it",  # 16 CPUs: for a pool of big machines
    "memory-ladder": "no pool takes it",  # likewise, and up to 120 GiB
    "sample-array": "no pool takes it",  # 4 CPUs, on machines that have 4 and give some to the system
    "production": "its HPA may make 30 pods; 18 of them fit on cpu-pool (6 nodes)",  # for a pool of 10 nodes
}
"""Worked examples that are not for the spec soil -> how their misfit begins."""

pytestmark = pytest.mark.helm


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every Helm chart of the project, just built."""
    place = tmp_path_factory.mktemp("charts")
    build.write(place, build.folders(CHARTS, ROOT / "CHANGELOG.md"))
    return place


def report(helm: Path, chart: Path, values: list[Path], spec: str, provider: Provider) -> Report:
    objects = manifests.rendered(str(chart), helm, values, "soil")
    return check(objects, planned.cluster_of(load_spec(spec), provider), "soil")


def misfits(report: Report) -> list[str]:
    return [each.reason for verdict in report.verdicts for each in verdict.findings if each.severity == "error"]


def test_every_provider_has_its_values_of_the_platform() -> None:
    assert CLOUD_VALUES.keys() == set(get_args(Provider))


@pytest.mark.parametrize("provider", CLOUD_VALUES)
@pytest.mark.parametrize(
    ("spec", "more", "kinds"),
    [
        ("soil", [], ["Deployment", "Job", "Job"]),
        ("soil", ["data-api-only-values.yaml"], ["Deployment"]),
        ("soil-small", ["small-values.yaml"], ["Deployment", "Job", "Job"]),
    ],
)
def test_the_platform_fits_the_bundled_spec(
    helm: Path, built: Path, spec: str, more: list[str], kinds: list[str], provider: Provider
) -> None:
    values = [PLATFORM / name for name in [*CLOUD_VALUES[provider], *more]]
    found = report(helm, built / "soil-platform", values, spec, provider)
    assert [verdict.workload.kind for verdict in found.verdicts] == kinds
    assert misfits(found) == []
    assert not [each for verdict in found.verdicts for each in verdict.findings if each.question == "room"]


@pytest.mark.parametrize("provider", ["eks", "gke"])
def test_the_platform_without_buckets_has_no_shared_volume_for_the_spectra_on_a_cloud(
    helm: Path, built: Path, provider: Provider
) -> None:
    found = misfits(report(helm, built / "soil-platform", [], "soil", provider))
    assert len(found) == 2
    assert all(each.startswith("the claim fit-spectra wants ReadWriteMany; ") for each in found)


@pytest.mark.parametrize("provider", CLOUD_VALUES)
@pytest.mark.parametrize("example", WORKED, ids=lambda path: path.name.removesuffix("-values.yaml"))
def test_a_worked_example_fits_the_spec_soil_or_is_known_not_to(
    helm: Path, built: Path, example: Path, provider: Provider
) -> None:
    found = misfits(report(helm, built / example.parent.name, [example], "soil", provider))
    expected = MISFITS.get(example.name.removesuffix("-values.yaml"))
    assert [each.startswith(expected or "") for each in found] == ([True] if expected else [])


def test_every_known_misfit_is_an_example() -> None:
    assert MISFITS.keys() <= {path.name.removesuffix("-values.yaml") for path in WORKED}
