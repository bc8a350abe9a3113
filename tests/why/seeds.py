"""Misconfigurations, each with its objects and the reason that `podzol why` must give first.

What a kubelet would write (statuses and events of pods on a node) is written here in its words, for the nodes of the
embedded cluster are simulated; all else is said by the real scheduler and controllers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Object = dict[str, Any]
HELD = {"podzol.dev/simulated-machine": "off"}
"""Annotation that keeps the simulation off a pod: what its kubelet says, the seed says."""
SLOW = {"podzol.dev/simulated-duration": "1h"}


@dataclass(frozen=True)
class Seed:
    """One misconfiguration, in a namespace of its own."""

    name: str
    objects: list[Object]
    cause: str
    """Name of the cause that must come first."""
    reason: str
    """Its reason, as a regular expression for the whole of it."""
    todo: str = ""
    """Part of what to do."""
    asks: str = "deployment/web"
    labels: dict[str, str] = field(default_factory=dict)
    """Of the namespace."""
    status: Callable[[Object], Object] | None = None
    """What the kubelet says of each pod: from the pod, a merge patch of its status."""
    events: tuple[tuple[str, str], ...] = ()
    """What the kubelet tells about each pod: reason and message."""
    end: str = ""
    """Object that is deleted at the end, such as `namespace/NAME`."""


def container(image: str = "registry.k8s.io/pause:3.10", **more: Any) -> Object:
    return {"name": "main", "image": image, **more}


def template(*containers: Object, annotations: dict[str, str] | None = None, **spec: Any) -> Object:
    meta = {"labels": {"app": "web"}, "annotations": annotations or {}}
    selector = {"podzol.dev/pool": "cpu-pool"}
    return {
        "metadata": meta,
        "spec": {"nodeSelector": selector, "containers": list(containers) or [container()], **spec},
    }


def deployment(
    *containers: Object, replicas: int = 1, annotations: dict[str, str] | None = None, **spec: Any
) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": template(*containers, annotations=annotations, **spec),
        },
    }


def job(
    *containers: Object,
    annotations: dict[str, str] | None = None,
    labels: dict[str, str] | None = None,
    pod: Any = None,
    **spec: Any,
) -> Object:
    made = template(*containers, annotations=annotations or SLOW, **{"restartPolicy": "Never", **(pod or {})})
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "train", "labels": labels or {}},
        "spec": {**spec, "template": made},
    }


def held(*containers: Object, **spec: Any) -> Object:
    """A Deployment whose pods stay as the kubelet of the seed says."""
    return deployment(*containers, annotations=HELD, **spec)


def resource(version: str, kind: str, name: str, **more: Any) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **more}


def claim(**spec: Any) -> Object:
    asks = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return resource("v1", "PersistentVolumeClaim", "data", spec={**asks, **spec})


def mounting(name: str = "data") -> Object:
    return {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": name}}]}


def hpa(**spec: Any) -> Object:
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}},
    }
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    return resource(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "web",
        spec={"scaleTargetRef": target, "maxReplicas": 3, "metrics": [metric], **spec},
    )


def waiting(reason: str, message: str = "", **more: Any) -> Callable[[Object], Object]:
    """A container that waits."""

    def status(pod: Object) -> Object:
        state = {"waiting": {"reason": reason, "message": message}}
        return {"phase": "Pending", "containerStatuses": [container_status(pod, state, **more)]}

    return status


def running(ready: bool = False, phase: str = "Running", **more: Any) -> Callable[[Object], Object]:
    """A container that runs, or did."""

    def status(pod: Object) -> Object:
        kept = [each for each in pod["status"]["conditions"] if each["type"] not in ("Ready", "ContainersReady")]
        conditions = [*kept, *({"type": each, "status": str(ready)} for each in ("Ready", "ContainersReady"))]
        state = more.pop("state", {"running": {"startedAt": "2026-11-23T10:00:00Z"}})
        return {"phase": phase, "conditions": conditions, "containerStatuses": [container_status(pod, state, **more)]}

    return status


def crashed(code: int, reason: str = "Error", message: str = "", restarts: int = 3) -> Callable[[Object], Object]:
    """A container that is started again and again."""
    last = {"terminated": {"exitCode": code, "reason": reason, "message": message}}
    state = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s restarting failed container"}}
    return running(state=state, lastState=last, restartCount=restarts)


def container_status(pod: Object, state: Object, **more: Any) -> Object:
    image = pod["spec"]["containers"][0]["image"]
    status = {"name": "main", "image": image, "imageID": "", "ready": False, "restartCount": 0}
    return {**status, "state": state, **more}


POD_IMAGE = "registry.example.com/web:1.0"
PULL = f'Failed to pull image "{POD_IMAGE}": rpc error: code = {{}}'

SEEDS = (
    Seed(
        "no-such-tag",
        [held(container(POD_IMAGE))],
        "images",
        f"the image {POD_IMAGE} can't be pulled: the registry has no such image or tag",
        "correct the image",
        status=waiting("ImagePullBackOff", f'Back-off pulling image "{POD_IMAGE}"'),
        events=(("Failed", PULL.format(f"NotFound desc = failed to resolve reference: {POD_IMAGE}: not found")),),
    ),
    Seed(
        "no-login",
        [held(container(POD_IMAGE))],
        "images",
        f"the image {POD_IMAGE} can't be pulled: the registry doesn't let us in, .*",
        "imagePullSecrets",
        status=waiting("ErrImagePull", PULL.format("Unknown desc = pull access denied: 401 Unauthorized")),
    ),
    Seed(
        "wrong-architecture",
        [held(container(POD_IMAGE))],
        "images",
        rf"the image {POD_IMAGE} isn't built for amd64 \(node cpu-pool-\d\)",
        "kubernetes.io/arch",
        status=waiting("ErrImagePull", PULL.format("NotFound desc = no match for platform in manifest: not found")),
    ),
    Seed(
        "bad-image-name",
        [held(container("Web:1.0"))],
        "images",
        "'Web:1.0' is no name of an image",
        status=waiting("InvalidImageName", 'Failed to apply default image tag "Web:1.0"'),
    ),
    Seed(
        "missing-secret",
        [held(container(), volumes=[{"name": "keys", "secret": {"secretName": "keys"}}])],
        "references",
        "the Secret keys isn't in the namespace; it is wanted as the volume keys",
        "kubectl create secret generic keys",
        status=waiting("ContainerCreating"),
        events=(("FailedMount", 'MountVolume.SetUp failed for volume "keys" : secret "keys" not found'),),
    ),
    Seed(
        "missing-config",
        [held(container(envFrom=[{"configMapRef": {"name": "settings"}}]))],
        "references",
        r"the ConfigMap settings isn't in the namespace; it is wanted for the environment \(envFrom\)",
        "kubectl create configmap settings",
        status=waiting("CreateContainerConfigError", 'configmap "settings" not found'),
    ),
    Seed(
        "out-of-memory",
        [held(container(resources={"limits": {"memory": "64Mi"}}))],
        "containers",
        r"the container main took more memory than its limit of 64Mi and was killed \(OOMKilled\); .*",
        "raise resources.limits.memory",
        status=crashed(137, "OOMKilled"),
    ),
    Seed(
        "crash-loop",
        [held()],
        "containers",
        r"the container main: its program ended with an error \(exit code 1\); it is started again .*",
        "kubectl logs",
        status=crashed(1),
    ),
    Seed(
        "no-such-command",
        [held(container(command=["trian.py"]))],
        "containers",
        "the container main could not be started \\('trian.py'\\): .*trian.py.*: executable file not found.*",
        "correct its command",
        status=crashed(128, "StartError", 'exec: "trian.py": executable file not found in $PATH'),
    ),
    Seed(
        "unready",
        [held(container(readinessProbe={"httpGet": {"path": "/health", "port": 8080}}))],
        "probes",
        r"its readiness probe fails \(GET /health on port 8080\): HTTP probe failed with statuscode: 404; .*",
        "readinessProbe",
        status=running(),
        events=(("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404"),),
    ),
    Seed(
        "quota-used-up",
        [
            resource("v1", "ResourceQuota", "team", spec={"hard": {"requests.cpu": "1"}}),
            deployment(container(resources={"requests": {"cpu": "2"}})),
        ],
        "quota",
        "the quota team is used up: it asks for 2 of cpu, 0 of 1 are taken",
        "have the quota raised",
    ),
    Seed(
        "quota-unsaid",
        [resource("v1", "ResourceQuota", "team", spec={"hard": {"limits.memory": "1Gi"}}), deployment()],
        "quota",
        "the quota team wants every container to say limits.memory for: main",
        "LimitRange",
    ),
    Seed(
        "beyond-the-limit-range",
        [
            resource("v1", "LimitRange", "team", spec={"limits": [{"type": "Container", "max": {"cpu": "1"}}]}),
            deployment(container(resources={"requests": {"cpu": "2"}, "limits": {"cpu": "2"}})),
        ],
        "quota",
        "a LimitRange of the namespace refuses its pods: maximum cpu usage per Container is 1, but limit is 2",
    ),
    Seed(
        "pod-security",
        [deployment(container(securityContext={"privileged": True}))],
        "admission",
        "the namespace's Pod Security level restricted:latest refuses its pods: privileged .*",
        "securityContext",
        labels={"pod-security.kubernetes.io/enforce": "restricted"},
    ),
    Seed(
        "no-service-account",
        [deployment(serviceAccountName="trainer")],
        "admission",
        "its ServiceAccount trainer isn't there",
        "kubectl create serviceaccount trainer",
    ),
    Seed(
        "no-such-pool",
        [deployment(nodeSelector={"podzol.dev/pool": "gpu-pool-2"})],
        "pools",
        "no node takes it: cpu-pool: wants podzol.dev/pool=gpu-pool-2, .* has cpu-pool \\| gpu-pool: wants .*",
        "correct its nodeSelector",
    ),
    Seed(
        "too-big",
        [deployment(container(resources={"requests": {"cpu": "500"}}))],
        "pools",
        r"no node takes it: cpu-pool: asks for 500 CPU; node cpu-pool-\d offers \d+.* \| gpu-pool: .*",
        "let it ask for less",
    ),
    Seed(
        "not-tolerated",
        [
            job(
                container(resources={"limits": {"nvidia.com/gpu": "1"}}),
                pod={"nodeSelector": {"podzol.dev/pool": "gpu-pool"}},
            )
        ],
        "pools",
        r"no node takes it: .* gpu-pool: does not tolerate nvidia.com/gpu=present:NoSchedule",
        "toleration",
        asks="job/train",
    ),
    Seed(
        "no-such-class",
        [claim(storageClassName="fast"), deployment(**mounting())],
        "volumes",
        "the storage class fast isn't there; there are .*standard.*",
        "delete it first",
    ),
    Seed(
        "no-such-claim",
        [deployment(**mounting("spectra"))],
        "volumes",
        "the claim spectra isn't in the namespace; there are none",
        "DatasetVolume",
    ),
    Seed(
        "no-volume-made",
        [claim(storageClassName=""), deployment(**mounting())],
        "volumes",
        r"no volume that is there fits it: it asks for 1Gi, ReadWriteOnce, class \(none\); there is no such volume",
        "PersistentVolume",
    ),
    Seed(
        "attached-elsewhere",
        [held()],
        "volumes",
        'its volume is still attached to another node: Multi-Attach error for volume "pvc-1" .*',
        "out-of-service",
        status=waiting("ContainerCreating"),
        events=(
            ("FailedAttachVolume", 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) web-2'),
        ),
    ),
    Seed("scaled-to-0", [deployment(replicas=0)], "scale", "it is scaled to 0", "kubectl scale deployment/web"),
    Seed(
        "suspended",
        [job(suspend=True)],
        "queue",
        "it is suspended, and no queue will start it",
        "kubectl patch job train",
        asks="train",
    ),
    Seed(
        "no-queue",
        [job(suspend=True, labels={"kueue.x-k8s.io/queue-name": "gpu"})],
        "queue",
        "it waits for the queue gpu, but no Kueue is installed that would start it",
        "install Kueue",
        asks="train",
    ),
    Seed(
        "deadline",
        [job(activeDeadlineSeconds=1)],
        "jobs",
        "it took longer than it may: activeDeadlineSeconds is 1",
        "raise spec.activeDeadlineSeconds",
        asks="train",
    ),
    Seed(
        "backoff-limit",
        [job(annotations=HELD, backoffLimit=0)],
        "containers",
        "the container main: its command isn't in the image \\(exit code 127\\)",
        "kubectl logs",
        asks="train",
        status=running(phase="Failed", state={"terminated": {"exitCode": 127, "reason": "Error"}}),
    ),
    Seed(
        "schedule-paused",
        [
            resource(
                "batch/v1",
                "CronJob",
                "nightly",
                spec={"schedule": "0 5 * * *", "suspend": True, "jobTemplate": {"spec": job()["spec"]}},
            )
        ],
        "cron",
        "its schedule is paused: no run starts",
        asks="cronjob/nightly",
    ),
    Seed(
        "hpa-without-requests",
        [deployment(), hpa()],
        "autoscaling",
        "it can't scale by cpu: the pods request none in main",
        "cpu request",
    ),
    Seed(
        "hpa-without-target",
        [hpa()],
        "autoscaling",
        "it can't scale Deployment/web: the HPA controller was unable to get the target's current scale: .* not found",
        "scaleTargetRef",
        asks="hpa/web",
    ),
    Seed(
        "selector-mismatch",
        [deployment(), resource("v1", "Service", "web", spec={"selector": {"app": "api"}, "ports": [{"port": 80}]})],
        "services",
        "its selector finds no pod: it wants app=api; the pods have app=web",
        "agree",
        asks="service/web",
    ),
    Seed(
        "wrong-port-name",
        [
            deployment(container(ports=[{"name": "http", "containerPort": 8080}])),
            resource(
                "v1", "Service", "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": "web"}]}
            ),
        ],
        "services",
        "it leads to the port 'web', which no container names; there are http",
    ),
    Seed(
        "namespace-going",
        [{**deployment(), "metadata": {"name": "web", "finalizers": ["podzol.dev/test"]}}],
        "deletion",
        "the namespace is being deleted: nothing new is made in it",
        end="namespace",
    ),
    Seed(
        "gated",
        [deployment(schedulingGates=[{"name": "podzol.dev/quota"}])],
        "pools",
        "it isn't to be scheduled yet: its gates podzol.dev/quota are closed",
    ),
)
