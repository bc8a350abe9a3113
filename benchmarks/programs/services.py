"""The services that every program of the benchmark makes: alias -> values. The number is the first argument."""

import os
from typing import Any

RELEASE = NAMESPACE = "soil"


def services() -> dict[str, dict[str, Any]]:
    """As many services as the environment's SERVICES says, no two alike."""
    return {
        f"web-{number}": {
            "image": {"repository": "registry.example.org/soil/web", "tag": f"1.{number}"},
            "autoscaling": {"maxReplicas": 2 + number % 9},
        }
        for number in range(int(os.environ["SERVICES"]))
    }
