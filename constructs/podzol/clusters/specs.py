"""Defines how a spec is read: a bundled name or a file, checked whole, every fault told at once."""

import difflib
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from podzol.clusters.refusals import refused
from podzol.clusters.spec import ClusterSpec
from podzol.documents import document
from podzol.faults import Fault, UserError, each_of
from podzol.template.refusals import refusal

FOLDER = resources.files("podzol.clusters") / "specs"


def bundled() -> list[str]:
    """Names of the specs that come with Podzol."""
    return sorted(Path(each.name).stem for each in FOLDER.iterdir() if each.name.endswith(".yaml"))


def load_specs(names_or_paths: Sequence[str]) -> list[ClusterSpec]:
    """The specs, each as `load_spec`. Raises UserError with the faults of all, or when two are of one name: they would
    go to the same folder."""
    specs = each_of(load_spec, names_or_paths)
    names = [spec.name for spec in specs]
    rule, fix = "must differ from the other specs' names", "rename one or leave it out"
    if twice := [number for number, name in enumerate(names) if name in names[:number]]:
        raise UserError(Fault(f"{names_or_paths[number]}, name", rule, names[number], fix) for number in twice)
    return specs


def load_spec(name_or_path: str) -> ClusterSpec:
    """The spec of a bundled name (`soil`) or of a YAML file. Raises UserError with every fault."""
    if name_or_path in bundled():
        file: Traversable = FOLDER / f"{name_or_path}.yaml"
    elif Path(name_or_path).is_file():
        file = Path(name_or_path)
    else:
        near = difflib.get_close_matches(name_or_path, bundled(), n=1)
        fix = f"did you mean {near[0]}" if near else f"bundled are {', '.join(bundled())}; or give a YAML file"
        raise UserError([Fault("SPEC", "must be a bundled spec or a file", name_or_path, fix)])
    content = document(file)
    try:
        return parse_spec(content)
    except UserError as error:
        of_file = [replace(fault, where=f"{name_or_path}, {fault.where}") for fault in error.faults]
        raise UserError(of_file) from None


def parse_spec(content: Any) -> ClusterSpec:
    """The spec of a map. Raises UserError with every fault: first those of form, then those that a cloud would have."""
    if not isinstance(content, dict):
        raise UserError([Fault("spec", "must be a map", "nothing" if content is None else content)])
    try:
        spec = ClusterSpec.model_validate(content, by_alias=True, by_name=False)
    except ValidationError as error:
        raise UserError(refusal(ClusterSpec, error).faults) from None
    if faults := refused(spec):
        raise UserError(faults)
    return spec
