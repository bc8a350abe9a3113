"""Defines `Release`, what an author may ask of a release, and `Context`, what Helm calls `.Release` and `.Chart`."""

import functools
from typing import Any, NamedTuple

from pydantic import BaseModel

from podzol.template.expressions import Expr
from podzol.template.faults import TemplateError
from podzol.template.functions import contains, or_else, pick, trim_suffix, trunc
from podzol.template.patterns import PLAIN
from podzol.template.types import Type
from podzol.template.words import named

NAME_LENGTH = 63
"""Characters of a DNS label (RFC 1123), the strictest of what names may hold."""

RELEASE_LENGTH = 53
"""Characters of a release name that Helm takes. Source: helm.sh/docs/chart_template_guide (2026-11-23)."""


class Context(NamedTuple):
    """One release of one chart: what Helm fills in for `.Release` and `.Chart`."""

    release: str
    namespace: str
    chart: str
    version: str
    app_version: str
    service: str = "Helm"


class Release:
    """The release as an author sees it, symbolic or plain."""

    def __init__(self, facts: dict[str, Any], values: Any, model: type[BaseModel]) -> None:
        self.name = facts["release"]
        self.namespace = facts["namespace"]
        self.service = facts["service"]
        self.chart = facts["chart"]
        self.version = facts["version"]
        self.app_version = facts["app_version"]
        self._values = values
        self._fields = set(model.model_fields)

    @functools.cached_property
    def fullname(self) -> Any:
        """The name of this release's objects, by the rule of `helm create`; at most 63 characters.

        Values `name_override` and `fullname_override` take part when the model has them.
        """
        chart = or_else(self._values.name_override, self.chart) if "name_override" in self._fields else self.chart
        usual = pick(contains(self.name, chart), cut(self.name), cut(self.name + "-" + chart))
        if "fullname_override" in self._fields:
            override = self._values.fullname_override
            usual = pick(override, cut(override), usual)
        return named("fullname", usual, "The name of this release's objects, at most 63 characters.")

    def name_with(self, suffix: Any, longest: int = NAME_LENGTH) -> Any:
        """The full name and a suffix, together at most `longest` characters: the full name is cut, never the suffix."""
        size = suffix._type.longest if isinstance(suffix, Expr) else len(suffix)
        if size is None or size >= longest:
            raise TemplateError(f"name_with: {suffix!r} must be bounded by max_length, trunc() or sha256_of()")
        return trim_suffix(trunc(self.fullname, longest - size), "-") + suffix


def cut(name: Any) -> Any:
    return trim_suffix(trunc(name, NAME_LENGTH), "-")


GO_NAMES = {
    "release": ("Release", "Name"),
    "namespace": ("Release", "Namespace"),
    "service": ("Release", "Service"),
    "chart": ("Chart", "Name"),
    "version": ("Chart", "Version"),
    "app_version": ("Chart", "AppVersion"),
}
LENGTHS = {"release": RELEASE_LENGTH, "namespace": NAME_LENGTH}


def root_of(model: type[BaseModel]) -> Expr:
    """All values of a model, before they are known."""
    return Expr("root", Type("section", model=model), "values")


def symbolic_release(model: type[BaseModel]) -> Release:
    facts = {}
    for fact in GO_NAMES:
        type_ = Type("str", full=True, alphabet=PLAIN, longest=LENGTHS.get(fact))
        facts[fact] = Expr("context", type_, "release.name" if fact == "release" else f"release.{fact}", fact)
    return Release(facts, root_of(model), model)


def plain_release(context: Context, values: BaseModel) -> Release:
    return Release(context._asdict(), values, type(values))
