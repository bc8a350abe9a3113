"""Defines how a remedy is worded: in values of the Helm chart where the workload is of one of ours, else in Kubernetes'
own words."""

from podzol.charts.project import HOME
from podzol.kubernetes.labels import INSTANCE, NAME
from podzol.why.case import Case, Part
from podzol.why.evidence import Object, labels_of, name_of, spec_of


def prefix(case: Case, it: Object) -> str | None:
    """What stands before a value of the object's Helm chart in the release's values: empty, or the alias in an umbrella
    with a dot. None: it isn't of one of our Helm charts."""
    helm = case.evidence.find("HelmRelease", case.namespace, labels_of(it).get(INSTANCE, case.release))
    if helm is None or spec_of(helm).get("home") != HOME:
        return None
    alias = labels_of(it).get(NAME, "")
    return f"{alias}." if alias in (spec_of(helm).get("aliases") or ()) else ""


def change(case: Case, part: Part | None, value: str, to: str, plain: str) -> str:
    """What to do, by a value of our Helm chart or plainly.

    Args:
        value: its path in the chart's values, such as `image.tag`.
        to: what to set it to, in words.
        plain: the same for a workload of another origin.
    """
    before = prefix(case, part.it) if part else None
    if before is None:
        return plain
    return f"set `{before}{value}` {to} in the values and upgrade the release"


def describe(it: Object, namespace: str) -> str:
    """The command that shows an object."""
    return f"`kubectl describe {it['kind'].lower()} {name_of(it)} -n {namespace}`"


def logs(pod: Object, container: str, namespace: str, previous: bool) -> str:
    """The command that shows what a container has said."""
    before = " --previous" if previous else ""
    return f"`kubectl logs {name_of(pod)} -c {container} -n {namespace}{before}`"
