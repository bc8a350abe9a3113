"""Builds, checks and packages every Helm chart: the stages of `podzol charts`, in order."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from podzol.charts import folder, repository
from podzol.charts.changelog import read_entry
from podzol.charts.chart import Files, HelmChart
from podzol.charts.package import Package, pack
from podzol.faults import Failure
from podzol.generated import differences, first_lines


def folders(charts: Sequence[HelmChart], changelog: Path) -> dict[str, Files]:
    """Chart name -> the files of its folder."""
    return {chart.name: folder.files(chart, read_entry(changelog, chart.version)) for chart in charts}


def write(out: Path, folders: Mapping[str, Files]) -> list[Path]:
    """Make `out` hold the folders; gives each path that was written or removed. Other folders of `out` stay."""
    for name in folders:
        folder.refuse_foreign(out / name)
    return [out / name / path for name, files in folders.items() for path in folder.write(out / name, files)]


def check(out: Path, folders: Mapping[str, Files]) -> None:
    """Compare without writing.

    Raises:
        Failure: a file of `out` isn't what would be written; the message lists them and shows the first lines.
    """
    paths: list[str] = []
    diff: list[str] = []
    for name, files in folders.items():
        for path, lines in differences(out / name, files):
            paths.append(f"  {out / name / path}")
            diff += lines.splitlines()
    for stray in sorted({path.parent for path in out.glob("*/Chart.yaml")} - {out / name for name in folders}):
        paths.append(f"  {stray}: no workload makes it; remove it")
    if not paths:
        return
    heading = f"{len(paths)} paths in {out} are not what the workloads make; run `podzol charts build`"
    raise Failure("\n".join([heading, *paths, *first_lines(diff)]))


def package(out: Path, charts: Sequence[HelmChart], changelog: Path) -> tuple[list[Package], list[Package]]:
    """Package the charts into the repository at `out`; gives all packages, and those that are new in it.

    Raises:
        UserError: as `repository.add`.
    """
    packed = packages(charts, changelog)
    return packed, repository.add(out, packed, read_entry(changelog, charts[0].version))


def check_packages(out: Path, charts: Sequence[HelmChart], changelog: Path) -> list[Package]:
    """Compare the repository at `out` with the packages that would be made, without writing.

    Raises:
        UserError: as `repository.add`. Failure: a package isn't in the repository yet.
    """
    packed = packages(charts, changelog)
    missing = repository.missing(out, packed)
    if missing:
        names = [f"  {package.file_name}" for package in missing]
        raise Failure("\n".join([f"{out} lacks {len(missing)} packages; run `podzol charts package`", *names]))
    return packed


def packages(charts: Sequence[HelmChart], changelog: Path) -> list[Package]:
    """The package of each Helm chart."""
    entries = {chart.version: read_entry(changelog, chart.version) for chart in charts}
    return [
        pack(folder.packaged(folder.files(chart, entries[chart.version])), entries[chart.version]) for chart in charts
    ]
