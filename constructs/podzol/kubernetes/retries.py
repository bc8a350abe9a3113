"""Defines: retries that know why a run ended: a ladder of memory, and on-demand machines after interruptions on spot
ones; and the supervisor that makes the attempts. Does not define: what it does there (`supervisor.py`).

A Job's pod template can't change, so every attempt is a Job of its own. They are no objects of the release: a Job that
Helm or a GitOps tool owns would be suspended again at the next sync. The release holds the run's Job, whose one pod
supervises, and, as the attempts' template, a CronJob that is suspended for ever.

Source: https://kubernetes.io/docs/tasks/job/pod-failure-policy/, read on 2026-11-23.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from podzol.kubernetes.accelerators import CAPACITY_TYPE
from podzol.kubernetes.container import MAIN, Image, image_reference
from podzol.kubernetes.eviction import MAY_EVICT
from podzol.kubernetes.labels import COMPONENT, INSTANCE, metadata, object_name
from podzol.kubernetes.security import container_security_context, pod_security_context
from podzol.template import any_of, count, each, join, not_, or_else, pick, present, rising, rule, to_str, when
from podzol.values import DnsLabel, Values

SUFFIX = "-supervisor"
CONTAINER = "supervisor"
FOLDER = "/opt/podzol"
PROGRAM = Path(__file__).with_name("supervisor.py").read_text(encoding="utf-8")
SHAPE = "a2b9253dc29cd93d39e4dcd39d19b4620b9e1ed578fc1e5f3d2565cd3bc39d31"
"""Change it with any change to the template of the pod that supervises: an upgrade then makes a new Job, and so a new
run. Not with a change to the program, which lies in a ConfigMap: a run goes on, and its next pod has the new one, which
must read the old one's `Attempt`. Up to 0.2.0 this was the program's SHA-256."""
FINAL = 42
"""The program's exit code when the run has failed; any other is a fault that a new pod may mend."""
KILLED = 137
"""Exit code of a container that the kernel killed (128 + SIGKILL), for its memory as for any other reason."""
MEMORY_LADDER = "podzol.dev/memory-ladder"
"""Annotation of the attempts' template: the rungs, which `podzol fit` judges by the largest."""
NEVER = "0 0 1 1 *"
"""A CronJob must have a schedule, also one that is suspended for ever."""
NAME_OF_ITS_JOB = {"fieldRef": {"fieldPath": "metadata.labels['batch.kubernetes.io/job-name']"}}
"""Where an environment variable comes from (valueFrom) that tells a program the name of its pod's Job: from the label
that the Job controller puts on the pod. Source:
https://kubernetes.io/docs/reference/labels-annotations-taints/#batchkubernetesio-job-name, 2026-11-23."""


PYTHON = Image(repository="docker.io/library/python", tag="3.13.7-alpine3.22")
"""A small official image, for programs that need nothing but Python. Another default would start every run anew at an
upgrade: change it with SHAPE only.
That the tag is there, several public repositories say that pin it, all with the digest
sha256:9ba6d8cbebf0fb6546ae71f2a1c14f6ffd2fdab83af7fa5669734ef30ad48844; newer: 3.13.12-alpine3.23 (2026-11-23)."""


class Supervisor(Values):
    """The pod that makes one attempt after the other, when memoryLadder or capacity ask for it."""

    image: Image = PYTHON
    """Container image with Python 3.11 or newer; nothing else is needed of it."""
    interruption_limit: Annotated[int, Field(ge=1, le=100)] = 2
    """Interruptions on spot machines after which `capacity: spot-then-on-demand` takes on-demand ones."""
    on_demand_pool: DnsLabel | None = None
    """Node pool of those on-demand machines (label podzol.dev/pool). Unset: the same pool."""


def changes_capacity(v: Any) -> Any:
    return v.capacity == "spot-then-on-demand"


def supervised(v: Any) -> Any:
    """Whether the run is made of attempts."""
    return any_of(count(v.memory_ladder) > 0, changes_capacity(v))


def capacity_label(v: Any) -> dict[str, Any]:
    """What a node must have. With spot-then-on-demand the supervisor changes it for the attempts after the first."""
    return {CAPACITY_TYPE: when(v.capacity != "any", pick(changes_capacity(v), "spot", v.capacity))}


def out_of_memory_rule(v: Any) -> Any:
    """The rule of a podFailurePolicy by which a killed container ends its attempt. A disruption comes before it."""
    exit_codes = {"containerName": MAIN, "operator": "In", "values": [KILLED]}
    return when(v.memory_ladder, {"action": "FailJob", "onExitCodes": exit_codes, "onPodConditions": []})


