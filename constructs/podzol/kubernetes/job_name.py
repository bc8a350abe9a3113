"""Defines: the names of Jobs and CronJobs. A Job's says what it runs, for that can't change.

Source: what of a Job can't change, ValidateJobSpecUpdate in
https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/batch/validation/validation.go, read on 2026-11-23.
"""

from collections.abc import Iterator
from typing import Any

from podzol.kubernetes.job_values import JobValues
from podzol.kubernetes.retries import SHAPE as SUPERVISOR_SHAPE
from podzol.kubernetes.retries import supervised
from podzol.kubernetes.schedule import LONGEST_NAME as LONGEST_CRON_JOB_NAME
from podzol.kubernetes.start_together import what_awaits
from podzol.template import named, pick, replace, sha256_of, to_str, trim_suffix, trunc
from podzol.values import Values

LONGEST_JOB_NAME = 51
"""Characters of a Job's name: 63 for a host name, less the number of an attempt (-99), the index of an Indexed Job's
pod (-99999) and some."""
HASH_LENGTH = 8
SHAPE = "2"
"""Raise it with any change to the pod template of all Jobs: then an upgrade makes a new Job instead of failing."""
CHANGES_IN_PLACE = frozenset(
    {
        "annotations",
        "backoff_limit",
        "fullname_override",
        "labels",
        "max_failed_indexes",
        "name_override",
        "parallelism",
        "queue_name",
        "schedule",
        "suspend",
        "ttl_seconds_after_finished",
    }
)
"""Values that Kubernetes lets change on a Job that exists, and those that are in its name already. The deadline isn't
among them: it stands in an annotation of the pod."""
YOUNGER = frozenset({"start_together"})
"""Sections that came when Jobs had their names already: they are in a name where they are used (`job_name`)."""


def job_name(v: JobValues, release: Any, model: type[JobValues]) -> Any:
    """The full name and a hash of what runs.

    A Job's pod template can't change, so another image makes another Job and `helm upgrade` replaces the old one. A new
    field of the values would do so too, for every Job there is: tests/charts/test_released.py tells.
    """
    supervisor = pick(supervised(v), SUPERVISOR_SHAPE, "")
    what_runs = [SHAPE, supervisor, release.fullname, *leaves(v, model, leave_out=CHANGES_IN_PLACE)]
    if "distributed" in model.model_fields:  # the limit of an index, or of a JobSet, can't change
        values: Any = v
        ranks = to_str(v.backoff_limit) + what_awaits(values.distributed)
        what_runs.append(pick(values.distributed.enabled, ranks, ""))
    name = job_label(release, LONGEST_JOB_NAME - HASH_LENGTH - 1) + "-" + short_hash(what_runs)
    return named("jobName", name, "The Job's name: it ends in a hash of what runs, which can't change.")


def short_hash(value: Any) -> Any:
    return trunc(sha256_of(value), HASH_LENGTH)


def leaves(section: Any, model: type[Values], leave_out: frozenset[str] = frozenset()) -> Iterator[Any]:
    """The values of a section and of the sections in it; a section that may be null counts as one value."""
    for name, field in model.model_fields.items():
        if name in leave_out:
            continue
        inner, held = field.annotation, getattr(section, name)
        if isinstance(inner, type) and issubclass(inner, Values):
            yield from leaves(held, inner, YOUNGER)
        else:
            yield held


def cron_job_name(release: Any) -> Any:
    """The full name, which a CronJob keeps; one that is too long is cut and told apart by a hash."""
    short = job_label(release, LONGEST_CRON_JOB_NAME)
    told_apart = job_label(release, LONGEST_CRON_JOB_NAME - HASH_LENGTH - 1) + "-" + short_hash(release.fullname)
    name = pick(short == release.fullname, short, told_apart)
    return named("cronJobName", name, "The CronJob's name, at most 52 characters.")


def job_label(release: Any, length: int) -> Any:
    """The full name as a DNS label: an Indexed Job's name becomes a host name, which holds no dots."""
    return trim_suffix(trunc(replace(release.fullname, ".", "-"), length), "-")
