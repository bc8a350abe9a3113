"""Defines: `Platform`, several workloads as one application under one release, and how a file of Python names one.
Does not define: its umbrella Helm chart (`podzol.charts`), nor the files of its manifests (`podzol.synth`).
"""

import importlib.util
import re
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from podzol.faults import Failure, Fault, UserError
from podzol.template import ValuesError
from podzol.values import Values
from podzol.workloads.workload import Workload

ALIAS = r"[a-z]([-a-z0-9]*[a-z0-9])?"
"""A DNS label that starts with a letter: an alias ends up in the names of Services."""
LONGEST_ALIAS = 40


class Part(NamedTuple):
    """One workload of a platform, under its alias."""

    alias: str
    workload: type[Workload]
    values: Values


class Platform:
    """Several workloads as one application: one release of one umbrella Helm chart, or one cdk8s chart.

    A part's objects are named after the release and its alias: `spectra` in the release `soil` is `soil-spectra`.
    """

    def __init__(
        self,
        name: str,
        parts: Mapping[str, tuple[type[Workload], Any]],
        *,
        release: str,
        namespace: str = "default",
        description: str = "",
    ) -> None:
        """Take the parts in the order in which they are to be applied.

        Args:
            name: name of the umbrella Helm chart, of the cdk8s chart and of the manifests' file.
            parts: alias to workload and values; values are an instance of the workload's model, or a mapping as in a
                values file.
            release: the release's name.
            namespace: namespace of the objects.
            description: one line on what the application is.

        Raises:
            UserError: an impossible name or alias, refused values, or two objects of one name; carries every fault.
        """
        self.name, self.release, self.namespace, self.description = name, release, namespace, description
        faults = [
            Fault(
                where,
                f"must be a DNS label of at most {LONGEST_ALIAS} characters that starts with a letter",
                label,
                "use a-z, 0-9 and -, such as data-api",
            )
            for where, label in [("name", name), *(("alias", alias) for alias in parts)]
            if len(label) > LONGEST_ALIAS or not re.fullmatch(ALIAS, label)
        ]
        self.parts: list[Part] = []
        for alias, (workload, values) in parts.items():
            try:
                self.parts.append(Part(alias, workload, workload.load(values)))
            except ValuesError as error:
                faults += _under(alias, error.faults)
        if faults:
            raise UserError(faults)
        self.manifests = self._render()
        """The manifests of all parts, in the order of the parts, as plain dicts."""

    def construct(self, scope: Any) -> dict[str, Any]:
        """Make a cdk8s construct of each part, by alias, in a cdk8s chart whose namespace is the platform's.

        Raises:
            UserError: the cdk8s chart has another namespace.
        """
        from podzol.workloads.construct import namespace_of

        if (namespace := namespace_of(scope)) != self.namespace:
            rule, fix = f"must be {self.namespace}, as the platform {self.name} says", "write it in the cdk8s chart"
            raise UserError([Fault("namespace", rule, namespace, fix)])
        return {
            part.alias: part.workload(scope, part.alias, part.values, release_name=self.release) for part in self.parts
        }

    def _render(self) -> list[dict[str, Any]]:
        manifests: list[dict[str, Any]] = []
        faults: list[Fault] = []
        owners: dict[tuple[str, ...], str] = {}
        for part in self.parts:
            try:
                rendered = part.workload.render(
                    part.values, release=self.release, namespace=self.namespace, chart=part.alias
                )
            except ValuesError as error:
                faults += _under(part.alias, error.faults)
                continue
            for manifest in rendered:
                kind, name = manifest["kind"], manifest["metadata"]["name"]
                owner = owners.setdefault((kind, manifest["metadata"].get("namespace", ""), name), part.alias)
                if owner != part.alias:
                    faults.append(Fault(part.alias, f"must not make the {kind} that {owner} makes", name, "rename one"))
            manifests += rendered
        if faults:
            raise UserError(faults)
        return manifests


def platforms_in(path: Path) -> list[Platform]:
    """The platforms that a Python file defines at its top level, in its order.

    Raises:
        UserError: no such file, no platform in it, two of one name, or what the platforms themselves refuse.
        Failure: the file can't be run.
    """
    if path.suffix != ".py" or not path.is_file():
        raise UserError([Fault(str(path), "must be a Python file", fix="name a file that defines a Platform")])
    found = list({id(value): value for value in _run(path).values() if isinstance(value, Platform)}.values())
    if not found:
        fix = "write soil = Platform(...) at its top level"
        raise UserError([Fault(str(path), "must define a Platform", fix=fix)])
    names = [platform.name for platform in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        rule, fix = "must not define two platforms of one name", "give each a name of its own"
        raise UserError([Fault(str(path), rule, name, fix) for name in twice])
    return found


def _run(path: Path) -> dict[str, Any]:
    name = str(path.resolve())  # of two applications both files may be application.py
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where Python finds the source of the classes in it
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except (UserError, ValuesError, Failure):
        raise
    except (Exception, SystemExit) as error:  # an exit code of 0 would pass for success, with nothing made
        raise Failure(f"{path}:{_line(path, error)}: {type(error).__name__}: {_text(error)}") from error
    finally:
        sys.path.remove(str(path.parent))
    return vars(module)


def _line(path: Path, error: BaseException) -> int:
    """The last line of the file that led to the error."""
    if isinstance(error, SyntaxError):
        return error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 1 for frame in reversed(frames) if frame.filename == str(path)), 1)


def _text(error: BaseException) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _under(alias: str, faults: tuple[Fault, ...]) -> list[Fault]:
    return [Fault(f"{alias}.{fault.where}", fault.rule, fault.got, fault.fix) for fault in faults]