def retry_rules(v: Any) -> Iterator[Any]:
    ladder = count(v.memory_ladder) > 0
    yield rule(
        rising(v.memory_ladder),
        at=v.memory_ladder,
        must="rise, each size above the one before",
        fix="begin with the smallest, and write each once",
    )
    yield rule(
        any_of(not_(ladder), not_(present(v.resources.limits.memory))),
        at=v.memory_ladder,
        must="be empty with resources.limits.memory, which it would overrule",
        fix="leave the limit unset",
    )
    # Parallelism is at most completions: one completion is one pod.
    yield rule(
        any_of(not_(ladder), or_else(v.completions, 0) == 1),
        at=v.memory_ladder,
        must="be empty unless completions is 1: the next attempt starts all pods again",
        fix="make a release for each piece of work",
    )
    yield rule(
        any_of(not_(changes_capacity(v)), or_else(v.completions, 0) == 1),
        at=v.capacity,
        must="be any, spot or on-demand unless completions is 1: the next attempt starts all pods again",
        fix="make a release for each piece of work",
    )
    yield when(
        v.supervisor.on_demand_pool,
        lambda pool: rule(
            changes_capacity(v),
            at=pool,
            must="be left unset unless capacity is spot-then-on-demand",
            fix="set capacity or remove it",
        ),
    )
    yield each(
        v.fatal_exit_codes,
        lambda code: rule(
            any_of(not_(ladder), code != KILLED),
            at=code,
            must=f"not be {KILLED} with memoryLadder, which climbs on it",
            fix="remove it",
        ),
    )
    yield each(
        v.node_selector,
        lambda key, value: rule(
            key != CAPACITY_TYPE, at=v.node_selector, must=f"not contain {CAPACITY_TYPE}", fix="set capacity instead"
        ),
    )


def supervisor_manifests(v: Any, release: Any, template_name: Any, job: dict[str, Any]) -> dict[str, Any]:
    """What a supervised run has besides its Job.

    Args:
        v: the workload's values.
        release: the release.
        template_name: name of the attempts' template.
        job: metadata and spec of an attempt (jobTemplate).
    """
    made = {
        "attempts": attempts_template(v, release, template_name, job),
        "supervisor-configmap": {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata(v, release, SUFFIX),
            "data": {"supervisor.py": PROGRAM},
        },
        **supervisor_access(v, release, template_name),
    }
    return {name: when(supervised(v), manifest) for name, manifest in made.items()}


def attempts_template(v: Any, release: Any, template_name: Any, job: dict[str, Any]) -> dict[str, Any]:
    """The CronJob that holds what an attempt is, and never runs."""
    rungs = {MEMORY_LADDER: when(v.memory_ladder, join(",", v.memory_ladder))}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {**metadata(v, release, annotations=rungs), "name": template_name},
        "spec": {"schedule": NEVER, "suspend": True, "jobTemplate": job},
    }


def supervisor_access(v: Any, release: Any, template_name: Any) -> dict[str, dict[str, Any]]:
    """What the supervisor may ask of the API: Jobs made and looked at, its template and pods looked at."""
    about, account = metadata(v, release, SUFFIX), object_name(release, SUFFIX)
    return {
        "supervisor-serviceaccount": {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": about,
            "automountServiceAccountToken": False,
        },
        "supervisor-role": {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "Role",
            "metadata": about,
            "rules": [
                {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get", "create"]},
                {
                    "apiGroups": ["batch"],
                    "resources": ["cronjobs"],
                    "resourceNames": [template_name],
                    "verbs": ["get"],
                },
                {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
            ],
        },
        "supervisor-rolebinding": {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": about,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": account},
            "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": release.namespace}],
        },
    }


def supervisor_spec(v: Any, release: Any, template_name: Any) -> dict[str, Any]:
    """The spec of a supervised run's own Job: complete when the last attempt is, failed when there is no next one."""
    return {
        "parallelism": 1,
        "completions": 1,
        "backoffLimit": 6,
        "podFailurePolicy": {
            "rules": [
                {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
                {
                    "action": "FailJob",
                    "onExitCodes": {"containerName": CONTAINER, "operator": "In", "values": [FINAL]},
                    "onPodConditions": [],
                },
            ]
        },
        "podReplacementPolicy": "Failed",
        "ttlSecondsAfterFinished": v.ttl_seconds_after_finished,
        "template": {
            "metadata": {
                "labels": {COMPONENT: CONTAINER, INSTANCE: release.name},
                "annotations": {**MAY_EVICT, "checksum/program": SHAPE},
            },
            "spec": supervisor_pod(v, release, template_name),
        },
    }


def supervisor_pod(v: Any, release: Any, template_name: Any) -> dict[str, Any]:
    """The pod that supervises. It alone has a token; it runs nothing of the user's."""
    limit = to_str(v.supervisor.interruption_limit)
    return {
        "serviceAccountName": object_name(release, SUFFIX),
        "automountServiceAccountToken": True,
        "enableServiceLinks": False,
        "securityContext": pod_security_context(v.security_context),
        "imagePullSecrets": [each(v.image_pull_secrets, lambda secret: {"name": secret})],
        "priorityClassName": v.priority_class_name,
        "restartPolicy": "Never",
        "containers": [
            {
                "name": CONTAINER,
                "image": image_reference(v.supervisor.image),
                "imagePullPolicy": v.supervisor.image.pull_policy,
                "command": ["python3", "-B", f"{FOLDER}/supervisor.py"],
                "env": [
                    {"name": "RUN", "valueFrom": NAME_OF_ITS_JOB},
                    {"name": "TEMPLATE", "value": template_name},
                    when(v.memory_ladder, {"name": "MEMORY_LADDER", "value": join(",", v.memory_ladder)}),
                    when(changes_capacity(v), {"name": "INTERRUPTION_LIMIT", "value": limit}),
                    when(v.supervisor.on_demand_pool, lambda pool: {"name": "ON_DEMAND_POOL", "value": pool}),
                ],
                "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}},
                "securityContext": container_security_context(v.security_context),
                "volumeMounts": [{"name": "program", "mountPath": FOLDER, "readOnly": True}],
            }
        ],
        "volumes": [{"name": "program", "configMap": {"name": object_name(release, SUFFIX)}}],
    }
