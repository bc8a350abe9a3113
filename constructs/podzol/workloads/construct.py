"""Defines: the cdk8s construct of a workload. Does not define: what it renders (`workload.py`), how it gets to cdk8s
(`crossing.py`). These two files are all of Podzol that imports cdk8s.
"""

import itertools
import json
import weakref
from typing import Any

from cdk8s import ApiObject, Chart
from constructs import Construct

from podzol.faults import Failure, Fault, UserError
from podzol.workloads.crossing import Crossed, Waiting, cross
from podzol.workloads.workload import Workload

DEFAULT_NAMESPACE = "default"
"""Namespace of the objects where the cdk8s chart names none: Helm's own default."""

DEFAULT_CHILD_KINDS = ("Deployment", "CronJob", "Job", "PersistentVolumeClaim")
"""Kinds that a workload is known by; the first that it has is what `ApiObject.of` gives and `name` names."""

KEYS_OF_JAVASCRIPT = ("__proto__", "constructor")
"""Keys that every object of JavaScript has already: cdk8s loses the first and stumbles over the second."""


class WorkloadConstruct(Crossed):
    """A workload in a tree of cdk8s constructs. Made by calling the workload's class, never by itself."""

    workload: type[Workload]

    def __init__(self, scope: Construct, id: str, values: Any = None, *, release_name: str | None = None) -> None:
        """Render the workload and hand its objects over to cdk8s.

        Args:
            scope: the construct that it becomes a child of, with a cdk8s chart above it.
            id: the construct's id; it is the release name, or the Helm chart's alias when `release_name` is given.
            values: an instance of the workload's `Values`, or a mapping as in a values file. Left out: the defaults.
            release_name: the release's name, for several workloads in one release, as in an umbrella Helm chart.

        Raises:
            UserError: an impossible name, or a key that JavaScript can't hold.
            ValuesError: values that the model or a rule refuses; all faults at once.
        """
        self.values = self.workload.load(values)
        """The values, validated."""
        self.release = release_name or id
        """Name of the release."""
        manifests = self.workload.render(
            self.values,
            release=self.release,
            namespace=namespace_of(scope),
            chart=id if release_name else None,
        )
        children = _child_ids(manifests)
        default_child = _default_child(children)
        self.name = children[default_child]["metadata"]["name"] if children else None
        """Name of the object that stands for the workload: its Deployment, its Job, its claim."""
        self._text = json.dumps(children, check_circular=False)
        """Kept as text: ten thousand dicts that live on would slow down Python's garbage collector."""
        _refuse_keys_of_javascript(id, self._text)
        cross(Waiting(self, scope, id, self._text, default_child))

    @property
    def manifests(self) -> list[dict[str, Any]]:
        """The manifests that were handed over, as plain dicts. To change an object, use `api_object`."""
        return list(json.loads(self._text).values())

    def api_object(self, kind: str, name: str | None = None) -> ApiObject:
        """The cdk8s object of this kind, such as `deployment`, for its patches and metadata.

        Args:
            kind: the Kubernetes kind, in any case.
            name: its name, where the workload has several of the kind.

        Raises:
            Failure: there is no such object, or more than one.
        """
        children = _child_ids(self.manifests)
        found = [
            child
            for child, manifest in children.items()
            if manifest["kind"].lower() == kind.lower() and name in (None, manifest["metadata"]["name"])
        ]
        if len(found) != 1:
            there = ", ".join(children)
            raise Failure(f"{self.node.path}: must have one object of kind {kind}, has {len(found)}; it has {there}")
        return ApiObject.of(self.node.find_child(found[0]))


def construct(workload: type[Workload]) -> Any:
    """An instance of the workload that is a cdk8s construct too. Python then calls its `__init__`, which crosses."""
    return object.__new__(_class_of(workload))


def _class_of(workload: type[Workload]) -> type[WorkloadConstruct]:
    if workload not in _CLASSES:
        members = {
            "__doc__": workload.__doc__,
            "__module__": workload.__module__,
            "workload": workload,
            "chart": workload.chart,
            "manifests": WorkloadConstruct.manifests,  # in a construct they are known: no longer a function
        }
        _CLASSES[workload] = type(workload.__name__, (workload, WorkloadConstruct), members)
    return _CLASSES[workload]


_CLASSES: dict[type[Workload], type[WorkloadConstruct]] = {}


def _child_ids(manifests: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """An id for each object under its construct: the kind, with the name from the second of a kind on."""
    children: dict[str, dict[str, Any]] = {}
    for manifest in manifests:
        kind = manifest["kind"].lower()
        named = f"{kind}-{manifest['metadata']['name']}"
        ids = itertools.chain([kind, named], (f"{named}-{number}" for number in itertools.count(2)))
        children[next(id for id in ids if id not in children)] = manifest
    return children


def _default_child(children: dict[str, dict[str, Any]]) -> str:
    kinds = {manifest["kind"]: child for child, manifest in reversed(children.items())}
    return next((kinds[kind] for kind in DEFAULT_CHILD_KINDS if kind in kinds), next(iter(children), ""))


def _refuse_keys_of_javascript(id: str, text: str) -> None:
    rule, fix = "must not use a key that JavaScript keeps for itself", "name it otherwise, or use `podzol synth`"
    if faults := [Fault(id, rule, key, fix) for key in KEYS_OF_JAVASCRIPT if f'"{key}":' in text]:
        raise UserError(faults)


_NAMESPACES: weakref.WeakKeyDictionary[Construct, str] = weakref.WeakKeyDictionary()
"""Namespace by scope: asking cdk8s takes two calls, and many workloads share a scope."""


def namespace_of(scope: Construct) -> str:
    """Namespace of the cdk8s chart above a construct."""
    if scope not in _NAMESPACES:
        _NAMESPACES[scope] = Chart.of(scope).namespace or DEFAULT_NAMESPACE
    return _NAMESPACES[scope]
