"""CpuBatchJob, and with it all that the batch jobs share: one claim a test; whole manifests in snapshots/."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from podzol.kubernetes.job_name import SHAPE
from podzol.workloads import CpuBatchJob

Objects = Callable[..., dict[str, dict[str, Any]]]

EXAMPLES = {example.name: example for example in CpuBatchJob.examples()}
SCHEDULE = {"schedule": {"enabled": True}}
INDEXED = {"completionMode": "Indexed", "completions": 8}


@pytest.fixture
def objects(by_kind: Any) -> Objects:
    """The objects by kind, for values and a release."""

    def render(values: Any = None, release: str = "assembly", namespace: str = "soil") -> dict[str, dict[str, Any]]:
        return by_kind(CpuBatchJob.render(values, release=release, namespace=namespace))

    return render


@pytest.fixture
def name_of(objects: Objects) -> Callable[..., str]:
    """The Job's name, for values and a release."""
    return lambda values=None, **where: objects(values, **where)["Job"]["metadata"]["name"]


def template_of(objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return objects["Job"]["spec"]["template"]


def container_of(objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return template_of(objects)["spec"]["containers"][0]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=lambda example: example.name)
def test_example_stays_the_same(example: Any, manifest_file: Any) -> None:
    assert CpuBatchJob.render(example.values, release="assembly", namespace="soil") == manifest_file


def test_examples_have_titles() -> None:
    assert len(EXAMPLES) >= 3
    assert all(re.match("[A-Z]", example.title) for example in EXAMPLES.values())


# ---------------------------------------------------------------- the machine


def test_lands_on_the_cpu_pool_and_tolerates_spot_machines(objects: Objects) -> None:
    pod = template_of(objects())["spec"]
    assert pod["nodeSelector"] == {"podzol.dev/pool": "cpu-pool"}
    assert pod["tolerations"] == [
        {"key": "cloud.google.com/gke-spot", "operator": "Equal", "value": "true", "effect": "NoSchedule"}
    ]


def test_default_program_trains_for_a_minute(objects: Objects) -> None:
    container = container_of(objects())
    assert container["image"] == "docker.io/library/busybox:1.37.0"
    assert container["args"] == ["echo 'Training...'\nsleep 60\necho 'Training complete!'\n"]


def test_pod_satisfies_the_restricted_level(objects: Objects) -> None:
    pod, container = template_of(objects())["spec"], container_of(objects())
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }


