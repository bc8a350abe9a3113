"""What the tests of the kubelet share: one cluster whose pods really run, started as docs/labs/README.md says."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from podzol.local.cluster import Cluster
from podzol.local.toolchain.cache import bin_folder

sys.path.insert(0, str(Path(__file__).parent))
"""So that tests may import `labs` and `pods`."""

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
Shell = Callable[[str, Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def blocks() -> Callable[[Path], list[str]]:
    """The shell blocks of a page."""
    return lambda page: BLOCK.findall(page.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Runs a script in a folder, as a user of the tests' own cluster would in the repository's."""
    state = tmp_path_factory.mktemp("state")
    path = f"{Path(sys.executable).parent}:{bin_folder()}:{os.environ['PATH']}"
    kubeconfig = state / "clusters/podzol/kubeconfig"
    environment = os.environ | {"PATH": path, "PODZOL_STATE": str(state), "KUBECONFIG": str(kubeconfig)}

    def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        for name in ("apps", "charts"):
            if not (folder / name).exists():
                (folder / name).symlink_to(ROOT / name)
        command = ["bash", "-euxo", "pipefail", "-c", script]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def real(
    shell: Shell, blocks: Callable[[Path], list[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """The cluster: what the index of the labs shows first starts it, and what it shows last ends it."""
    first, last = blocks(ROOT / "docs/labs/README.md")
    folder = tmp_path_factory.mktemp("up")
    started = shell(first, folder)
    try:
        assert started.returncode == 0, started.stderr
        state = re.search(r"KUBECONFIG=(.*)/clusters/podzol/kubeconfig", started.stderr)
        assert state
        yield Cluster("podzol", Path(state[1]) / "clusters")
    finally:
        ended = shell(last, folder)
    assert "programs ended, its files removed" in ended.stderr
