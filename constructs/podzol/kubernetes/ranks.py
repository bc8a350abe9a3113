"""Defines: what holds several pods that train as one: a plain Indexed Job, a JobSet, or a TrainJob of Kubeflow Trainer.
Does not define: the pod itself (`job.py`), nor the values (`distributed.py`).

Trainer refuses a TrainJob whose runtime isn't there yet: the two are a list, which is applied in its order.

Sources, read on 2026-11-23: https://github.com/kubernetes-sigs/jobset at v0.12.0 and
https://github.com/kubeflow/trainer at v2.3.0, their CRDs and webhooks.
"""

from typing import Any

from podzol.kubernetes.container import MAIN
from podzol.kubernetes.labels import metadata, object_name, selector_labels
from podzol.kubernetes.rank_environment import SUFFIX
from podzol.template import all_of, not_, pick, when

NODE = "node"
"""Name of the JobSet's one group of pods, and of the container in them where Trainer asks for it: its own word."""
TRAINER = "trainer.kubeflow.org/v1alpha1"
TRAINER_STEP = {"trainer.kubeflow.org/trainjob-ancestor-step": "trainer"}
"""Label by which Trainer knows the pods that train."""


def container_name(d: Any) -> Any:
    """Trainer refuses a runtime whose container that trains is called otherwise."""
    return pick(all_of(d.enabled, d.kind == "trainjob"), NODE, MAIN)


def rank_counts(v: Any) -> dict[str, Any]:
    """How many pods a Job of ranks has, and how often it may fail.

    In a plain Job every rank may fail `backoffLimit` times: when one is lost the others end with an error too, and all
    are replaced. In a JobSet the first failure ends the Job, and the JobSet decides.
    """
    d = v.distributed
    in_set = d.kind != "job"
    return {
        "parallelism": d.nodes,
        "completions": d.nodes,
        "completionMode": "Indexed",
        "backoffLimit": when(in_set, 0),
        "backoffLimitPerIndex": when(not_(in_set), v.backoff_limit),
        "maxFailedIndexes": when(not_(in_set), 0),
    }


def rank_manifests(v: Any, release: Any, name: Any, about: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """What distributed training has besides, or instead of, the Job.

    Args:
        v: the workload's values, with `distributed`.
        release: the release.
        name: name of the object that holds the pods, with the hash of what runs.
        about: its metadata, but for the name.
        spec: the spec of the Job in a JobSet.
    """
    d = v.distributed
    about = {**about, "name": name}
    in_order = [training_runtime(v, release, name, spec), train_job(v, about, name)]
    return {
        "ranks-service": when(all_of(d.enabled, d.kind == "job"), ranks_service(v, release)),
        "ranks-networkpolicy": when(d.enabled, ranks_network_policy(v, release)),
        "jobset": when(all_of(d.enabled, d.kind == "jobset"), job_set(v, release, about, spec)),
        "trainjob": when(all_of(d.enabled, d.kind == "trainjob"), in_order),
    }


def ranks_service(v: Any, release: Any) -> dict[str, Any]:
    """The headless Service of a plain Job, by which the pods have host names; a JobSet makes its own."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(v, release, SUFFIX),
        "spec": {"clusterIP": "None", "publishNotReadyAddresses": True, "selector": selector_labels(release)},
    }


def ranks_network_policy(v: Any, release: Any) -> dict[str, Any]:
    """The pods may connect to each other, and nobody else to them."""
    mine = {"podSelector": {"matchLabels": selector_labels(release)}}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(v, release, SUFFIX),
        "spec": {**mine, "policyTypes": ["Ingress"], "ingress": [{"from": [mine]}]},
    }


def job_set(v: Any, release: Any, about: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """The JobSet."""
    return {
        "apiVersion": "jobset.x-k8s.io/v1alpha2",
        "kind": "JobSet",
        "metadata": about,
        "spec": {
            "suspend": when(v.suspend, True),
            "ttlSecondsAfterFinished": v.ttl_seconds_after_finished,
            **job_set_spec(v, release, spec, {}),
        },
    }


def training_runtime(v: Any, release: Any, name: Any, spec: dict[str, Any]) -> dict[str, Any]:
    """The TrainingRuntime, which says what a node is: a JobSet without a number."""
    return {
        "apiVersion": TRAINER,
        "kind": "TrainingRuntime",
        "metadata": {**metadata(v, release), "name": name},
        "spec": {
            "mlPolicy": {"numNodes": v.distributed.nodes},
            "template": {"spec": job_set_spec(v, release, spec, TRAINER_STEP)},
        },
    }


def train_job(v: Any, about: dict[str, Any], name: Any) -> dict[str, Any]:
    """The TrainJob, which says how many nodes there are."""
    return {
        "apiVersion": TRAINER,
        "kind": "TrainJob",
        "metadata": about,
        "spec": {
            "suspend": when(v.suspend, True),
            "runtimeRef": {"apiGroup": "trainer.kubeflow.org", "kind": "TrainingRuntime", "name": name},
            "trainer": {"numNodes": v.distributed.nodes},
        },
    }


def job_set_spec(v: Any, release: Any, spec: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    """One group of pods; when one is lost all start again, and only a failure counts. Rules are tried in order."""
    about = {"metadata": {"labels": labels}} if labels else {}
    reasons = {"onJobFailureReasons": ["PodFailurePolicy"]}
    disruption = {**reasons, "onJobFailureMessagePatterns": ["has condition DisruptionTarget"]}
    return {
        "network": {
            "enableDNSHostnames": True,
            "subdomain": object_name(release, SUFFIX),
            "publishNotReadyAddresses": True,
        },
        "failurePolicy": {
            "maxRestarts": v.backoff_limit,
            "rules": [
                {"name": "machineLost", "action": "RestartJobSetAndIgnoreMaxRestarts", **disruption},
                {"name": "fatalExitCode", "action": "FailJobSet", **reasons},
                {"name": "deadline", "action": "FailJobSet", "onJobFailureReasons": ["DeadlineExceeded"]},
            ],
        },
        "replicatedJobs": [{"name": NODE, "replicas": 1, "template": {**about, "spec": spec}}],
    }
