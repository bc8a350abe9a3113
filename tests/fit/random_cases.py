"""Defines random nodes, what runs on them, and random pods that come close to fitting: valid for the API server, and
using all that the scheduler looks at."""

import random
from typing import Any

ZONE, HOSTNAME = "topology.kubernetes.io/zone", "kubernetes.io/hostname"
CELL = "fit-test/cell"
"""Label that keeps a case to its few nodes, so that hundreds of cases run side by side."""
IMAGE = "registry.k8s.io/pause:3.10"
VALUES = {
    "disk": ["ssd", "hdd", ""],
    "gen": ["1", "3", "7", "07", "x7", "9223372036854775807", "9223372036854775808"],
    "podzol.dev/pool": ["cpu-pool", "gpu-pool"],
    ZONE: ["zone-a", "zone-b"],
    "example.org/rack": ["r1", "r2"],
}
TAINT_KEYS = ["dedicated", "nvidia.com/gpu", "example.org/team"]
EFFECTS = ["NoSchedule", "NoExecute", "PreferNoSchedule"]
CLASSES = {"sandbox": {"cpu": "130m", "memory": "20Mi"}}
"""Runtime classes with an overhead."""
MEMORY = ["412Mi", "413Mi", "1948Mi", "1949Mi", "12.5Gi", "14131Mi"]


def edges(cpu: str) -> list[str]:
    """About as much CPU as a node has, with nothing, one or two small pods on it."""
    milli = int(float(cpu[:-1])) if cpu.endswith("m") else round(float(cpu) * 1000)
    return [f"{milli - taken + more}m" for taken in (0, 50, 200, 400) for more in (-30, 0, 1)]


