"""README and docs/local-cluster.md: what they show runs, and what they say is refused is refused."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SCRIPTS = [
    pytest.param(block, id=f"{path.stem}-{number}")
    for path in (ROOT / "README.md", ROOT / "docs/local-cluster.md")
    for number, block in enumerate(BLOCK.findall(path.read_text(encoding="utf-8")), start=1)
    if "make " not in block
]


@pytest.mark.usefixtures("own_state")
@pytest.mark.parametrize("block", SCRIPTS)
def test_what_the_page_shows_runs(block: str, tmp_path: Path) -> None:
    script = re.sub(r"^(.*?) +# refused\b.*$", r"if \1; then exit 99; fi", block, flags=re.MULTILINE)
    for shared in ("charts", "toolchain"):
        (tmp_path / shared).symlink_to(ROOT / shared)
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    lines = [line for line in script.splitlines() if not line.startswith("source .venv")]
    command = ["bash", "-euo", "pipefail", "-c", "\n".join(lines)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
