"""GpuBatchJob: what a Job on GPUs has that one on CPUs hasn't; what both share is in test_cpu_batch_job.py."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from podzol.template import ValuesError
from podzol.workloads import GpuBatchJob

Objects = Callable[..., dict[str, dict[str, Any]]]

EXAMPLES = {example.name: example for example in GpuBatchJob.examples()}


@pytest.fixture
def objects(by_kind: Any) -> Objects:
    """The objects by kind, for values and a release."""

    def render(values: Any = None, release: str = "train", namespace: str = "soil") -> dict[str, dict[str, Any]]:
        return by_kind(GpuBatchJob.render(values, release=release, namespace=namespace))

    return render


def pod_of(objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return objects["Job"]["spec"]["template"]["spec"]


def container_of(objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return pod_of(objects)["containers"][0]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=lambda example: example.name)
def test_example_stays_the_same(example: Any, manifest_file: Any) -> None:
    assert GpuBatchJob.render(example.values, release="train", namespace="soil") == manifest_file


def test_examples_have_titles() -> None:
    assert len(EXAMPLES) >= 3
    assert all(re.match("[A-Z]", example.title) for example in EXAMPLES.values())


# ---------------------------------------------------------------- the machine


def test_asks_for_whole_gpus_with_request_and_limit_alike(objects: Objects) -> None:
    resources = container_of(objects({"gpus": 2}))["resources"]
    assert resources == {
        "requests": {"cpu": "2", "memory": "8Gi", "nvidia.com/gpu": 2},
        "limits": {"memory": "8Gi", "nvidia.com/gpu": 2},
    }


def test_lands_on_the_gpu_pool_and_tolerates_its_taint(objects: Objects) -> None:
    pod = pod_of(objects())
    assert pod["nodeSelector"] == {"podzol.dev/pool": "gpu-pool"}
    assert pod["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]


def test_selects_the_gpu_type_by_a_label_that_is_the_same_on_every_cloud(objects: Objects) -> None:
    pod = pod_of(objects({"accelerator": "nvidia-l4"}))
    assert pod["nodeSelector"] == {"podzol.dev/pool": "gpu-pool", "podzol.dev/accelerator": "nvidia-l4"}


def test_any_node_with_gpus_will_do_without_a_pool(objects: Objects) -> None:
    assert "nodeSelector" not in pod_of(objects({"pool": None}))


def test_shared_memory_is_a_volume_in_memory(objects: Objects) -> None:
    found = objects({"sharedMemory": "8Gi"})
    assert {"name": "shared-memory", "emptyDir": {"medium": "Memory", "sizeLimit": "8Gi"}} in pod_of(found)["volumes"]
    assert {"name": "shared-memory", "mountPath": "/dev/shm"} in container_of(found)["volumeMounts"]


def test_default_program_trains_for_a_minute(objects: Objects) -> None:
    container = container_of(objects())
    assert container["image"] == "nvcr.io/nvidia/cuda:12.8.1-base-ubuntu24.04"
    assert container["command"] == ["/bin/sh", "-ec"]
    assert container["args"] == ["nvidia-smi\necho 'Training...'\nsleep 60\necho 'Training complete!'\n"]


# ---------------------------------------------------------------- the worked examples


def test_training_example_retries_and_runs_one_pod(objects: Objects) -> None:
    spec = objects(EXAMPLES["training"].values)["Job"]["spec"]
    assert (spec["backoffLimit"], spec["parallelism"], spec["completions"]) == (4, 1, 1)
    assert spec["activeDeadlineSeconds"] == 3600


def test_nightly_example_runs_every_day_at_five(objects: Objects) -> None:
    found = objects(EXAMPLES["nightly"].values)
    spec = found["CronJob"]["spec"]
    assert (spec["schedule"], spec["timeZone"]) == ("0 5 * * *", "Europe/Vienna")
    assert "Job" not in found


def test_spectral_training_goes_on_from_its_checkpoint(objects: Objects) -> None:
    found = objects(EXAMPLES["spectral-training"].values)
    container, pod = container_of(found), pod_of(found)
    assert {"name": "PODZOL_CHECKPOINT_DIR", "value": "/checkpoints"} in container["env"]
    assert {"name": "checkpoints", "mountPath": "/checkpoints"} in container["volumeMounts"]
    assert {
        "name": "checkpoints",
        "persistentVolumeClaim": {"claimName": "spectral-checkpoints"},
    } in pod["volumes"]
    assert pod["nodeSelector"]["podzol.dev/accelerator"] == "nvidia-l4"


def test_sweep_waits_for_its_queue_and_counts_failures_by_index(objects: Objects) -> None:
    job = objects(EXAMPLES["sweep"].values)["Job"]
    assert job["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] == "soil-gpu"
    assert job["spec"]["completionMode"] == "Indexed"
    assert (job["spec"]["backoffLimitPerIndex"], job["spec"]["maxFailedIndexes"]) == (1, 4)
    assert "backoffLimit" not in job["spec"]


# ---------------------------------------------------------------- refusals


def test_fails_when_memory_limit_differs_from_request() -> None:
    with pytest.raises(ValuesError) as refused:
        GpuBatchJob.render({"resources": {"limits": {"memory": "16Gi"}}}, release="train")
    assert str(refused.value) == (
        'resources.limits.memory: must equal resources.requests.memory on a GPU machine, got "16Gi"; leave it unset'
    )


def test_another_gpu_count_makes_another_job(objects: Objects) -> None:
    names = {objects({"gpus": gpus})["Job"]["metadata"]["name"] for gpus in (1, 2)}
    assert len(names) == 2
