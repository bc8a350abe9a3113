"""Defines: what `helm install` prints for a Job: how to wait for it, read it, and what its values leave open. Does not
define: the Job (`job.py`)."""

from typing import Any

from podzol.kubernetes.job_name import cron_job_name, job_name
from podzol.kubernetes.job_values import SPOT_GRACE_SECONDS, JobValues
from podzol.kubernetes.retries import supervised
from podzol.template import not_, to_str, when


def job_notes(v: JobValues, release: Any, model: type[JobValues]) -> list[Any]:
    """The lines of NOTES.txt."""
    namespace = " --namespace " + release.namespace
    return [
        when(v.schedule.enabled, on_schedule(v, release, namespace), once(v, release, namespace, model)),
        when(
            not_(v.checkpoint.enabled),
            [
                "",
                "It keeps no checkpoints: a pod that loses its machine starts from the beginning.",
                "Set checkpoint.enabled and checkpoint.claim, and let the program write to $PODZOL_CHECKPOINT_DIR.",
            ],
        ),
        when(
            v.termination_grace_period_seconds > SPOT_GRACE_SECONDS,
            [
                "",
                "terminationGracePeriodSeconds is "
                + to_str(v.termination_grace_period_seconds)
                + ": on a spot machine GKE kills the pod after 15 seconds, EKS after 120.",
            ],
        ),
    ]


def once(v: JobValues, release: Any, namespace: str, model: type[JobValues]) -> list[Any]:
    """Of a Job that runs once."""
    job = "job/" + job_name(v, release, model) + namespace
    return [
        "The Job " + job_name(v, release, model) + " was made in the namespace " + release.namespace + ".",
        when(v.suspend, "It is suspended; let it run with: helm upgrade ... --set suspend=false"),
        when(v.queue_name, lambda queue: "It starts when Kueue's queue " + queue + " admits it."),
        "",
        "Wait until it is done, and read what it says:",
        "  kubectl wait --for=condition=complete --timeout=1h " + job,
        "  kubectl logs --follow " + job,
        when(
            supervised(v),
            [
                "Its pod only supervises. What runs are attempts, Jobs of the same name with a number:",
                "  kubectl logs --follow job/" + job_name(v, release, model) + "-1" + namespace,
            ],
        ),
        "If it doesn't start or fails, its events say why:",
        "  kubectl describe " + job,
    ]


def on_schedule(v: JobValues, release: Any, namespace: str) -> list[Any]:
    """Of a Job that runs again and again."""
    name = cron_job_name(release)
    return [
        "The CronJob " + name + " runs at " + v.schedule.cron + ", " + v.schedule.time_zone + ".",
        when(v.schedule.suspend, "It is suspended; let it run with: helm upgrade ... --set schedule.suspend=false"),
        "",
        "See its runs, start one now, and read what it says:",
        "  kubectl get jobs --selector app.kubernetes.io/instance=" + release.name + namespace,
        "  kubectl create job " + name + "-now --from=cronjob/" + name + namespace,
        "  kubectl logs --follow job/" + name + "-now" + namespace,
    ]