class Cases:
    """Everything random, from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.slip_percent = 0
        """How much of a pod is wrong for the node that it has in mind."""

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def slips(self) -> bool:
        return self.chance(self.slip_percent)

    def node(self, cell: int, number: int) -> dict[str, Any]:
        """A node of a cell."""
        name, pick = f"cell-{cell}-{number}", self.random
        labels = {key: pick.choice(values) for key, values in VALUES.items() if self.chance(65)}
        taints = {
            (key, effect): {"key": key, "effect": effect, **({"value": value} if value else {})}
            for key in TAINT_KEYS
            for effect in EFFECTS
            for value in [pick.choice(["", "present", "soil"])]
            if self.chance(9)
        }
        has = {
            "cpu": pick.choice(["500m", "1", "3920m", "7.91"]),
            "memory": pick.choice(["512Mi", "2Gi", "13.8Gi", "4000M"]),
            "ephemeral-storage": pick.choice(["10Gi", "47093746742"]),
            "pods": pick.choice(["2", "3", "8", "110"]),
        }
        if self.chance(40):
            has["nvidia.com/gpu"] = pick.choice(["1", "2", "4"])
        if self.chance(20):
            has["example.org/fpga"] = "1"
        if self.chance(20):
            has["hugepages-2Mi"] = "64Mi"
        return {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": name,
                "labels": {**labels, HOSTNAME: name, CELL: str(cell)},
                "annotations": {"kwok.x-k8s.io/node": "fake"},
            },
            "spec": {"taints": list(taints.values()), **({"unschedulable": True} if self.chance(6) else {})},
            "status": {"capacity": has, "allocatable": has},
        }

    def resident(self, node: dict[str, Any], number: int) -> dict[str, Any]:
        """A pod that runs on a node already."""
        ports = [{"containerPort": 80, "hostPort": self.random.choice([8080, 9090])}] if self.chance(30) else []
        requests = {"cpu": self.random.choice(["50m", "200m"]), "memory": "100Mi"}
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"resident-{node['metadata']['name']}-{number}"},
            "spec": {
                "nodeName": node["metadata"]["name"],
                "tolerations": [{"operator": "Exists"}],
                "containers": [{"name": "main", "image": IMAGE, "ports": ports, "resources": {"requests": requests}}],
            },
        }

    def pod(self, name: str, cell: int | None, nodes: list[dict[str, Any]]) -> dict[str, Any]:
        """A pod that has one of the nodes in mind, and gets some things wrong."""
        node, pick = self.random.choice(nodes), self.random
        self.slip_percent = pick.choice([0, 0, 4, 4, 25])
        spec: dict[str, Any] = {
            "nodeSelector": {**({} if cell is None else {CELL: str(cell)}), **self.selector(node)},
            "tolerations": self.tolerations(node),
            "containers": [self.container(node, number) for number in range(pick.choice([1, 1, 2, 3]))],
            "initContainers": [self.init_container(node, number) for number in range(pick.choice([0, 0, 0, 1, 2, 3]))],
            "terminationGracePeriodSeconds": 0,
        }
        if self.chance(40):
            spec["affinity"] = {
                "nodeAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": {
                        "nodeSelectorTerms": [self.term(node) for _ in range(pick.choice([1, 1, 2]))]
                    }
                }
            }
        if self.chance(15):
            spec["topologySpreadConstraints"] = [
                {
                    "maxSkew": 1,
                    "topologyKey": pick.choice([ZONE, HOSTNAME, "example.org/rack"]),
                    "whenUnsatisfiable": pick.choice(["DoNotSchedule", "ScheduleAnyway"]),
                    "labelSelector": {"matchLabels": {"case": name}},
                }
            ]
        if self.chance(10):
            spec["runtimeClassName"] = pick.choice(list(CLASSES))
        if self.chance(10):
            spec["resources"] = self.pod_level(spec)
        if self.chance(5):
            spec["hostNetwork"] = True
        return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"case": name}}, "spec": spec}

    def selector(self, node: dict[str, Any]) -> dict[str, str]:
        """Labels of the node, seldom others."""
        have = node["metadata"]["labels"]
        wanted = {key: have[key] for key in VALUES if key in have and self.chance(20)}
        if self.slips():
            key = self.random.choice(list(VALUES))
            wanted[key] = self.random.choice(VALUES[key])
        return wanted

    def tolerations(self, node: dict[str, Any]) -> list[dict[str, Any]]:
        """Most taints of the node, each in some of the forms that there are."""
        found = []
        for taint in node["spec"]["taints"]:
            if self.slips():
                continue
            exact = {"key": taint["key"], "operator": "Equal", "value": taint.get("value", "")}
            forms = [
                {**exact, "effect": taint["effect"]},
                exact,
                {"key": taint["key"], "value": taint.get("value", ""), "effect": taint["effect"]},
                {"key": taint["key"], "operator": "Exists", "effect": taint["effect"]},
                {"key": taint["key"], "operator": "Exists"},
            ]
            if self.slips():
                forms = [
                    {**exact, "value": "other"},
                    {"key": taint["key"], "operator": "Exists", "effect": "NoExecute"},
                ]
            found.append(self.random.choice(forms))
            if found[-1].get("effect") == "NoExecute" and self.chance(50):
                found[-1]["tolerationSeconds"] = 3600
        if self.chance(5):
            found.append({"operator": "Exists", **({"effect": "NoSchedule"} if self.chance(50) else {})})
        if node["spec"].get("unschedulable") and not self.slips():
            found.append({"key": "node.kubernetes.io/unschedulable", "operator": "Exists", "effect": "NoSchedule"})
        return found

    def container(self, node: dict[str, Any], number: int) -> dict[str, Any]:
        """A container with requests, limits or both, some up to the last bit of the node."""
        pick, has = self.random, node["status"]["allocatable"]
        requests: dict[str, str] = {}
        limits: dict[str, str] = {}
        if self.chance(85):
            requests["cpu"] = pick.choice(["1m", "10m", "0.015", "30m"] if not self.chance(20) else edges(has["cpu"]))
        if self.chance(70):
            requests["memory"] = pick.choice(["16Mi", "1e7", "20M"] if not self.chance(20) else MEMORY)
        if self.chance(25):
            requests["ephemeral-storage"] = pick.choice(["1Gi", "1Gi", "10Gi", "10737418241", "0.5Gi"])
        if self.chance(10):
            limits["memory"] = requests.pop("memory", "32Mi")
        if self.chance(30) and ("nvidia.com/gpu" in has or self.slips()):
            limits["nvidia.com/gpu"] = pick.choice(["1", "1", "1", "2"])
        if self.chance(5) and ("example.org/fpga" in has or self.slips()):
            limits["example.org/fpga"] = "1"
        if self.chance(5) and ("hugepages-2Mi" in has or self.slips()):
            limits["hugepages-2Mi"] = pick.choice(["32Mi", "64Mi", "66Mi"])
            requests.setdefault("cpu", "1m")
        made: dict[str, Any] = {"name": f"c{number}", "image": IMAGE}
        made["resources"] = {kind: each for kind, each in (("requests", requests), ("limits", limits)) if each}
        if self.chance(15):
            port = pick.choice([8080, 9090, 9091])
            made["ports"] = [{"containerPort": port + number, "hostPort": port + number, **self.host(number)}]
        return made

    def host(self, number: int) -> dict[str, str]:
        """Protocol and address of a host port."""
        return self.random.choice([{}, {}, {"protocol": "UDP"}, {"hostIP": f"127.0.0.{number + 1}"}])

    def init_container(self, node: dict[str, Any], number: int) -> dict[str, Any]:
        """An init container, or a sidecar."""
        made = {**self.container(node, number + 3), "name": f"i{number}"}
        if self.chance(50):
            made["restartPolicy"] = "Always"
        return made

    def term(self, node: dict[str, Any]) -> dict[str, Any]:
        """A term of node affinity, with every operator."""
        if self.chance(10):
            operator = self.random.choice(["In", "NotIn"])
            return {
                "matchFields": [{"key": "metadata.name", "operator": operator, "values": [node["metadata"]["name"]]}]
            }
        return {"matchExpressions": [self.requirement(node) for _ in range(self.random.choice([1, 1, 2]))]}

    def requirement(self, node: dict[str, Any]) -> dict[str, Any]:
        pick, have = self.random, node["metadata"]["labels"]
        key = pick.choice([*VALUES, "gen", "gen"])
        known = [have[key]] if key in have else []
        if known and not self.slips() and self.chance(70):
            return {"key": key, "operator": "In", "values": [*known, pick.choice(VALUES[key])]}
        match pick.choice(["In", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]):
            case "In" as operator:
                values = [*known, pick.choice(VALUES[key])] if self.chance(80) else [pick.choice(VALUES[key])]
            case "NotIn" as operator:
                values = [pick.choice(VALUES[key])]
            case ("Gt" | "Lt") as operator:
                key, values = "gen", [pick.choice(["0", "3", "8", "007", "9223372036854775806", "seven"])]
            case operator:
                values = []
        return {"key": key, "operator": operator, **({"values": values} if values else {})}

    def pod_level(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Resources of the pod as a whole: at least what its containers ask for."""
        return self.random.choice(
            [
                {"requests": {"cpu": "900m"}},
                {"limits": {"cpu": "60", "memory": "900Gi"}},
                {"requests": {"cpu": "470m", "memory": "400Mi"}, "limits": {"cpu": "200", "memory": "1000Gi"}},
            ]
            if any("resources" in each and each["resources"] for each in spec["containers"])
            else [{"requests": {"cpu": "100m"}}, {"limits": {"cpu": "700m", "memory": "300Mi"}}]
        )
