"""The README's commands do what it says."""

from pathlib import Path

from lifecycle.trial import follow

README = Path(__file__).parents[1] / "README.md"


def test_the_readme_can_be_followed(tmp_path):
    out = follow(README, {"build/": f"{tmp_path}/"})
    assert '"event": "resumed"' in out
    assert '"rows": 10000' in out.splitlines()[-5]
