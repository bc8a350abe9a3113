"""The README's commands do what it says."""

import socket
from pathlib import Path

from lifecycle.trial import follow

README = Path(__file__).parents[1] / "README.md"


def test_the_readme_can_be_followed(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    small = "--steps 12 --channels 8 8 --batch-size 8"  # as in the other tests, so that it is compiled already
    smaller = {"--samples 2000": "--samples 60", "--steps 400": small, "--steps 100 --batch-size 256": small}
    out = follow(README, {"build/": f"{tmp_path}/", "29500": port, **smaller})
    assert "# Spectral network: organic_carbon_percent, clay_percent" in out
    assert '"event": "started", "step": 0, "pods": 2' in out
