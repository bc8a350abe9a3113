"""Defines what a pod may ask for and doesn't get here, as its events say and docs/run.md does.

What the pod can't do without is no matter of this: a probe, a volume or an image that isn't to be had says so itself.
"""

from typing import Any

Object = dict[str, Any]
OF_POD = ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace")
NO_DEBUGGING = "ephemeral containers are not run here; `kubectl exec` runs a command in a container that there is"


def left_out(pod: Object) -> list[str]:
    """Fields of a pod's spec that have no effect."""
    spec = pod["spec"]
    found = [name for name in OF_POD if spec.get(name)]
    for container in [*(spec.get("initContainers") or []), *spec["containers"]]:
        found += [f"{what} of container {container['name']}" for what in of_container(container)]
    return found


def of_container(container: Object) -> list[str]:
    """Fields of a container that have none."""
    security = container.get("securityContext", {})
    found = [f"hostPort {port['hostPort']}" for port in container.get("ports") or [] if port.get("hostPort")]
    if security.get("privileged"):
        found.append("privileged")
    if added := security.get("capabilities", {}).get("add"):
        found.append(f"capabilities {', '.join(added)}")
    return found + [f"device {each['devicePath']}" for each in container.get("volumeDevices") or []]


def debugging(pod: Object) -> list[Object]:
    """The statuses of the ephemeral containers that `kubectl debug` has added: it waits for them to run or end."""
    return [
        {
            "name": each["name"],
            "image": each["image"],
            "imageID": "",
            "ready": False,
            "restartCount": 0,
            "state": {"terminated": {"exitCode": 128, "reason": "ContainerCannotRun", "message": NO_DEBUGGING}},
        }
        for each in pod["spec"].get("ephemeralContainers") or []
    ]
