"""Defines `Report`: what `check` found, and the same as plain data for programs."""

from dataclasses import dataclass
from typing import Any, Literal

from podzol.fit.amounts import number, words
from podzol.fit.findings import SEVERITIES, Finding
from podzol.fit.placement import Placement
from podzol.fit.pods import Pod
from podzol.fit.workload import Workload

Answer = Literal["fits", "does not fit"]


@dataclass(frozen=True)
class Verdict:
    """One workload on the cluster."""

    workload: Workload
    pod: Pod
    placements: tuple[Placement, ...]
    findings: tuple[Finding, ...]
    """Errors first, then warnings, then notes."""

    @property
    def pools(self) -> list[str]:
        """Names of the pools that take its pods."""
        return [each.pool.name for each in self.placements if each.fits]

    @property
    def answer(self) -> Answer:
        return "does not fit" if any(each.severity == "error" for each in self.findings) else "fits"

    @property
    def asks(self) -> str:
        """What one pod asks for, in words."""
        shown = [f"{number(name, amount)} {words(name)}" for name, amount in self.pod.requests.items() if amount]
        return ", ".join(shown) or "nothing"


@dataclass(frozen=True)
class Report:
    """Every workload on the cluster."""

    cluster: str
    provider: str
    """`eks`, `gke` or `local`; `live` for a cluster that runs."""
    verdicts: tuple[Verdict, ...]

    @property
    def fits(self) -> bool:
        return all(each.answer == "fits" for each in self.verdicts)

    def to_json(self) -> dict[str, Any]:
        """Plain data. CPU is in thousandths of a core, memory and disk in bytes."""
        return {
            "cluster": self.cluster,
            "provider": self.provider,
            "fits": self.fits,
            "workloads": [_verdict(each) for each in self.verdicts],
        }


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors first, each finding once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda each: SEVERITIES.index(each.severity)))


def _verdict(verdict: Verdict) -> dict[str, Any]:
    workload = verdict.workload
    return {
        "kind": workload.kind,
        "name": workload.name,
        "namespace": workload.namespace,
        "fits": verdict.answer == "fits",
        "pods": {"least": workload.pods, "most": workload.most},
        "requests": dict(verdict.pod.requests),
        "pools": [_placement(each) for each in verdict.placements],
        "findings": [vars(each) for each in verdict.findings],
    }


def _placement(placement: Placement) -> dict[str, Any]:
    return {"pool": placement.pool.name, "fits": placement.fits, "reasons": list(placement.reasons)}
