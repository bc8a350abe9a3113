"""The services that every program of the benchmark makes."""

import os

from podzol import CpuAutoscaledService, Values

RELEASE = NAMESPACE = "soil"


def services() -> dict[str, Values]:
    """Alias to values, no two alike: as many as the environment's SERVICES says."""
    return {
        f"web-{number}": CpuAutoscaledService.Values(
            image={"repository": "registry.example.org/soil/web", "tag": f"1.{number}"},
            autoscaling={"max_replicas": 2 + number % 9},
        )
        for number in range(int(os.environ["SERVICES"]))
    }
