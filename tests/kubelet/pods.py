"""Pods to think about, as the API has them."""

from typing import Any

Object = dict[str, Any]
NOW = 1_795_000_000.0


def pod_of(*containers: Object, init: tuple[Object, ...] = (), **spec: Any) -> Object:
    """A pod as the API has it."""
    return {
        "kind": "Pod",
        "metadata": {"name": "pod", "namespace": "soil", "uid": "u-1", "labels": {"b": "2", "a": "1"}},
        "spec": {
            "nodeName": "cpu-pool-0",
            "containers": [{"name": "main", "image": "busybox"} | each for each in containers or ({},)],
            "initContainers": [{"image": "busybox"} | each for each in init],
            **spec,
        },
        "status": {"phase": "Pending", "podIP": "10.244.0.7", "hostIP": "127.0.0.1"},
    }
