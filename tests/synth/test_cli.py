"""`podzol synth` from a shell, and that the committed manifests are what it writes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPLICATION = """\
from podzol import CpuAutoscaledService, Platform

VALUES = {"image": {"repository": "ghcr.io/soil/api", "tag": "1.0"}}
SOIL = Platform("soil", {"api": (CpuAutoscaledService, VALUES)}, release="lab", namespace="lab")
"""


def podzol(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("podzol"), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one application."""
    (tmp_path / "apps" / "soil").mkdir(parents=True)
    (tmp_path / "apps" / "soil" / "application.py").write_text(APPLICATION)
    return tmp_path


def test_the_committed_manifests_are_what_synth_writes() -> None:
    done = podzol("synth", "--check", cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "dist/manifests is what the platforms make: 1 files\n"), done.stderr


def test_synth_writes_the_manifests_of_every_application(project: Path) -> None:
    done = podzol("synth", cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "dist/manifests/soil.k8s.yaml\n", "")
    assert (project / "dist/manifests/soil.k8s.yaml").read_text().startswith("apiVersion: v1\nkind: ServiceAccount\n")


def test_synth_takes_an_application_and_a_folder(project: Path) -> None:
    done = podzol("synth", "apps/soil/application.py", "--out", "elsewhere", cwd=project)
    assert (done.returncode, done.stdout) == (0, "elsewhere/soil.k8s.yaml\n")


def test_synth_check_fails_before_the_first_synth_and_writes_nothing(project: Path) -> None:
    done = podzol("synth", "--check", cwd=project)
    assert done.returncode == 1
    assert done.stderr.startswith(
        "podzol: 1 files in dist/manifests are not what the platforms make; run `podzol synth`\n"
    )
    assert not (project / "dist").exists()


def test_synth_never_starts_node(project: Path) -> None:
    (project / "apps/soil/application.py").write_text(
        APPLICATION + "import sys\nassert not {'jsii', 'cdk8s', 'constructs'} & set(sys.modules)\n"
    )
    script = "import sys; from podzol.cli import main; sys.argv = ['podzol', 'synth']\ntry: main()\nfinally:\n"
    script += " assert not {'jsii', 'cdk8s', 'constructs'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_synth_without_an_application_says_where_it_looked(tmp_path: Path) -> None:
    done = podzol("synth", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "podzol: apps: must hold an application, apps/*/application.py; name one, or a Python file elsewhere\n",
    )


def test_refused_values_are_all_told_with_their_part(project: Path) -> None:
    (project / "apps/soil/application.py").write_text(
        APPLICATION.replace('"tag": "1.0"}', '"tag": ""}, "replicas": -1')
    )
    done = podzol("synth", cwd=project)
    assert done.returncode == 2
    assert [line.split(" ")[1] for line in done.stderr.splitlines()] == ["api.image.tag:", "api.replicas:"]
    assert not (project / "dist").exists()
