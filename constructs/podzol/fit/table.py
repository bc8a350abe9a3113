"""Defines what `podzol fit` prints for people: a line a workload, then the reasons."""

from collections.abc import Iterator

from rich.table import Table

from podzol.fit.placement import Placement
from podzol.fit.report import Report, Verdict

MARKS = {"error": "does not fit", "warning": "warning", "note": "note"}


def summary(report: Report) -> Table:
    """One line a workload."""
    table = Table(title=title(report), title_justify="left", box=None)
    for column in ("workload", "pods", "asks for", "pools", "answer"):
        table.add_column(column, overflow="fold")
    for verdict in report.verdicts:
        table.add_row(
            str(verdict.workload), _pods(verdict), verdict.asks, ", ".join(verdict.pools) or "-", _answer(verdict)
        )
    return table


def title(report: Report) -> str:
    """Which cluster."""
    return f"{report.cluster}, as it runs" if report.provider == "live" else f"{report.cluster} on {report.provider}"


def reasons(report: Report) -> Iterator[str]:
    """Every finding, and why each pool that does not take a workload doesn't."""
    for verdict in report.verdicts:
        lines = [f"  {MARKS[each.severity]}: {each}" for each in verdict.findings]
        lines += [_refusal(each) for each in verdict.placements if not each.fits]
        if lines:
            yield "\n".join([str(verdict.workload), *lines])


def _refusal(placement: Placement) -> str:
    """One reason a line."""
    label = f"  not on {placement.pool.name}: "
    return label + ("\n" + " " * len(label)).join(placement.reasons)


def closing(report: Report) -> str:
    """The answer in a sentence."""
    failing = [str(each.workload) for each in report.verdicts if each.answer != "fits"]
    if not report.verdicts:
        return "no workload among these manifests"
    if failing:
        return f"{len(failing)} of {len(report.verdicts)} workloads do not fit: {', '.join(failing)}"
    return f"all {len(report.verdicts)} workloads fit" if len(report.verdicts) > 1 else "it fits"


def _pods(verdict: Verdict) -> str:
    workload = verdict.workload
    if workload.kind == "DaemonSet":
        return "1 a node"
    return str(workload.pods) if workload.pods == workload.most else f"{workload.pods}..{workload.most}"


def _answer(verdict: Verdict) -> str:
    warnings = sum(each.severity == "warning" for each in verdict.findings)
    if verdict.answer != "fits" or not warnings:
        return verdict.answer
    return f"fits, {warnings} warning{'s' if warnings > 1 else ''}"
