"""Defines: what `helm install` prints of training over several pods, and whether more of them are worth their price.
Does not define: what holds the pods (`ranks.py`).

The model is a ring all-reduce of the gradients that doesn't overlap with computing, at a fixed batch: with n pods a
step takes S/n to compute and 2(n-1)/n x gradient / bandwidth to add up. In the units of the values that is
16 M (n-1) / (n G) milliseconds. So n pods are faster than one only if S G > 16 M, whatever n is, and more than half of
what they cost is spent on waiting as soon as 16 M (n-1) > S G.
Source: Patarasuk and Yuan, Bandwidth optimal all-reduce algorithms, 2009, https://doi.org/10.1016/j.jpdc.2008.09.002
"""

from typing import Any

from podzol.template import all_of, not_, pick, to_str, when

FIRST = ",batch.kubernetes.io/job-completion-index=0"
"""Selects the first pod of an Indexed Job. Source:
https://kubernetes.io/docs/reference/labels-annotations-taints/#batch-kubernetes-io-job-completion-index, 2026-11-23."""


def rank_notes(v: Any) -> list[Any]:
    """The lines on ranks; the workload's other notes come before."""
    d = v.distributed
    model = d.communication
    known = all_of(model.gradient_megabytes > 0, model.step_milliseconds > 0, model.network_gigabits > 0)
    compute = model.step_milliseconds * model.network_gigabits
    first_pair, ring = model.gradient_megabytes * 16, model.gradient_megabytes * (d.nodes - 1) * 16
    reckoned = "distributed.communication: " + to_str(model.gradient_megabytes) + " MB of gradients a step, "
    reckoned = reckoned + to_str(model.step_milliseconds) + " ms a step on one pod, "
    reckoned = reckoned + to_str(model.network_gigabits) + " Gbit/s"
    lines = [
        "",
        to_str(d.nodes) + " pods train as one; a lost one makes all start again from the checkpoint.",
        "They may wait for each other with their GPUs idle: a queue of Kueue (queueName) starts all or none.",
        when(
            not_(known),
            [
                "More pods cost more and need not train faster: measure a step on one pod, and set",
                "distributed.communication to be told.",
            ],
        ),
        when(
            all_of(known, compute <= first_pair),
            ["WARNING: " + to_str(d.nodes) + " pods cost more and train no faster than one.", "By " + reckoned + "."],
        ),
        when(
            all_of(known, compute > first_pair, compute < ring),
            [
                "WARNING: of what " + to_str(d.nodes) + " pods cost, more than half goes into waiting for the network.",
                "By " + reckoned + ".",
                "Take fewer pods, a larger batch, or more GPUs in each.",
            ],
        ),
    ]
    return [when(d.enabled, lines)]


def set_notes(v: Any, release: Any, name: Any) -> list[Any]:
    """The lines on a JobSet or TrainJob, instead of those on a Job."""
    namespace = " --namespace " + release.namespace

    def called(job_set: str, train_job: str) -> Any:
        return pick(v.distributed.kind == "jobset", job_set, train_job)

    of_it = "jobset.sigs.k8s.io/jobset-name=" + name
    return [
        "The " + called("JobSet ", "TrainJob ") + name + " was made in the namespace " + release.namespace + ".",
        when(v.suspend, "It is suspended; let it run with: helm upgrade ... --set suspend=false"),
        when(v.queue_name, lambda queue: "It starts when Kueue's queue " + queue + " admits it."),
        "",
        "See its pods, and read what the first one says:",
        "  kubectl get pods --selector " + of_it + namespace,
        "  kubectl logs --follow --tail=-1 --selector " + of_it + FIRST + namespace,
        "If it doesn't start or fails, its events say why:",
        "  kubectl describe " + called("jobset/", "trainjob/") + name + namespace,
    ]
