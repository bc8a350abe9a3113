"""What an upgrade from a released package does to work that runs: a Job can't be changed, and mustn't be replaced."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from podzol.fit.manifests import objects
from podzol.workloads import CpuBatchJob, GpuBatchJob

ROOT = Path(__file__).parents[2]
RELEASED = "0.2.0"
"""From here on the name of a Job says what it runs, and stays from release to release."""
IMMUTABLE = {
    "Job": ("selector", "template", "completions", "completionMode", "podFailurePolicy", "backoffLimitPerIndex"),
    "JobSet": ("replicatedJobs",),
    "TrainJob": ("runtimeRef",),
}
"""Source: ValidateJobSpecUpdate in https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/batch/validation/validation.go;
the webhooks of JobSet v0.12.0 and Trainer v2.3.0 (2026-11-23)."""
CASES: dict[str, list[dict[str, Any]]] = {
    "cpu-batch-job": [example.values for example in CpuBatchJob.examples()],
    "gpu-batch-job": [
        *(example.values for example in GpuBatchJob.examples()),
        *({"distributed": {"enabled": True, "kind": kind}} for kind in ("jobset", "trainjob")),
        {"distributed": {"enabled": True}, "memoryLadder": ["8Gi", "16Gi"], "capacity": "spot-then-on-demand"},
    ],
}


def runs(helm: Path, chart: Path, values: Path) -> dict[str, Any]:
    """What can't change, by kind and name."""
    command = [helm, "template", "run", chart, "--values", values]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = [each for each in objects(done.stdout, str(chart)) if each["kind"] in IMMUTABLE]
    return {
        f"{each['kind']}/{each['metadata']['name']}": {
            field: each["spec"].get(field) for field in IMMUTABLE[each["kind"]]
        }
        for each in found
    }


@pytest.mark.helm
@pytest.mark.parametrize(("chart", "values"), [(chart, values) for chart, some in CASES.items() for values in some])
def test_an_upgrade_leaves_alone_what_runs(chart: str, values: dict[str, Any], helm: Path, tmp_path: Path) -> None:
    """Where this fails, and what runs must change: raise SHAPE in kubernetes/job_name.py or retries.py, and say so in
    the changelog."""
    file = tmp_path / "values.yaml"
    file.write_text(yaml.safe_dump(values))
    released = runs(helm, ROOT / "dist" / "charts" / f"{chart}-{RELEASED}.tgz", file)
    assert runs(helm, ROOT / "charts" / chart, file) == released
