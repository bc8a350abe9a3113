"""The template language: one function from values to manifests, read as plain manifests and as a Helm chart."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from podzol.template.annotations import ValueField, fields
    from podzol.template.direct import run_directly
    from podzol.template.emit_chart import emit
    from podzol.template.evaluate_nodes import broken, evaluate, evaluate_notes
    from podzol.template.faults import Fault, TemplateError, ValuesError
    from podzol.template.functions import (
        all_of,
        any_of,
        bytes_of,
        contains,
        count,
        join,
        lower,
        max_of,
        millicores_of,
        min_of,
        not_,
        or_else,
        pick,
        present,
        replace,
        rising,
        sha256_of,
        times,
        to_str,
        trim_suffix,
        trunc,
    )
    from podzol.template.json_schema import schema
    from podzol.template.loading import load
    from podzol.template.release import Context, Release
    from podzol.template.tracing import Tree, rule_sentences, trace
    from podzol.template.types import Form, Type
    from podzol.template.values import Values, defaults, to_values
    from podzol.template.words import collect, each, keep, named, rule, spread, unique, when
    from podzol.template.yaml_reader import read_yaml

__all__ = [
    "Context",
    "Fault",
    "Form",
    "Release",
    "TemplateError",
    "Tree",
    "Type",
    "ValueField",
    "Values",
    "ValuesError",
    "all_of",
    "any_of",
    "broken",
    "bytes_of",
    "collect",
    "contains",
    "count",
    "defaults",
    "each",
    "emit",
    "evaluate",
    "evaluate_notes",
    "fields",
    "join",
    "keep",
    "load",
    "lower",
    "max_of",
    "millicores_of",
    "min_of",
    "named",
    "not_",
    "or_else",
    "pick",
    "present",
    "read_yaml",
    "replace",
    "rising",
    "rule",
    "rule_sentences",
    "run_directly",
    "schema",
    "sha256_of",
    "spread",
    "times",
    "to_str",
    "to_values",
    "trace",
    "trim_suffix",
    "trunc",
    "unique",
    "when",
]

HOMES = {
    "annotations": ("ValueField", "fields"),
    "direct": ("run_directly",),
    "emit_chart": ("emit",),
    "evaluate_nodes": ("broken", "evaluate", "evaluate_notes"),
    "faults": ("Fault", "TemplateError", "ValuesError"),
    "json_schema": ("schema",),
    "loading": ("load",),
    "release": ("Context", "Release"),
    "tracing": ("Tree", "rule_sentences", "trace"),
    "types": ("Form", "Type"),
    "values": ("Values", "defaults", "to_values"),
    "words": ("collect", "each", "keep", "named", "rule", "spread", "unique", "when"),
    "yaml_reader": ("read_yaml",),
}
"""Where names are defined; the others are functions of the language. Imported when first asked for: errors need no
pydantic, and `podzol synth` no emitter. No module bears an exported name: it would stand in the name's place."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = next((module for module, names in HOMES.items() if name in names), "functions")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
