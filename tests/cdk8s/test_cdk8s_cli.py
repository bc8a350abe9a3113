"""The real cdk8s command, from npm, writes the committed manifests of the soil platform."""

import os
import subprocess
import sys
from pathlib import Path

import podzol  # noqa: F401 - points at the Node of the wheel

ROOT = Path(__file__).parents[2]
CDK8S = ROOT / "node_modules" / "cdk8s-cli" / "bin" / "cdk8s"


def test_cdk8s_synth_writes_the_committed_manifests(tmp_path: Path) -> None:
    assert CDK8S.is_file(), "no cdk8s command: run `make setup`"
    node = Path(os.environ["JSII_NODE"])
    path = os.pathsep.join([str(Path(sys.executable).parent), str(node.parent), os.environ["PATH"]])
    command = [node, CDK8S, "synth", "--check-upgrade=false", "--output", tmp_path]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert written == {file.name: file.read_bytes() for file in (ROOT / "dist" / "manifests").iterdir()}
