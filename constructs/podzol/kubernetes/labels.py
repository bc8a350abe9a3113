"""Defines: the labels of every object, what a selector holds, and `metadata`. Does not define: annotations that
autoscalers read (`eviction.py`).
Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ and
https://helm.sh/docs/chart_best_practices/labels/, 2026-11-23.
"""

from typing import Any

from podzol.template import named, replace, spread, trim_suffix, trunc
from podzol.values import AnnotationKey, LabelKey, LabelValue, NameOverride, Values

NAME = "app.kubernetes.io/name"
INSTANCE = "app.kubernetes.io/instance"
VERSION = "app.kubernetes.io/version"
COMPONENT = "app.kubernetes.io/component"
MANAGED_BY = "app.kubernetes.io/managed-by"
HELM_CHART = "helm.sh/chart"

RESOURCE_POLICY = "helm.sh/resource-policy"
"""Annotation: with the value `keep`, `helm uninstall` leaves the object in place.
Source: https://helm.sh/docs/howto/charts_tips_and_tricks/"""
KEEP = {RESOURCE_POLICY: "keep"}
TEST_HOOK = {"helm.sh/hook": "test", "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded"}
"""Annotations: run by `helm test` only. Source: https://helm.sh/docs/topics/chart_tests/"""


class ObjectValues(Values):
    """What every workload takes, whatever it makes."""

    name_override: NameOverride = ""
    """Replaces the Helm chart's name in the names of objects. Empty: the Helm chart's name."""
    fullname_override: NameOverride = ""
    """Replaces the names of objects as a whole. Empty: the release's name and the Helm chart's name."""
    labels: dict[LabelKey, LabelValue] = {}
    """Further labels of every object but pods (see podLabels)."""
    annotations: dict[AnnotationKey, str] = {}
    """Further annotations of every object that has no annotations of its own among the values."""


def selector_labels(release: Any) -> Any:
    """Labels that tell the objects of one release; a selector never changes, so nothing else may stand here."""
    return named(
        "selectorLabels",
        {NAME: trim_suffix(trunc(release.chart, 63), "-"), INSTANCE: release.name},
        "Labels that tell the objects of this release. Selectors can't change: add nothing here.",
    )


def labels(v: ObjectValues, release: Any, own: dict[str, Any] | None = None) -> dict[Any, Any]:
    """Labels of an object: the recommended ones, the user's, and the object's own, which the user can't displace."""
    recommended = {
        HELM_CHART: trim_suffix(trunc(replace(release.chart + "-" + release.version, "+", "_"), 63), "-"),
        VERSION: release.app_version,
        MANAGED_BY: release.service,
    }
    merged = [selector_labels(release), spread(v.labels)]
    if own:
        return {**own, **recommended, ...: merged}
    return {...: named("labels", {**recommended, ...: merged}, "Labels of every object.")}


def test_labels(release: Any) -> dict[str, Any]:
    """Labels of a pod that `helm test` runs: without the name, so that no selector of the release finds it."""
    return {INSTANCE: release.name, COMPONENT: "test"}


def object_name(release: Any, suffix: str = "") -> Any:
    """`release.fullname` and a suffix such as `-config`, together at most 63 characters."""
    return release.name_with(suffix) if suffix else release.fullname


def metadata(
    v: ObjectValues, release: Any, suffix: str = "", annotations: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Metadata of an object: its name, namespace, labels and annotations, with what the user adds."""
    return {
        "name": object_name(release, suffix),
        "namespace": release.namespace,
        "labels": labels(v, release),
        "annotations": {**(annotations or {}), ...: spread(v.annotations)},
    }