def test_assembly_has_scratch_space_reads_and_checkpoints(objects: Objects) -> None:
    found = objects(EXAMPLES["metagenome-assembly"].values)
    assert template_of(found)["spec"]["volumes"] == [
        {"name": "checkpoints", "persistentVolumeClaim": {"claimName": "assembly"}},
        {"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}},
        {"name": "dataset-reads", "persistentVolumeClaim": {"claimName": "soil-reads", "readOnly": True}},
        {"name": "scratch-scratch", "emptyDir": {"sizeLimit": "200Gi"}},
    ]


def test_bucket_without_a_claim_is_mounted_by_gkes_sidecar(objects: Objects) -> None:
    values = {
        "datasets": [{"gcsBucket": "soil-reads", "path": "/reads", "readOnly": True}],
        "gcsFuse": {"enabled": True, "memory": "1Gi"},
    }
    template = template_of(objects(values))
    annotations = template["metadata"]["annotations"]
    assert {key: text for key, text in annotations.items() if key.startswith("gke-gcsfuse/")} == {
        "gke-gcsfuse/volumes": "true",
        "gke-gcsfuse/memory-request": "1Gi",
        "gke-gcsfuse/memory-limit": "1Gi",
    }
    assert {
        "name": "dataset-reads",
        "csi": {
            "driver": "gcsfuse.csi.storage.gke.io",
            "readOnly": True,
            "volumeAttributes": {"bucketName": "soil-reads", "mountOptions": "implicit-dirs"},
        },
    } in template["spec"]["volumes"]


# ---------------------------------------------------------------- retries


def test_disruption_never_counts_and_a_fatal_exit_code_fails_at_once(objects: Objects) -> None:
    spec = objects({"fatalExitCodes": [42, 2]})["Job"]["spec"]
    assert spec["podFailurePolicy"]["rules"] == [
        {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
        {
            "action": "FailJob",
            "onExitCodes": {"containerName": "main", "operator": "In", "values": [42]},
            "onPodConditions": [],
        },
        {
            "action": "FailJob",
            "onExitCodes": {"containerName": "main", "operator": "In", "values": [2]},
            "onPodConditions": [],
        },
    ]
    assert template_of(objects())["spec"]["restartPolicy"] == "Never"
    assert spec["podReplacementPolicy"] == "Failed"


def test_zero_retries_are_kept(objects: Objects) -> None:
    assert objects({"backoffLimit": 0})["Job"]["spec"]["backoffLimit"] == 0


def test_limit_per_index_replaces_the_limit_of_all(objects: Objects) -> None:
    spec = objects(INDEXED | {"backoffLimitPerIndex": 0})["Job"]["spec"]
    assert spec["backoffLimitPerIndex"] == 0
    assert "backoffLimit" not in spec


def test_work_queue_has_no_completions(objects: Objects) -> None:
    spec = objects({"parallelism": 4, "completions": None})["Job"]["spec"]
    assert spec["parallelism"] == 4
    assert "completions" not in spec


# ---------------------------------------------------------------- eviction and end


def test_autoscalers_leave_the_machine_alone(objects: Objects) -> None:
    assert template_of(objects())["metadata"]["annotations"] == {
        "karpenter.sh/do-not-disrupt": "true",
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    }


def test_protection_ends_with_the_deadline(objects: Objects) -> None:
    found = objects({"activeDeadlineSeconds": 1_000_000})
    assert template_of(found)["metadata"]["annotations"]["karpenter.sh/do-not-disrupt"] == "1000000s"
    assert found["Job"]["spec"]["activeDeadlineSeconds"] == 1_000_000


def test_protection_can_be_given_up(objects: Objects) -> None:
    assert "annotations" not in template_of(objects({"doNotDisrupt": False}))["metadata"]


def test_grace_suits_the_spot_notice_of_gke(objects: Objects) -> None:
    assert template_of(objects())["spec"]["terminationGracePeriodSeconds"] == 15


def test_finished_job_is_kept_unless_it_has_a_ttl(objects: Objects) -> None:
    assert "ttlSecondsAfterFinished" not in objects()["Job"]["spec"]
    assert objects({"ttlSecondsAfterFinished": 0})["Job"]["spec"]["ttlSecondsAfterFinished"] == 0


def test_suspend_is_left_to_kueue_unless_it_is_set(objects: Objects) -> None:
    assert "suspend" not in objects({"queueName": "soil"})["Job"]["spec"]
    assert objects({"suspend": True})["Job"]["spec"]["suspend"] is True


# ---------------------------------------------------------------- checkpoints


def test_checkpoints_live_on_a_claim_whose_path_the_program_is_told(objects: Objects) -> None:
    found = objects({"checkpoint": {"enabled": True, "claim": "models", "path": "/models", "subPath": "sgd"}})
    container = container_of(found)
    assert container["env"] == [{"name": "PODZOL_CHECKPOINT_DIR", "value": "/models"}]
    assert {"name": "checkpoints", "mountPath": "/models", "subPath": "sgd"} in container["volumeMounts"]


def test_checkpoints_live_on_a_dataset_of_the_same_release(objects: Objects) -> None:
    found = objects({"checkpoint": {"enabled": True, "dataset": "models"}})
    volume = template_of(found)["spec"]["volumes"][0]
    assert volume == {"name": "checkpoints", "persistentVolumeClaim": {"claimName": "assembly-models"}}


# ---------------------------------------------------------------- schedule


def test_schedule_makes_a_cron_job_without_overlap_and_with_short_histories(objects: Objects) -> None:
    found = objects(SCHEDULE)
    assert "Job" not in found
    cron_job = found["CronJob"]
    assert {key: value for key, value in cron_job["spec"].items() if key != "jobTemplate"} == {
        "schedule": "0 5 * * *",
        "timeZone": "Etc/UTC",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 3600,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 3,
    }


def test_cron_job_starts_the_same_job(objects: Objects) -> None:
    assert objects(SCHEDULE)["CronJob"]["spec"]["jobTemplate"]["spec"] == objects()["Job"]["spec"]


def test_queue_label_stands_on_the_jobs_of_a_cron_job(objects: Objects) -> None:
    cron_job = objects(SCHEDULE | {"queueName": "soil"})["CronJob"]
    assert cron_job["spec"]["jobTemplate"]["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] == "soil"
    assert "kueue.x-k8s.io/queue-name" not in cron_job["metadata"]["labels"]


def test_every_two_minutes_never_two_runs_at_once(objects: Objects) -> None:
    spec = objects(EXAMPLES["every-two-minutes"].values)["CronJob"]["spec"]
    assert (spec["schedule"], spec["concurrencyPolicy"]) == ("*/2 * * * *", "Forbid")
    assert (spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]) == (3, 1)
    assert spec["startingDeadlineSeconds"] == 60


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    "changed",
    [
        {"image": {"tag": "1.37.1"}},
        {"args": ["true"]},
        {"env": {"SEED": "2"}},
        {"config": {"settings.toml": "a = 1"}},
        {"resources": {"requests": {"cpu": "2"}}},
        {"datasets": [{"claim": "reads", "path": "/reads"}]},
        {"podAnnotations": {"a": "b"}},
        {"pool": None},
        {"completions": 2},
        {"fatalExitCodes": []},
        {"activeDeadlineSeconds": 60},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_kubernetes_cannot_change_makes_another_job(changed: dict[str, Any], name_of: Any) -> None:
    assert name_of(changed) != name_of()


@pytest.mark.parametrize(
    "changed",
    [
        {"parallelism": 2, "completions": 8},
        {"backoffLimit": 9, "completions": 8},
        {"suspend": True, "completions": 8},
        {"ttlSecondsAfterFinished": 60, "completions": 8},
        {"queueName": "soil", "completions": 8},
        {"labels": {"team": "soil"}, "completions": 8},
        {"annotations": {"team": "soil"}, "completions": 8},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_kubernetes_changes_in_place_keeps_the_job(changed: dict[str, Any], name_of: Any) -> None:
    assert name_of(changed) == name_of({"completions": 8})


def test_job_has_the_same_name_each_time(name_of: Any) -> None:
    assert re.fullmatch("assembly-cpu-batch-job-[0-9a-f]{8}", name_of())
    assert name_of() == name_of()


def test_names_leave_room_for_what_the_controllers_append(objects: Objects) -> None:
    longest = "r" * 53
    assert len(objects(release=longest)["Job"]["metadata"]["name"]) <= 54
    assert len(objects(SCHEDULE, release=longest)["CronJob"]["metadata"]["name"]) <= 49


def test_cut_names_stay_apart(objects: Objects) -> None:
    releases = ["soil-" + "x" * 46 + end for end in ("-a", "-b")]
    for kind, values in (("Job", {}), ("CronJob", SCHEDULE)):
        assert len({objects(values, release=release)[kind]["metadata"]["name"] for release in releases}) == 2


def test_release_with_a_dot_gives_a_host_name(objects: Objects) -> None:
    for kind, values in (("Job", INDEXED), ("CronJob", SCHEDULE)):
        name = objects(values, release="soil.v2")[kind]["metadata"]["name"]
        assert re.fullmatch("soil-v2-cpu-batch-job-[0-9a-f]{8}", name)


def test_shape_is_raised_when_the_pod_template_of_all_jobs_changes(objects: Objects) -> None:
    """If this fails you have changed what every Job runs: raise SHAPE in kubernetes/job_name.py, then the digest here.

    A Job's pod template can't change, so an upgrade with the same values must get another name.
    """
    values = {
        "config": {"settings.toml": "seed = 1"},
        "datasets": [{"claim": "reads", "path": "/reads", "readOnly": True}],
        "scratch": [{"path": "/scratch", "sizeLimit": "10Gi"}],
        "checkpoint": {"enabled": True, "claim": "models"},
    }
    text = json.dumps(template_of(objects(values)), sort_keys=True)
    assert (SHAPE, hashlib.sha256(text.encode()).hexdigest()[:16]) == ("2", "63386553cef97e8f")


# ---------------------------------------------------------------- notes


def test_notes_tell_how_to_wait_and_read(name_of: Any) -> None:
    notes = CpuBatchJob.notes_for(release="assembly", namespace="soil")
    assert f"kubectl wait --for=condition=complete --timeout=1h job/{name_of()} --namespace soil\n" in notes
    assert f"kubectl logs --follow job/{name_of()} --namespace soil\n" in notes
    assert "It keeps no checkpoints" in notes


def test_notes_of_a_schedule_tell_how_to_start_a_run_now() -> None:
    notes = CpuBatchJob.notes_for(SCHEDULE, release="assembly", namespace="soil")
    assert (
        "kubectl create job assembly-cpu-batch-job-now --from=cronjob/assembly-cpu-batch-job --namespace soil\n"
        in notes
    )


def test_notes_warn_of_a_grace_that_a_spot_machine_does_not_leave() -> None:
    notes = CpuBatchJob.notes_for({"terminationGracePeriodSeconds": 60}, release="assembly")
    assert (
        "terminationGracePeriodSeconds is 60: on a spot machine GKE kills the pod after 15 seconds, EKS after 120."
        in notes
    )
    assert "spot machine" not in CpuBatchJob.notes_for(release="assembly")
