"""Defines `fault_in`: whether a record holds what a recorder writes, so that a changed one is told by its line."""

from datetime import datetime
from typing import Any

import msgspec

Amount = int | float


class Metric(msgspec.Struct):
    """A metric of an HPA, as `kinds` keeps it."""

    name: str
    target: Amount | None
    current: Amount | None


class Object(msgspec.Struct):
    """What is kept of objects; every field may be missing."""

    pool: str = ""
    machine: str = ""
    zone: str = ""
    node: str = ""
    owner: str = ""
    release: str = ""
    phase: str = ""
    unschedulable: str = ""
    disrupted: str = ""
    target: str = ""
    failure: str = ""
    about: str = ""
    about_name: str = ""
    reason: str = ""
    message: str = ""
    last: datetime | None = None
    offers: dict[str, int] = {}
    asks: dict[str, int] = {}
    taints: list[str] = []
    exit_codes: list[int] = []
    metrics: list[Metric] = []
    ready: bool | int = False
    wanted: int = 0
    parallelism: int | None = None
    failed: int = 0
    min: int | None = None
    max: int | None = None
    patience: int | None = None


class Load(msgspec.Struct):
    """A moment of a load."""

    offered: Amount = 0
    served: Amount = 0
    latency_seconds: Amount | None = None
    in_cores: bool = False


class Note(msgspec.Struct):
    """A remark."""

    text: str = ""


class Told(msgspec.Struct):
    """What a recorder says of itself, or of a watch."""

    what: str


class Claim(msgspec.Struct):
    """What a scenario claimed."""

    against: str = ""
    measured: str = ""


OBJECTS = ("Node", "NodeClaim", "Pod", "Event", "Deployment", "Job", "HorizontalPodAutoscaler")
"""Kinds that a report reads."""
FORMS: dict[str, type] = {
    **dict.fromkeys(OBJECTS, Object),
    "Load": Load,
    "Note": Note,
    "Run": Told,
    "Watch": Told,
    "Claim": Claim,
}


def fault_in(kind: str, fields: dict[str, Any]) -> str:
    """What is wrong with the fields of a record; empty: nothing, or nobody reads them."""
    if form := FORMS.get(kind):
        try:
            msgspec.convert(fields, form)
        except msgspec.ValidationError as error:
            return str(error)
    return ""
