"""The supervisor's program: why an attempt ended, which one follows, and what is asked of the API; here a fake one."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from podzol.kubernetes import retries, supervisor
from podzol.kubernetes.accelerators import CAPACITY_TYPE, POOL
from podzol.kubernetes.container import MAIN
from podzol.kubernetes.supervisor import (
    COMPLETE,
    FAILED,
    INTERRUPTED,
    KILLED,
    OUT_OF_MEMORY,
    RUNNING,
    Api,
    Attempt,
    Plan,
    following,
    latest,
    step,
    verdict,
)
from podzol.workloads import CpuBatchJob

PLAN = Plan("run", "template", ("32Gi", "64Gi"), interruption_limit=2, on_demand_pool="big-pool")
LOST = "Pod soil/run-1-x has condition DisruptionTarget matching FailJob rule at index 0"
SHOT = "Container main for pod soil/run-1-x failed with exit code 137 matching FailJob rule at index 1"
FATAL = "Container main for pod soil/run-1-x failed with exit code 42 matching FailJob rule at index 2"


def job(kind: str = "", reason: str = "", message: str = "", **spec: Any) -> dict[str, Any]:
    conditions = [{"type": kind, "status": "True", "reason": reason, "message": message}] if kind else []
    return {"spec": {"backoffLimit": 3} | spec, "status": {"conditions": conditions}}


def pod(reason: str) -> dict[str, Any]:
    return {"status": {"containerStatuses": [{"state": {"terminated": {"exitCode": 137, "reason": reason}}}]}}


@pytest.mark.parametrize(
    ("attempt", "of_pod", "why"),
    [
        (job(), None, RUNNING),
        (job("SuccessCriteriaMet"), None, RUNNING),
        (job("FailureTarget", "PodFailurePolicy", SHOT), None, RUNNING),
        (job("Complete"), None, COMPLETE),
        (job("Failed", "PodFailurePolicy", LOST), None, INTERRUPTED),
        (job("Failed", "PodFailurePolicy", SHOT), pod("OOMKilled"), OUT_OF_MEMORY),
        (job("Failed", "PodFailurePolicy", SHOT), pod("Error"), KILLED),
        (job("Failed", "PodFailurePolicy", SHOT), None, KILLED),
        (job("Failed", "PodFailurePolicy", FATAL), None, FAILED),
        (job("Failed", "BackoffLimitExceeded"), None, FAILED),
        (job("Failed", "DeadlineExceeded"), None, FAILED),
    ],
)
def test_knows_why_an_attempt_ended(attempt: dict[str, Any], of_pod: dict[str, Any] | None, why: str) -> None:
    assert verdict(attempt, of_pod) == why


def test_a_kill_for_memory_climbs_one_rung_up_to_the_last() -> None:
    second = following(Attempt(), OUT_OF_MEMORY, PLAN, 3)
    assert second == Attempt(2, rung=1, why="out of memory with 32Gi, now 64Gi")
    assert following(second, OUT_OF_MEMORY, PLAN, 3) is None


def test_interruptions_climb_nothing_and_lead_to_on_demand_machines() -> None:
    second = following(Attempt(rung=1), INTERRUPTED, PLAN, 3)
    assert second is not None
    third = following(second, INTERRUPTED, PLAN, 3)
    assert third is not None
    assert [each.memory(PLAN) for each in (second, third)] == ["64Gi", "64Gi"]
    assert [each.capacity_type(PLAN) for each in (second, third)] == ["spot", "on-demand"]


def test_other_kills_are_tried_again_as_often_as_the_job_may_fail() -> None:
    second = following(Attempt(), KILLED, PLAN, 1)
    assert second == Attempt(2, kills=1, why="killed, but not seen to be for its memory")
    assert following(second, KILLED, PLAN, 1) is None


def test_a_failed_job_is_the_end() -> None:
    assert following(Attempt(), FAILED, PLAN, 3) is None


# ---------------------------------------------------------------- the Jobs it makes


class FakeApi:
    """Keeps Jobs in memory."""

    def __init__(self) -> None:
        values = {"capacity": "spot-then-on-demand", "memoryLadder": ["32Gi", "64Gi"], "ttlSecondsAfterFinished": 9}
        objects = CpuBatchJob.render(values, release="run", namespace="soil")
        self.template = next(each for each in objects if each["kind"] == "CronJob")
        self.jobs: dict[str, Any] = {"run": {"metadata": {"name": "run", "uid": "1234"}}}

    def get(self, kind: str, name: str) -> Any:
        if kind == "cronjobs":
            return self.template
        return self.jobs.get(name) if kind == "jobs" else pod("OOMKilled")

    def create(self, kind: str, body: dict[str, Any]) -> Any:
        self.jobs[body["metadata"]["name"]] = body
        return body

    def end(self, name: str, *condition: str) -> None:
        self.jobs[name]["status"] = job(*condition)["status"]


def test_makes_the_jobs_of_a_run_from_first_to_last(capsys: pytest.CaptureFixture[str]) -> None:
    api, attempt = FakeApi(), Attempt()
    for ended in (("PodFailurePolicy", SHOT), ("PodFailurePolicy", LOST), ("PodFailurePolicy", LOST)):
        attempt, code = step(api, PLAN, attempt)
        assert code is None
        api.end(f"run-{attempt.number}", "Failed", *ended)
        attempt, code = step(api, PLAN, latest(api, PLAN))
        assert code is None
    step(api, PLAN, attempt)
    api.end("run-4", "Complete")
    assert step(api, PLAN, latest(api, PLAN))[1] == 0
    made = [api.jobs[f"run-{number}"] for number in (1, 2, 3, 4)]
    pods = [each["spec"]["template"]["spec"] for each in made]
    assert [each["containers"][0]["resources"]["limits"]["memory"] for each in pods] == ["32Gi", "64Gi", "64Gi", "64Gi"]
    assert [each["nodeSelector"] for each in pods] == [
        *[{POOL: "cpu-pool", CAPACITY_TYPE: "spot"}] * 3,
        {POOL: "big-pool", CAPACITY_TYPE: "on-demand"},
    ]
    actions = [each["spec"]["podFailurePolicy"]["rules"][0]["action"] for each in made]
    assert actions == ["FailJob", "FailJob", "FailJob", "Ignore"]
    assert all("ttlSecondsAfterFinished" not in each["spec"] for each in made)
    assert all(each["metadata"]["ownerReferences"][0]["uid"] == "1234" for each in made)
    assert capsys.readouterr().out.splitlines()[-1] == "supervisor: job run-4 is complete"


def test_ends_when_the_release_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    api = FakeApi()
    api.jobs = {}
    assert step(api, PLAN, Attempt())[1] == 42
    told = "supervisor: cronjob template or job run is gone: the release was changed or uninstalled\n"
    assert capsys.readouterr().out == told


def test_tells_why_a_run_has_failed(capsys: pytest.CaptureFixture[str]) -> None:
    api = FakeApi()
    attempt, _ = step(api, PLAN, Attempt())
    api.end("run-1", "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
    assert step(api, PLAN, attempt)[1] == 42
    told = "supervisor: job run-1 has failed for good, failed: BackoffLimitExceeded: "
    assert capsys.readouterr().out.splitlines()[-1] == told + "Job has reached the specified backoff limit"


def test_checks_the_servers_certificate_but_not_the_form_of_a_clouds_own_authority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = ssl.create_default_context()
    strict.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 has it
    monkeypatch.setattr(ssl, "create_default_context", lambda cafile: strict)
    tls = Api("https://127.0.0.1", "soil", tmp_path / "token", tmp_path / "ca.crt").tls
    assert (tls.verify_mode, tls.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert not tls.verify_flags & ssl.VERIFY_X509_STRICT


def test_program_and_helm_chart_use_the_same_words() -> None:
    """The program imports nothing of Podzol, so it says these again."""
    assert (supervisor.POOL, supervisor.CAPACITY_TYPE, supervisor.MAIN) == (POOL, CAPACITY_TYPE, MAIN)
    assert supervisor.FINAL == retries.FINAL
