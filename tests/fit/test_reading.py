"""Manifests that the API server would not take end in a fault, whatever is wrong with them."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
from builders import CLUSTER, container, deployment, gpu_spec, job, other, pod_spec

from podzol.faults import UserError
from podzol.fit import check

JUNK: list[Any] = [None, "x", "-1", "5%", "1e999", 3, -1, 2.5, True, [], {}, ["x"], {"x": "y"}, [None], [[]]]
MUTANTS = 3000


def everything() -> list[dict[str, Any]]:
    """Manifests that use most of what is read."""
    expression = {"key": "gen", "operator": "Gt", "values": ["3"]}
    term = {"matchExpressions": [expression], "matchFields": [{**expression, "key": "metadata.name", "operator": "In"}]}
    near = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchExpressions": [expression]}}
    spec = pod_spec(
        container(ports=[{"containerPort": 80, "hostPort": 80}]),
        initContainers=[container()],
        affinity={
            "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}},
            "podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [near]},
        },
        nodeSelector={"a": "b"},
        tolerations=[{"key": "a", "operator": "Equal", "value": "b", "effect": "NoSchedule"}],
        topologySpreadConstraints=[{"topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule"}],
        volumes=[{"name": "d", "persistentVolumeClaim": {"claimName": "d"}}, {"name": "t", "emptyDir": {}}],
        terminationGracePeriodSeconds=60,
        overhead={"cpu": "1m"},
        resources={"limits": {"cpu": "2"}},
    )
    metric = {"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 50}}}
    target = {"kind": "Deployment", "name": "api"}
    failing = {"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]}
    limit = {"type": "Container", "default": {"cpu": "1"}, "max": {"cpu": "2"}, "maxLimitRequestRatio": {"cpu": "3"}}
    return [
        deployment(spec, annotations={"gke-gcsfuse/volumes": "true", "gke-gcsfuse/cpu-request": "1"}),
        job(gpu_spec(subdomain="x"), parallelism=2, completions=2, backoffLimit=0, podFailurePolicy=failing),
        other("HorizontalPodAutoscaler", {"scaleTargetRef": target, "maxReplicas": 3, "metrics": [metric]}),
        other("PodDisruptionBudget", {"selector": {"matchLabels": {"app": "x"}}, "minAvailable": "50%"}),
        other("PersistentVolumeClaim", {"accessModes": ["ReadWriteOnce"], "volumeName": "v"}, "d"),
        other(
            "PersistentVolume",
            {"csi": {"driver": "x"}, "nodeAffinity": {"required": {"nodeSelectorTerms": [term]}}},
            "v",
        ),
        {**other("ResourceQuota", {"hard": {"requests.cpu": "9"}}), "status": {"used": {"requests.cpu": "1"}}},
        other("LimitRange", {"limits": [limit]}),
    ]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a tree: what holds it, and its key there."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def test_junk_anywhere_in_a_manifest_ends_in_a_fault_or_an_answer() -> None:
    pick, refused = random.Random(20261123), 0
    for _ in range(MUTANTS):
        manifests = copy.deepcopy(everything())
        inside = [place for each in manifests for place in places(each) if place[0] is not each]
        holder, key = pick.choice(inside)
        holder[key] = pick.choice(JUNK)
        try:
            report = check(manifests, CLUSTER)
        except UserError:
            refused += 1
        else:
            assert report.to_json()["workloads"]
    assert 0 < refused < MUTANTS


def test_says_which_object_is_wrong() -> None:
    with pytest.raises(UserError) as refused:
        check([deployment({"containers": "main"}), other("HorizontalPodAutoscaler", {"scaleTargetRef": []})], CLUSTER)
    rule = "must be of the form that the API server takes; ask it with `kubectl apply --dry-run=server`"
    assert str(refused.value) == f"Deployment/api: {rule}"
