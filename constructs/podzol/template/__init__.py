"""The template language: one function from values to manifests, read as plain manifests and as a Helm chart."""

from podzol.template.annotations import ValueField, fields
from podzol.template.direct import run_directly
from podzol.template.emit import emit
from podzol.template.evaluate import broken, evaluate, evaluate_notes
from podzol.template.faults import Fault, TemplateError, ValuesError
from podzol.template.functions import (
    all_of,
    any_of,
    contains,
    count,
    join,
    lower,
    max_of,
    min_of,
    not_,
    or_else,
    pick,
    present,
    replace,
    sha256_of,
    times,
    to_str,
    trim_suffix,
    trunc,
)
from podzol.template.load import load
from podzol.template.release import Context, Release
from podzol.template.schema import schema
from podzol.template.trace import Tree, rule_sentences, trace
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
    "min_of",
    "named",
    "not_",
    "or_else",
    "pick",
    "present",
    "read_yaml",
    "replace",
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
