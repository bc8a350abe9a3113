"""Defines: the CronJob that starts a Job again and again. Does not define: the Job (`job.py`).
Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/, 2026-11-23.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.template import when
from podzol.values import Cron, Seconds, TimeZone, Values

LONGEST_NAME = 49
"""Characters of a CronJob's name: the controller appends 11 to make a Job's name of at most 63, and an attempt of it
three more (-99)."""


class Schedule(Values):
    """When the Job runs again and again, as a CronJob."""

    enabled: bool = False
    """Whether it runs on a schedule instead of once."""
    cron: Cron = "0 5 * * *"
    """Minute, hour, day of the month, month, weekday (schedule)."""
    time_zone: TimeZone = "Etc/UTC"
    """Time zone of the schedule (timeZone)."""
    concurrency_policy: Literal["Forbid", "Allow", "Replace"] = "Forbid"
    """What happens if the run before still runs (concurrencyPolicy): Forbid skips, Replace stops the old one."""
    starting_deadline_seconds: Annotated[Seconds, Field(ge=10)] = 3600
    """Seconds after its time at which a missed run is given up (startingDeadlineSeconds). At least 10, as the
    controller looks every 10 s."""
    successful_jobs_history_limit: Annotated[int, Field(ge=0, le=100)] = 3
    """Finished runs that are kept, with their logs (successfulJobsHistoryLimit)."""
    failed_jobs_history_limit: Annotated[int, Field(ge=0, le=100)] = 3
    """Failed runs that are kept, with their logs (failedJobsHistoryLimit)."""
    suspend: bool = False
    """Whether the schedule is paused; a run that has started goes on (CronJob suspend)."""


def cron_job(v: Any, about: dict[str, Any], name: Any, job: dict[str, Any]) -> Any:
    """The CronJob, if the schedule is on.

    Args:
        v: the workload's values, with `schedule`.
        about: its metadata, but for the name.
        name: its name, from `cron_job_name`.
        job: metadata and spec of the Jobs that it starts (jobTemplate).
    """
    schedule = v.schedule
    return when(
        schedule.enabled,
        {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": {**about, "name": name},
            "spec": {
                "schedule": schedule.cron,
                "timeZone": schedule.time_zone,
                "concurrencyPolicy": schedule.concurrency_policy,
                "startingDeadlineSeconds": schedule.starting_deadline_seconds,
                "successfulJobsHistoryLimit": schedule.successful_jobs_history_limit,
                "failedJobsHistoryLimit": schedule.failed_jobs_history_limit,
                "suspend": when(schedule.suspend, True),
                "jobTemplate": job,
            },
        },
    )
