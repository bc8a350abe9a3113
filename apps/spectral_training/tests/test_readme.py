"""The README's commands do what it says."""

import socket
from pathlib import Path

from lifecycle.trial import follow

README = Path(__file__).parents[1] / "README.md"


def test_the_readme_can_be_followed(tmp_path, monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_backend_optimization_level=0")  # quickly compiled
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    smaller = {"--samples 2000": "--samples 60", "--steps 400": "--steps 20", "--steps 100": "--steps 10", "256": "8"}
    out = follow(README, {"build/": f"{tmp_path}/", "29500": port, **smaller})
    assert "# Spectral network: organic_carbon_percent, clay_percent" in out
    assert '"event": "started", "step": 0, "pods": 2' in out
