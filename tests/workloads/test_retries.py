"""Retries that know why: what a ladder of memory and a choice of machines make of a batch job."""

import re
from typing import Any

from podzol.workloads import CpuBatchJob

LADDER = {"memoryLadder": ["32Gi", "64Gi"]}


def all_of_kind(values: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in CpuBatchJob.render(values, release="assembly", namespace="soil") if each["kind"] == kind]


def test_nothing_supervises_a_plain_job(by_kind: Any) -> None:
    objects = by_kind(CpuBatchJob.render({"capacity": "on-demand"}, release="assembly", namespace="soil"))
    assert objects.keys() == {"Job", "ServiceAccount"}
    selector = objects["Job"]["spec"]["template"]["spec"]["nodeSelector"]
    assert selector == {"podzol.dev/pool": "cpu-pool", "podzol.dev/capacity-type": "on-demand"}


def test_a_ladder_makes_the_job_a_supervisor_and_its_template_a_suspended_cron_job() -> None:
    (job,), (template,) = all_of_kind(LADDER, "Job"), all_of_kind(LADDER, "CronJob")
    assert job["spec"]["template"]["spec"]["containers"][0]["name"] == "supervisor"
    assert template["spec"]["suspend"] is True
    attempt = template["spec"]["jobTemplate"]["spec"]
    assert attempt["template"]["spec"]["containers"][0]["name"] == "main"
    assert [rule["action"] for rule in attempt["podFailurePolicy"]["rules"]] == ["Ignore", "FailJob", "FailJob"]
    assert attempt["podFailurePolicy"]["rules"][1]["onExitCodes"]["values"] == [137]


def test_only_the_supervisor_has_a_token_and_it_may_make_jobs_and_look() -> None:
    (job,), (template,) = all_of_kind(LADDER, "Job"), all_of_kind(LADDER, "CronJob")
    pods = [job["spec"]["template"]["spec"], template["spec"]["jobTemplate"]["spec"]["template"]["spec"]]
    assert [pod["automountServiceAccountToken"] for pod in pods] == [True, False]
    assert pods[0]["serviceAccountName"] != pods[1]["serviceAccountName"]
    (role,) = all_of_kind(LADDER, "Role")
    assert role["rules"] == [
        {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get", "create"]},
        {
            "apiGroups": ["batch"],
            "resources": ["cronjobs"],
            "resourceNames": [template["metadata"]["name"]],
            "verbs": ["get"],
        },
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
    ]


def test_a_queue_admits_the_attempts_and_not_the_supervisor() -> None:
    queued = LADDER | {"queueName": "soil"}
    (job,), (template,) = all_of_kind(queued, "Job"), all_of_kind(queued, "CronJob")
    assert "kueue.x-k8s.io/queue-name" not in job["metadata"]["labels"]
    assert template["spec"]["jobTemplate"]["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] == "soil"


def test_each_run_of_a_schedule_has_a_supervisor() -> None:
    cron_jobs = {
        each["spec"]["schedule"]: each for each in all_of_kind(LADDER | {"schedule": {"enabled": True}}, "CronJob")
    }
    run = cron_jobs["0 5 * * *"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    assert run["name"] == "supervisor"
    assert len(cron_jobs) == 2


def test_notes_of_a_ladder_tell_where_the_attempts_are() -> None:
    notes = CpuBatchJob.notes_for(LADDER, release="assembly", namespace="soil")
    assert re.search("kubectl logs --follow job/assembly-cpu-batch-job-[0-9a-f]{8}-1 --namespace soil\n", notes)
