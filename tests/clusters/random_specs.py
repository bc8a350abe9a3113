"""Random specs that a cloud would take, for property tests."""

from typing import Any

from hypothesis import strategies as st

from podzol.clusters.machines import ATTACHED_COUNTS, machines

NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,12}[a-z0-9])?", fullmatch=True).filter(
    lambda name: name not in ("default-pool", "system")
)
LABEL_KEYS = st.from_regex(r"(team|soil\.example)/[a-z]{1,8}", fullmatch=True)
LABEL_VALUES = st.from_regex(r"[a-z0-9]([a-z0-9._-]{0,10}[a-z0-9])?", fullmatch=True)
TAINTS = st.fixed_dictionaries(
    {
        "key": st.from_regex(r"soil\.example/[a-z]{1,6}", fullmatch=True),
        "value": LABEL_VALUES,
        "effect": st.sampled_from(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
    }
)
GPU_TAINT = {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}
ZONES = {"eks": ["us-east-1a", "us-east-1b", "us-east-1c"], "gke": ["us-central1-a", "us-central1-b", "us-central1-f"]}


def gpu_pairs() -> list[dict[str, Any]]:
    """Accelerators that both clouds have, with a machine of each."""
    found = []
    for here in machines("eks").values():
        for there in machines("gke").values():
            same = (there.accelerator, there.gpus) == (here.accelerator, here.gpus)
            added = there.attaches == here.accelerator and here.gpus in ATTACHED_COUNTS
            if here.gpus and (same or added):
                accelerator = {"type": here.accelerator, "count": here.gpus}
                found.append(
                    {
                        "machines": {"eks": [here.name], "gke": [there.name]},
                        "accelerator": accelerator,
                        "taints": [GPU_TAINT],
                    }
                )
    return found


GPU_PAIRS = gpu_pairs()
CPU_PAIRS = [
    {"machines": {"eks": [here.name], "gke": [there.name]}}
    for here in list(machines("eks").values())[::9]
    if not here.gpus
    for there in list(machines("gke").values())[::5]
    if not there.gpus
]


@st.composite
def pools(draw: st.DrawFn, name: str, floor: bool) -> dict[str, Any]:
    kind = draw(st.sampled_from(CPU_PAIRS if floor else [*CPU_PAIRS, *GPU_PAIRS]))
    least = draw(st.integers(1 if floor else 0, 3))
    taints = [] if floor else draw(st.lists(TAINTS, max_size=2, unique_by=lambda taint: taint["key"]))
    return {
        "name": name,
        "capacityType": draw(st.sampled_from(["spot", "on-demand"])),
        "min": least,
        "max": draw(st.integers(4, 12)),
        **kind,
        "taints": [*kind.get("taints", []), *taints],
        "labels": draw(st.dictionaries(LABEL_KEYS, LABEL_VALUES, max_size=3)),
        "diskGib": draw(st.integers(20, 500)),
        "zones": {cloud: draw(st.sampled_from([[], zones[:1], zones[1:]])) for cloud, zones in ZONES.items()},
    }


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    return {
        "name": draw(NAMES),
        "kubernetesVersion": draw(st.sampled_from(["1.33", "1.34", "1.35"])),
        "eks": {"region": "us-east-1", "zones": ZONES["eks"]},
        "gke": {"region": "us-central1", "zones": ZONES["gke"]},
        "localLike": draw(st.sampled_from(["eks", "gke"])),
        "nodeAutoscaler": draw(st.sampled_from(["cluster-autoscaler", "karpenter"])),
        "pools": [draw(pools(name, floor=number == 0)) for number, name in enumerate(names)],
    }
