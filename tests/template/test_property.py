"""The promise: for every valid value set, `helm template` and `evaluate` give the same objects.

`make property CASES=50000` asks for as many value sets, over all charts; PODZOL_PROPERTY_SEED draws others.
"""

import os
from collections.abc import Callable

import pytest
from hypothesis import strategies as st
from oracle import Case, Oracle
from random_values import RELEASES, sample, values_of
from samples import CORNERS, SAMPLES, SUBJECTS, Subject

from podzol.template import to_values
from podzol.template.loading import load

CASES = int(os.environ.get("PODZOL_PROPERTY_CASES", "2100"))
SEED = int(os.environ.get("PODZOL_PROPERTY_SEED", "20261123"))
BATCH = 50
CHUNK = 1000
"""Value sets that are drawn at once."""
SHARE = -(-CASES // len(SUBJECTS) // BATCH) * BATCH


@pytest.mark.helm
@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_helm_renders_what_evaluate_gives_for_every_valid_value_set(
    subject: Subject, oracle_of: Callable[[Subject], Oracle]
) -> None:
    oracle = oracle_of(subject)
    distinct: set[str] = set()
    for start in range(0, SHARE, CHUNK):
        count = min(CHUNK, SHARE - start)
        draws = sample(st.tuples(values_of(subject.model), st.booleans()), count, SEED + start)
        cases = [oracle.case(file, built_in_python) for file, built_in_python in draws]
        distinct |= {repr(case.file) for case in cases}
        for index, release in enumerate(sample(RELEASES, count // BATCH, SEED + start)):
            batch = cases[index * BATCH : (index + 1) * BATCH]
            found = oracle.differences(batch, release) + oracle.alone(batch[0], release)
            assert not found, f"{len(found)} differences, the first:\n{found[0]}"
    assert len(distinct) > SHARE / 2, "the random values are too much alike to say anything"


@pytest.mark.helm
@pytest.mark.parametrize("subject", SAMPLES, ids=str)
def test_helm_renders_what_evaluate_gives_in_the_corners(
    subject: Subject, oracle_of: Callable[[Subject], Oracle]
) -> None:
    oracle = oracle_of(subject)
    cases = [oracle.case(file, built_in_python=False) for file in CORNERS[subject.chart]]
    assert [case.file for case in cases] == CORNERS[subject.chart], "a corner breaks a rule"
    cases += [Case(case.values, to_values(case.values)) for case in cases]
    found = oracle.differences(cases, "soil-x")
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_a_values_file_written_from_values_loads_as_the_same_values(subject: Subject) -> None:
    for file in sample(values_of(subject.model), 50, SEED):
        values = load(subject.model, file)
        assert load(subject.model, to_values(values)) == values
