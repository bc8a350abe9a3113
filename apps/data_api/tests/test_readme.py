"""The README's commands do what it says."""

import socket
from pathlib import Path

from lifecycle.trial import follow

README = Path(__file__).parents[1] / "README.md"


def test_the_readme_can_be_followed(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    out = follow(README, {"build/": f"{tmp_path}/", "--samples 2000": "--samples 50", "8080": port})
    assert '"horizon":"B"' in out
    assert '"nearest":[{"sample_id":"S-000007","angle_degrees":0.0}' in out
