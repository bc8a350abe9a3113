"""docs/scenarios.md: what it shows runs, in the order in which it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from podzol.local.load.shapes import SHAPES
from podzol.scenarios.catalogue import SCENARIOS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "scenarios.md"
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_page_names_every_scenario() -> None:
    named = re.findall(r"^\| `([a-z][a-z-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in named if name not in SHAPES] == list(SCENARIOS)
    assert set(SHAPES) < set(named)


@pytest.mark.cluster
def test_what_the_page_shows_runs(tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert [language for language, _ in blocks] == ["sh", "python", "sh"]
    parts = [text if language == "sh" else f"python - <<'END'\n{text}END\n" for language, text in blocks]
    script = "trap 'podzol local down --name scenario' EXIT\n" + "\n".join(parts)
    (tmp_path / "charts").symlink_to(ROOT / "charts")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PODZOL_STATE": str(tmp_path / "state")}
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no-capacity: 7 of 7 claims hold" in done.stderr
    assert done.stdout.count("\nholds | ") == 7
    for report in ("run", "load"):
        assert (tmp_path / report / "report.html").is_file()
    shares = re.findall(r"the load is over: about [\d,]+ requests, ([\d.]+) % of it served", done.stderr)
    assert len(shares) == 2
    assert all(float(share) > 90 for share in shares)
