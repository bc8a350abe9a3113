"""docs/elasticity.md: what it shows runs, in the order in which it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "elasticity.md"
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.cluster
def test_what_the_page_shows_runs(tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert [language for language, _ in blocks] == ["sh", "sh", "python"]
    parts = [text if language == "sh" else f"python - <<'END'\n{text}END\n" for language, text in blocks]
    script = "trap 'podzol local down' EXIT\n" + "\n".join(parts)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PODZOL_STATE": str(tmp_path / "state")}
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for report in ("run", "both"):
        assert (tmp_path / report / "report.html").is_file()
    assert "2 nodes in cpu-pool\n" in done.stdout
    assert re.search(r"^\d s: The load starts\.$", done.stdout, re.MULTILINE)
    assert re.search(r"^\d s: Only 100 of 240 requests a second to api are served\.$", done.stdout, re.MULTILINE)
