"""`podzol charts`: what each verb writes, and that two machines write the same bytes."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from podzol.version import VERSION

ROOT = Path(__file__).parents[2]
CHANGELOG = ["--changelog", str(ROOT / "CHANGELOG.md")]
APPS = [str(path) for path in sorted(ROOT.glob("apps/*/application.py"))]


def podzol(*arguments: str, cwd: Path = ROOT, umask: int = 0o022, **env: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "podzol", "charts", *arguments]
    return subprocess.run(
        command, cwd=cwd, umask=umask, env=os.environ | env, capture_output=True, text=True, timeout=60, check=False
    )


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("dist")
    assert podzol("package", "--out", str(place)).returncode == 0
    return place


def test_packages_are_the_same_bytes_wherever_and_whenever_they_are_made(packaged: Path, tmp_path: Path) -> None:
    elsewhere = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}
    done = podzol("package", *APPS, *CHANGELOG, "--out", "dist", cwd=tmp_path, umask=0o077, **elsewhere)
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "dist") == digests(packaged)


def test_package_says_what_is_new_and_what_was_there(packaged: Path) -> None:
    again = podzol("package", "--out", str(packaged))
    assert again.returncode == 0
    assert all("  there already  sha256 " in line for line in again.stdout.splitlines())


def test_package_fails_when_a_version_would_change(packaged: Path, tmp_path: Path) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(f"## [{VERSION}] - 2026-01-01\n### Added\n- Something else.\n")
    before = digests(packaged)
    done = podzol("package", "--out", str(packaged), "--changelog", str(changelog))
    assert done.returncode == 2
    assert f"podzol: cpu-autoscaled-service-{VERSION}.tgz: must stay as it was packaged" in done.stderr
    assert digests(packaged) == before


def test_package_check_holds_after_packaging_and_names_what_is_missing(packaged: Path, tmp_path: Path) -> None:
    assert podzol("package", "--check", "--out", str(packaged)).returncode == 0
    done = podzol("package", "--check", "--out", str(tmp_path))
    assert done.returncode == 1
    count = len(list(packaged.glob("*.tgz")))
    assert done.stderr.splitlines()[0] == f"podzol: {tmp_path} lacks {count} packages; run `podzol charts package`"
    assert f"  gpu-batch-job-{VERSION}.tgz" in done.stderr.splitlines()
    assert list(tmp_path.iterdir()) == []


def test_build_check_is_silent_after_a_build_and_fails_after_an_edit(tmp_path: Path) -> None:
    assert podzol("build", "--out", str(tmp_path)).returncode == 0
    assert podzol("build", "--check", "--out", str(tmp_path)).returncode == 0
    values = tmp_path / "gpu-batch-job" / "values.yaml"
    values.write_text(values.read_text() + "# by hand\n")
    done = podzol("build", "--check", "--out", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == [
        f"podzol: 1 paths in {tmp_path} are not what the workloads make; run `podzol charts build`",
        f"  {values}",
    ]
    assert "-# by hand" in done.stderr


def test_list_names_every_helm_chart() -> None:
    listed = podzol("list", COLUMNS="200").stdout
    assert all(name in listed for name in ("cpu-autoscaled-service", "gpu-batch-job", "dataset-volume", VERSION))


def test_lint_fails_with_what_helm_said(tmp_path: Path) -> None:
    (tmp_path / "broken" / "templates").mkdir(parents=True)
    (tmp_path / "broken" / "Chart.yaml").write_text("apiVersion: v2\nname: broken\nversion: 1.0.0\n")
    (tmp_path / "broken" / "templates" / "a.yaml").write_text("{{ .Values.a.b }}\n")
    done = podzol("lint", str(tmp_path))
    assert done.returncode == 1
    assert "podzol: helm lint found faults in 1 scenarios" in done.stderr
    assert "nil pointer evaluating" in done.stderr


@pytest.mark.parametrize("verb", ["build", "package"])
def test_a_place_that_takes_no_files_is_one_clear_message(verb: str, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    done = podzol(verb, "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"podzol: {tmp_path}/out/cpu-autoscaled-service")
    assert done.stderr.count("\n") == 1
    assert "can't be written: " in done.stderr
