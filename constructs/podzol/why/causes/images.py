"""An image that can't be had: its name, its registry, a login, or no build for the machine.

Source: https://kubernetes.io/docs/concepts/containers/images/ and pkg/kubelet/images of Kubernetes v1.37.2
(2026-11-23); the words inside are containerd's and the registries'.
"""

import re
from collections.abc import Iterator

from podzol.why.case import Case, Part
from podzol.why.evidence import Object, labels_of, one_line, reference, spec_of, status_of
from podzol.why.findings import Finding, Rank
from podzol.why.remedies import change

REASONS = (
    "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable",
    "ImageInspectError", "SignatureValidationFailed",
)  # fmt: skip
ARCHITECTURE = re.compile(r"no match for platform|no matching manifest|exec format error|image operating system", re.I)
WORDS = (
    (re.compile(r"toomanyrequests|too many requests|429", re.I), "the registry refuses so many pulls at once",
     "wait, log in to the registry (`imagePullSecrets`), or take the image from a mirror"),
    (re.compile(r"unauthorized|authentication required|denied|forbidden|401|403", re.I),
     "the registry doesn't let us in, or has no such image",
     "give a login: make a Secret with `kubectl create secret docker-registry` and name it in `imagePullSecrets`"),
    (re.compile(r"no such host|i/o timeout|connection refused|dial tcp|deadline exceeded|EOF|x509", re.I),
     "the registry can't be reached from the node", "correct the registry's name, or open the way to it"),
    (re.compile(r"not found|manifest unknown|does not exist|404", re.I), "the registry has no such image or tag", ""),
)  # fmt: skip
"""What the message holds -> what it means, and what to do; empty: correct the name."""


def causes(case: Case) -> Iterator[Finding]:
    for part, pod in case.sick:
        status = status_of(pod)
        for each in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())):
            waiting = (each.get("state") or {}).get("waiting") or {}
            if waiting.get("reason") in REASONS:
                yield _image(case, part, pod, each["name"], waiting)


def _image(case: Case, part: Part, pod: Object, container: str, waiting: dict[str, str]) -> Finding:
    spec, reason = spec_of(pod), waiting["reason"]
    both = (*(spec.get("initContainers") or ()), *(spec.get("containers") or ()))
    image = next((each.get("image", "") for each in both if each["name"] == container), "")
    events = [each for each in case.evidence.events(pod, "Failed", "BackOff", "InspectFailed") if image in each.message]
    told = [each for each in events if each.reason == "Failed" and ":" in each.message]
    said = one_line(told[0].message if told else waiting.get("message") or "")
    plain = f"correct the image of the container {container}"
    correct = change(case, part, "image.repository", "or `image.tag` right", plain)
    what, todo = f"the image {image} can't be pulled", correct
    if reason == "InvalidImageName":
        what = f"{image!r} is no name of an image"
    elif reason == "ErrImageNeverPull":
        what = f"the image {image} isn't on the node, and may not be pulled (imagePullPolicy Never)"
        todo = change(case, part, "image.pullPolicy", "to IfNotPresent", "set imagePullPolicy to IfNotPresent")
    elif ARCHITECTURE.search(said):
        what, todo = mismatch(case, pod, image)
    else:
        for pattern, means, instead in WORDS:
            if pattern.search(said):
                what, todo = f"{what}: {means}", instead or correct
                break
    if gone := missing_logins(case, pod):
        what = f"{what}; its login, the Secret {gone[0]}, isn't in the namespace"
        make = f"kubectl create secret docker-registry {gone[0]} -n {case.namespace}"
        todo = f"`{make}` with the login, or correct the name in `imagePullSecrets`"
    seen = [f"container {container}: {reason}"] + [case.evidence.told(each) for each in (told or events)[:1]]
    return Finding("images", Rank.SAID, (reference(pod),), what, todo, tuple(seen))


def missing_logins(case: Case, pod: Object) -> list[str]:
    """Secrets with registry logins that the pod names and that aren't there."""
    named = [each["name"] for each in spec_of(pod).get("imagePullSecrets") or ()]
    there = case.evidence.knows("Secret")
    return [name for name in named if there and not case.evidence.find("Secret", case.namespace, name)]


def mismatch(case: Case, pod: Object, image: str) -> tuple[str, str]:
    """An image that was built for another kind of machine: reason and remedy."""
    node = case.evidence.find("Node", "", spec_of(pod).get("nodeName", ""))
    machine = labels_of(node).get("kubernetes.io/arch", "") if node else ""
    on = f"{machine} (node {spec_of(pod).get('nodeName')})" if machine else "the machine that the pod is on"
    todo = "take an image that is built for it, or ask for other nodes with `nodeSelector: {kubernetes.io/arch: amd64}`"
    return f"the image {image} isn't built for {on}", todo
