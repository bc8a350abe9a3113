"""The program, run as a process of its own."""

import incremental_regression.train  # noqa: F401  (imported here once, not by every fork)
import pytest
from incremental_regression.__main__ import main
from incremental_regression.generate import generate
from lifecycle.trial import Trial


@pytest.fixture
def stream(tmp_path):
    """Three files of 40 rows, which batches of 15 don't fit evenly: 9 batches."""
    generate(tmp_path / "stream", files=3, rows=40, seed=7)
    return tmp_path / "stream"


@pytest.fixture
def begin(tmp_path, stream):
    """Begin `incremental-regression train`."""

    def run(*extra, out=tmp_path / "out", data=stream) -> Trial:
        fixed = ["train", "--data", data, "--out", out, "--batch-rows", 15, "--checkpoint-steps", 2]
        return Trial(main, [*fixed, *extra], tmp_path / "log")

    return run


@pytest.fixture
def train(begin):
    """Run `incremental-regression train` to its end."""
    return lambda *extra, **where: begin(*extra, **where).end()
