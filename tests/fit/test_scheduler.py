"""Fit against the real kube-scheduler: random pods, random nodes with pods on them, every answer compared.

PODZOL_FIT_CASES says how many pods (500), PODZOL_FIT_SEED which ones.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from api import Api, Refused, until
from random_cases import CELL, CLASSES, Cases

from podzol.fit import check, live
from podzol.fit.offers import Cluster as Offer
from podzol.local.cluster import Cluster

pytestmark = pytest.mark.cluster

CASES = int(os.environ.get("PODZOL_FIT_CASES", "500"))
SEED = int(os.environ.get("PODZOL_FIT_SEED", "20261123"))
CELLS = 50
NAMESPACES = ("plain", "limited")
DEADLINE_SECONDS = 60
SECOND_THOUGHTS_SECONDS = 10
"""How long the scheduler may take to see that a pod of the wave before is gone."""
LIMIT_RANGE = {
    "apiVersion": "v1",
    "kind": "LimitRange",
    "metadata": {"name": "defaults", "namespace": "limited"},
    "spec": {
        "limits": [
            {
                "type": "Container",
                "default": {"cpu": "100", "memory": "900Gi"},
                "defaultRequest": {"cpu": "300m", "memory": "300Mi"},
            }
        ]
    },
}


@pytest.fixture(scope="module")
def api(bare_cluster: Cluster) -> Api:
    """The cluster's API, with the namespaces, limits and runtime classes of the cases."""
    api = Api(bare_cluster.kubeconfig)
    names = ({"metadata": {"name": name}} for name in NAMESPACES)
    api.create("/api/v1/namespaces", names)
    api.create("/api/v1/namespaces/limited/limitranges", [LIMIT_RANGE])
    api.create("/apis/node.k8s.io/v1/runtimeclasses", runtime_classes())
    accounts = lambda: all(api.items(f"/api/v1/namespaces/{name}/serviceaccounts") for name in NAMESPACES)  # noqa: E731
    assert until(accounts, DEADLINE_SECONDS)
    return api


def runtime_classes() -> list[dict[str, Any]]:
    return [
        {
            "apiVersion": "node.k8s.io/v1",
            "kind": "RuntimeClass",
            "metadata": {"name": name},
            "handler": name,
            "overhead": {"podFixed": overhead},
        }
        for name, overhead in CLASSES.items()
    ]


def test_fit_and_the_real_scheduler_agree_on_every_pod(api: Api) -> None:
    cases = Cases(SEED)
    cells = {
        number: [cases.node(number, each) for each in range(cases.random.choice([1, 2, 3]))] for number in range(CELLS)
    }
    settle(api, cases, [node for nodes in cells.values() for node in nodes])
    running = api.items("/api/v1/nodes") + api.items("/api/v1/pods")
    offers = {number: live.cluster_of(of_cell(running, number), f"cell {number}") for number in cells}
    told: Counter[str] = Counter()
    wrong = []
    for wave in waves(CASES):
        asked = {}
        for number in wave:
            cell = number % CELLS
            pod = created(api, cases, number, cells[cell])
            asked[pod["metadata"]["name"]] = (pod, taken_by(pod, offers[cell]))
        answers = scheduled(api, asked)
        for name, (pod, nodes) in asked.items():
            told["fits" if nodes else "does not fit"] += 1
            if (answers[name] not in nodes) if answers[name] else nodes:
                wrong.append((pod, sorted(nodes), answers[name]))
    print(f"\n{CASES - len(wrong)} of {CASES} pods agreed upon: {dict(told)}, seed {SEED}")
    assert wrong == []
    assert min(told["fits"], told["does not fit"]) > CASES // 4


def waves(cases: int) -> Iterator[range]:
    """One pod a cell at a time."""
    yield from (range(start, min(start + CELLS, cases)) for start in range(0, cases, CELLS))


def settle(api: Api, cases: Cases, nodes: list[dict[str, Any]]) -> None:
    """Create the nodes and what runs on them, and wait until they are Ready and the pods run."""
    residents = [cases.resident(node, number) for node in nodes for number in range(cases.random.choice([0, 0, 1, 2]))]
    api.create("/api/v1/nodes", nodes)
    api.create("/api/v1/namespaces/default/pods", residents)

    def settled() -> bool:
        found = api.items("/api/v1/nodes")
        taints = [taint["key"] for node in found for taint in node["spec"].get("taints", [])]
        cordoned = sum(bool(node["spec"].get("unschedulable")) for node in found)
        pods = api.items("/api/v1/namespaces/default/pods")
        return (
            "node.kubernetes.io/not-ready" not in taints
            and taints.count("node.kubernetes.io/unschedulable") == cordoned
            and all(pod["status"]["phase"] == "Running" for pod in pods)
        )

    assert until(settled, DEADLINE_SECONDS)


def of_cell(running: list[dict[str, Any]], cell: int) -> list[dict[str, Any]]:
    """The nodes of a cell, the pods on them, and what all cells have."""
    nodes = [{"kind": "Node", **each} for each in running if each["metadata"].get("labels", {}).get(CELL) == str(cell)]
    names = {node["metadata"]["name"] for node in nodes}
    pods = [{"kind": "Pod", **each} for each in running if each["spec"].get("nodeName") in names]
    return [*nodes, *pods, LIMIT_RANGE, *runtime_classes()]


def created(api: Api, cases: Cases, number: int, nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """A random pod that the API server has taken. It refuses some that contradict themselves or the LimitRange."""
    namespace = NAMESPACES[number // CELLS % 2]
    while True:
        pod = cases.pod(f"case-{number}", number % CELLS, nodes)
        pod["metadata"]["namespace"] = namespace
        with suppress(Refused):
            return api.call("POST", f"/api/v1/namespaces/{namespace}/pods", pod) and pod


def taken_by(pod: dict[str, Any], offer: Offer) -> set[str]:
    """The nodes that fit says take the pod."""
    (verdict,) = check([pod], offer).verdicts
    return {node.name for placement in verdict.placements for node in placement.nodes}


def scheduled(api: Api, asked: dict[str, tuple[dict[str, Any], set[str]]]) -> dict[str, str]:
    """Pod -> the node that the scheduler took for it, or nothing. The pods are gone afterwards."""
    answers: dict[str, str | None] = {}

    def ask() -> None:
        pods = [pod for namespace in NAMESPACES for pod in api.items(f"/api/v1/namespaces/{namespace}/pods")]
        answers.update({pod["metadata"]["name"]: answer(pod) for pod in pods})

    def answered() -> bool:
        ask()
        return len(answers) == len(asked) and None not in answers.values()

    def agreed() -> bool:
        ask()
        return all(answers[name] or not nodes for name, (_, nodes) in asked.items())

    assert until(answered, DEADLINE_SECONDS), answers
    until(agreed, SECOND_THOUGHTS_SECONDS)
    for namespace in NAMESPACES:
        api.call("DELETE", f"/api/v1/namespaces/{namespace}/pods?gracePeriodSeconds=0")
    gone = lambda: not any(api.items(f"/api/v1/namespaces/{namespace}/pods") for namespace in NAMESPACES)  # noqa: E731
    assert until(gone, DEADLINE_SECONDS)
    return {name: node or "" for name, node in answers.items()}


def answer(pod: dict[str, Any]) -> str | None:
    """The node, an empty text for none, None while the scheduler hasn't spoken."""
    conditions = {each["type"]: each["status"] for each in pod["status"].get("conditions", [])}
    if "PodScheduled" not in conditions:
        return None
    return pod["spec"].get("nodeName", "")
