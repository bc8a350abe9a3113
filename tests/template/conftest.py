"""What the tests of the language share: one real chart a sample, on disk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from oracle import Oracle
from samples import Subject


@pytest.fixture(scope="session")
def oracle_of(helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Subject], Oracle]:
    """The oracle of a subject, made once a run."""
    made: dict[str, Oracle] = {}

    def find(subject: Subject) -> Oracle:
        if subject.chart not in made:
            made[subject.chart] = Oracle(helm, subject.tree, subject.chart, tmp_path_factory.mktemp(subject.chart))
        return made[subject.chart]

    return find
