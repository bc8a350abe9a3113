"""docs/why.md: what it shows runs, and is answered as it says; every cause has its line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from seeds import SEEDS

from podzol.local.cluster import Cluster
from podzol.why.causes import CAUSES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "why.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_cause_is_on_the_page() -> None:
    table = PAGE.partition("## What it knows")[2].partition("## What it reads")[0]
    told = {
        name
        for line in table.splitlines()[4:]
        if line.startswith("| ")
        for name in line.split("|")[1].strip().split(", ")
    }
    assert told == {cause.__module__.rpartition(".")[2] for cause in CAUSES} | {"growth"}


def test_the_page_counts_the_misconfigurations() -> None:
    assert f"makes {len(SEEDS)} misconfigurations" in PAGE


@pytest.mark.cluster
def test_what_the_page_shows_runs(why_cluster: Cluster, helm: Path, tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE)
    assert [language for language, _ in blocks] == ["sh", "sh", "python"]
    parts = [text if language == "sh" else f"python - <<'END'\n{text}END\n" for language, text in blocks]
    script = re.sub(
        r"^(.*?) +# exit code 1$", r"test $({ \1 >&2; echo $?; }) = 1", "\n".join(parts), flags=re.MULTILINE
    )
    (tmp_path / "charts").symlink_to(ROOT / "charts")
    path = f"{Path(sys.executable).parent}:{helm.parent}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "KUBECONFIG": str(why_cluster.kubeconfig)}
    command = ["bash", "-uo", "pipefail", "-c", f"set -e; trap 'helm uninstall train' EXIT; {script}"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    assert lines[0] == "train in default: it isn't running"
    shown = PAGE.partition("```text\n")[2].partition("```")[0].splitlines()
    (reason,) = [line for line in lines if line.startswith("The likeliest reason")]
    assert without_hashes(reason) == without_hashes(shown[3])
    assert shown[4] in lines


def without_hashes(line: str) -> str:
    """A pod's name changes from run to run."""
    return re.sub(r"train-gpu-batch-job-\S+:", "", line)
