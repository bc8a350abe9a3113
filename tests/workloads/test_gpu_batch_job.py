"""GpuBatchJob: what a Job on GPUs has that one on CPUs hasn't; what both share is in test_cpu_batch_job.py."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from podzol.kubernetes.rank_environment import NAMES
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


# ---------------------------------------------------------------- several pods that train as one

RANKS: dict[str, Any] = {"distributed": {"enabled": True, "nodes": 4}, "gpus": 2}


def ranks_of(kind: str) -> dict[str, Any]:
    return {"distributed": {"enabled": True, "kind": kind, "nodes": 4}}


def test_ranks_are_an_indexed_job_whose_every_rank_may_start_again(objects: Objects) -> None:
    spec = objects(RANKS | {"backoffLimit": 5})["Job"]["spec"]
    assert (spec["parallelism"], spec["completions"], spec["completionMode"]) == (4, 4, "Indexed")
    assert (spec["backoffLimitPerIndex"], spec["maxFailedIndexes"]) == (5, 0)
    assert "backoffLimit" not in spec


def test_ranks_find_each_other_before_they_are_ready_and_nobody_else_reaches_them(objects: Objects) -> None:
    found = objects(RANKS)
    service, policy = found["Service"], found["NetworkPolicy"]["spec"]
    assert pod_of(found)["subdomain"] == service["metadata"]["name"]
    assert (service["spec"]["clusterIP"], service["spec"]["publishNotReadyAddresses"]) == ("None", True)
    assert policy["podSelector"]["matchLabels"] == service["spec"]["selector"]
    assert policy["ingress"] == [{"from": [{"podSelector": policy["podSelector"]}]}]


def test_a_rank_is_told_what_torchrun_and_jax_read(objects: Objects) -> None:
    told = {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in container_of(objects(RANKS))["env"]}
    first = "$(PODZOL_JOB_NAME)-0.train-gpu-batch-job-ranks"
    rank = {"fieldRef": {"fieldPath": "metadata.annotations['batch.kubernetes.io/job-completion-index']"}}
    assert told == {
        "PODZOL_JOB_NAME": {"fieldRef": {"fieldPath": "metadata.labels['batch.kubernetes.io/job-name']"}},
        "MASTER_ADDR": first,
        "MASTER_PORT": "29500",
        "WORLD_SIZE": "4",
        "RANK": rank,
        "PET_NNODES": "4",
        "PET_NODE_RANK": rank,
        "PET_NPROC_PER_NODE": "2",
        "PET_MASTER_ADDR": first,
        "PET_MASTER_PORT": "29500",
        "JAX_COORDINATOR_ADDRESS": f"{first}:29500",
        "JAX_NUM_PROCESSES": "4",
        "JAX_PROCESS_ID": rank,
    }
    assert tuple(told) == NAMES


def test_ranks_that_start_together_wait_for_each_others_machines_first(objects: Objects) -> None:
    waits = {"distributed": {"enabled": True, "nodes": 4, "startTogether": {"enabled": True}}}
    (container,) = pod_of(objects(waits))["initContainers"]
    compile(container["command"][2], "await_ranks", "exec")
    told = {entry["name"]: entry.get("value") for entry in container["env"]}
    assert told == {"PODZOL_JOB_NAME": None, "SERVICE": "train-gpu-batch-job-ranks", "NODES": "4"}
    assert "initContainers" not in pod_of(objects(RANKS))


def test_another_image_to_wait_with_makes_another_job(objects: Objects) -> None:
    section = {"enabled": True, "nodes": 4}
    waits = [{"startTogether": {"enabled": True, "image": {"tag": tag}}} for tag in ("3.13.12", "3.14.5")]
    found = [objects({"distributed": section | more}) for more in ({}, *waits)]
    assert len({each["Job"]["metadata"]["name"] for each in found}) == 3


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("job", {"Job", "Service", "NetworkPolicy"}),
        ("jobset", {"JobSet", "NetworkPolicy"}),
        ("trainjob", {"TrainJob", "TrainingRuntime", "NetworkPolicy"}),
    ],
)
def test_one_set_of_values_gives_a_job_a_job_set_or_a_train_job(kind: str, made: set[str], objects: Objects) -> None:
    assert objects(ranks_of(kind)).keys() - {"ServiceAccount"} == made


def test_the_pods_of_all_three_kinds_are_the_same(objects: Objects) -> None:
    job_set = objects(ranks_of("jobset"))["JobSet"]["spec"]
    runtime = objects(ranks_of("trainjob"))["TrainingRuntime"]["spec"]["template"]["spec"]
    held = [part["replicatedJobs"][0]["template"]["spec"] for part in (job_set, runtime)]
    (of_trainer,) = held[1]["template"]["spec"]["containers"]
    assert of_trainer["name"] == "node"  # Trainer's own word, and all that differs
    of_trainer["name"] = "main"
    job = objects(ranks_of("job"))["Job"]["spec"]
    assert [spec["template"] for spec in held] == [job["template"]] * 2
    assert [(spec["parallelism"], spec["backoffLimit"]) for spec in held] == [(4, 0)] * 2
    assert job_set["failurePolicy"]["maxRestarts"] == 3


def test_the_limit_of_ranks_can_not_change_so_another_one_makes_another_job(objects: Objects) -> None:
    names = {objects(RANKS | {"backoffLimit": limit})["Job"]["metadata"]["name"] for limit in (1, 2)}
    assert len(names) == 2


@pytest.mark.parametrize(
    ("communication", "told"),
    [
        ({}, "More pods cost more and need not train faster: measure a step on one pod"),
        (
            {"gradientMegabytes": 1000, "stepMilliseconds": 100, "networkGigabits": 10},
            "WARNING: 4 pods cost more and train no faster than one.\n"
            "By distributed.communication: 1000 MB of gradients a step, 100 ms a step on one pod, 10 Gbit/s.\n",
        ),
        (
            {"gradientMegabytes": 100, "stepMilliseconds": 400, "networkGigabits": 10},
            "WARNING: of what 4 pods cost, more than half goes into waiting for the network.\n",
        ),
        ({"gradientMegabytes": 25, "stepMilliseconds": 900, "networkGigabits": 10}, None),
    ],
    ids=["unknown", "no faster", "half", "worth it"],
)
def test_notes_warn_when_more_pods_would_cost_more_and_train_no_faster(
    communication: dict[str, int], told: str | None
) -> None:
    values = {"distributed": {"enabled": True, "nodes": 4, "communication": communication}}
    notes = GpuBatchJob.notes_for(values, release="train")
    assert (told or "4 pods train as one") in notes
    assert ("WARNING" in notes) == bool(told and "WARNING" in told)


def test_notes_name_the_object_that_holds_the_pods() -> None:
    notes = GpuBatchJob.notes_for(ranks_of("jobset"), release="train", namespace="soil")
    assert re.search("^The JobSet train-gpu-batch-job-[0-9a-f]{8} was made in the namespace soil.$", notes, re.M)
    first = "jobset-name=train-gpu-batch-job-[0-9a-f]{8},batch.kubernetes.io/job-completion-index=0 --namespace soil\n"
    assert re.search("kubectl logs --follow --tail=-1 --selector jobset.sigs.k8s.io/" + first, notes)


def test_spot_machines_with_gpus_are_asked_for_and_tolerated(objects: Objects) -> None:
    pod = pod_of(objects({"capacity": "spot"}))
    assert pod["nodeSelector"]["podzol.dev/capacity-type"] == "spot"
    assert "cloud.google.com/gke-spot" in [each["key"] for each in pod["tolerations"]]
