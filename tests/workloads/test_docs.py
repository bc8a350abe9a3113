"""docs/workloads: every workload has its page, and what the pages show runs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from podzol.workloads import WORKLOADS, CpuBatchJob, GpuBatchJob

PAGES = {path.stem: path.read_text() for path in (Path(__file__).parents[2] / "docs" / "workloads").glob("*.md")}


def blocks(language: str) -> list[Any]:
    return [
        pytest.param(text, id=f"{page}-{number}")
        for page, content in sorted(PAGES.items())
        for number, text in enumerate(re.findall(rf"(?ms)^```{language}\n(.*?)^```", content))
    ]


def test_every_workload_has_its_page() -> None:
    assert {workload.chart for workload in WORKLOADS} <= set(PAGES)


@pytest.mark.parametrize("program", blocks("python"))
def test_program_renders_manifests(program: str) -> None:
    names: dict[str, Any] = {}
    exec(compile(program, "docs", "exec"), names)
    assert names["manifests"]


@pytest.mark.parametrize("values", blocks("yaml"))
def test_values_are_those_of_a_workload(values: str) -> None:
    """Pages show in YAML what all workloads with pods take."""
    assert CpuBatchJob.render(yaml.safe_load(values), release="docs")


@pytest.mark.parametrize("page", sorted(PAGES))
def test_links_lead_somewhere(page: str) -> None:
    """Pages and folders of the repository; a Helm chart's folder is generated."""
    root = Path(__file__).parents[2] / "docs" / "workloads"
    for link in re.findall(r"\]\(([^)#:]+)\)", PAGES[page]):
        assert (root / link).exists(), link


def test_the_page_on_scaling_reckons_right_and_shows_what_the_notes_say() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scaling.md").read_text()
    program, values = (re.search(rf"(?ms)^```{language}\n(.*?)^```", page) for language in ("python", "yaml"))
    assert program
    assert values
    exec(compile(program[1], "docs", "exec"), {})
    (warning,) = re.findall(r"^    (WARNING: .*)$", page, re.M)
    assert warning in GpuBatchJob.notes_for(yaml.safe_load(values[1]), release="train")
