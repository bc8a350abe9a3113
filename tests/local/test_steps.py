"""Progress lines where there is no terminal."""

import re

import pytest

from podzol.faults import Failure
from podzol.local.steps import Steps


def test_a_step_is_one_line_with_its_note_and_time(steps: Steps) -> None:
    with steps.step("helm v4") as step:
        step.doing("downloading", 0.5)
        step.note = "built"
    assert re.fullmatch(r"✓ helm v4 +built 0\.\d s\n", steps.console.export_text())


def test_a_step_that_fails_is_crossed_and_the_error_goes_on(steps: Steps) -> None:
    with pytest.raises(Failure), steps.step("nodes"):
        raise Failure("no node")
    assert steps.console.export_text().startswith("✗ nodes ")


def test_what_a_step_says_is_never_taken_for_markup(steps: Steps) -> None:
    with steps.step("[bold]name") as step:
        step.say("[Errno 111] refused")
    assert "[bold]name: [Errno 111] refused" in steps.console.export_text()
