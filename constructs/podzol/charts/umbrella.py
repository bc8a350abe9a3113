"""Defines the umbrella: a platform becomes a Helm chart that depends on its workloads' Helm charts under aliases.

`helm install soil charts/soil-platform` makes what the platform makes as manifests. The dependencies lie in the
umbrella's own `charts/`, so that it installs without a network.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from podzol.charts.chart import HelmChart
from podzol.charts.values_table import Row, rows
from podzol.faults import Fault, UserError
from podzol.template import to_values
from podzol.version import VERSION
from podzol.workloads.platform import Part, Platform
from podzol.workloads.workload import Example


def umbrella_chart(platform: Platform, charts: Mapping[str, HelmChart], examples: Sequence[Example]) -> HelmChart:
    """The Helm chart of a platform; `charts` are those of its workloads, by name.

    Raises:
        UserError: no part, an alias that Helm keeps for itself, or a value that an umbrella can't carry.
    """
    if not platform.parts:
        raise UserError([Fault(platform.name, "must have a part to be a Helm chart", fix="add one")])
    values = {part.alias: part_values(part, charts[part.workload.chart]) for part in platform.parts}
    faults = list(nulls(values))
    if "global" in values:
        faults.append(Fault("global", "must not be an alias: Helm shares its values with every part", fix="rename it"))
    if faults:
        raise UserError(faults)
    return HelmChart(
        name=platform.name,
        description=platform.description,
        overview=overview(platform),
        version=VERSION,
        app_version=VERSION,
        keywords=keywords(platform),
        links=(),
        values=values,
        schema=umbrella_schema(platform, charts),
        rows=tuple(row for part in platform.parts for row in part_rows(part, values[part.alias])),
        templates={"templates/NOTES.txt": notes(platform)},
        examples=tuple(examples),
        images=tuple(sorted(set(images_in(platform.manifests)))),
        dependencies=tuple(dependency(part) for part in platform.parts),
        subcharts=tuple(charts[name] for name in sorted({part.workload.chart for part in platform.parts})),
    )


def dependency(part: Part) -> dict[str, str]:
    """The entry of Chart.yaml. The address is where the folder lies beside the umbrella's in `charts/`."""
    return {
        "name": part.workload.chart,
        "alias": part.alias,
        "version": VERSION,
        "repository": f"file://../{part.workload.chart}",
        "condition": f"{part.alias}.enabled",
    }


def part_values(part: Part, chart: HelmChart) -> dict[str, Any]:
    """What a part's values change in the defaults of its Helm chart, and the switch that leaves the part out."""
    return {"enabled": True, **changed(chart.values, to_values(part.values))}


def changed(default: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that aren't the default's, section by section: Helm merges maps and replaces everything else."""
    out = {}
    for key, value in values.items():
        if key in default and default[key] == value:
            continue
        both_maps = isinstance(value, dict) and isinstance(default.get(key), dict)
        out[key] = changed(default[key], value) if both_maps else value
    return out


def nulls(values: Mapping[str, Any], prefix: str = "") -> Iterator[Fault]:
    """A fault for each null that should take the place of a default.

    Helm drops the nulls of an umbrella's own values.yaml before it merges the defaults of the dependencies (seen with
    Helm 4.3.1, 2026-11-23), so the default would stay. A null that is given at install time does its work.
    """
    for key, value in values.items():
        if isinstance(value, dict):
            yield from nulls(value, f"{prefix}{key}.")
        elif value is None:
            path = prefix + key
            rule = "must not be null in an umbrella Helm chart, where the part's default would stay"
            yield Fault(path, rule, fix=f"give it another value, or leave it out and install with --set {path}=null")


def umbrella_schema(platform: Platform, charts: Mapping[str, HelmChart]) -> dict[str, Any]:
    """The schema of all parts, each under its alias.

    Nothing is `required` in it: `helm lint` and editors see values.yaml alone, without the defaults of the
    dependencies. Helm checks each dependency's values, complete, against the dependency's own schema anyway.
    """
    first = charts[platform.parts[0].workload.chart].schema
    sections = {}
    for part in platform.parts:
        chart = charts[part.workload.chart]
        body = unrequired({key: chart.schema[key] for key in ("type", "properties", "additionalProperties")})
        body["properties"]["enabled"] = {"description": f"Whether {part.alias} is installed.", "type": "boolean"}
        sections[part.alias] = {"description": f"Values of {chart.name}: {chart.description}", **body}
    return {
        "$schema": first["$schema"],
        "type": "object",
        "properties": {"global": first["properties"]["global"], **sections},
        "additionalProperties": False,
        "definitions": first["definitions"],
    }


def unrequired(schema: Any) -> Any:
    """The schema without its demands for values that a dependency's defaults give; a list's items keep theirs."""
    if not isinstance(schema, dict):
        return schema
    out = {key: value for key, value in schema.items() if key != "required"}
    if "properties" in out:
        out["properties"] = {key: unrequired(value) for key, value in out["properties"].items()}
    return out


def part_rows(part: Part, values: Mapping[str, Any]) -> list[Row]:
    """A row for each value that the platform sets; the others are in the README of the part's own Helm chart."""
    switch = Row("enabled", "boolean", "true", f"Whether {part.alias} is installed.")
    paths = set(paths_in(values))
    found = [row for row in rows(type(part.values), to_values(part.values)) if row.path in paths]
    return [replace(row, path=f"{part.alias}.{row.path}") for row in (switch, *found)]


def paths_in(values: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Every path of the values, sections included."""
    paths = []
    for key, value in values.items():
        paths.append(prefix + key)
        if isinstance(value, dict):
            paths += paths_in(value, f"{prefix}{key}.")
    return paths


def images_in(node: Any) -> Iterator[str]:
    """The container images of manifests."""
    if isinstance(node, list):
        for item in node:
            yield from images_in(item)
    elif isinstance(node, dict):
        if isinstance(node.get("image"), str):
            yield node["image"]
        yield from images_in(list(node.values()))


def keywords(platform: Platform) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for part in platform.parts for word in part.workload.keywords))


def overview(platform: Platform) -> str:
    table = ["| part | Helm chart | what it is |", "|---|---|---|"]
    table += [f"| `{part.alias}` | {part.workload.chart} | {part.workload.description()} |" for part in platform.parts]
    about = (
        "Each part takes every value of its Helm chart under its alias, and `enabled: false` leaves it out. "
        "The table of values lists what this Helm chart sets; the rest is in the README of the part's own."
    )
    return "\n\n".join([platform.description, "\n".join(table), about])


def notes(platform: Platform) -> str:
    """NOTES.txt: Helm doesn't print those of dependencies, so it says how to look at each part."""
    lines = [f"{platform.name} is installed as {{{{ .Release.Name }}}} in the namespace {{{{ .Release.Namespace }}}}."]
    for part in platform.parts:
        selector = f"app.kubernetes.io/instance={{{{ .Release.Name }}}},app.kubernetes.io/name={part.alias}"
        lines += [
            f'{{{{- if index .Values "{part.alias}" "enabled" }}}}',
            "",
            f"{part.alias} ({part.workload.chart}):",
            f"  kubectl --namespace {{{{ .Release.Namespace }}}} get all,pvc --selector {selector}",
            "{{- end }}",
        ]
    lines += ["", "The parts have notes of their own: add --render-subchart-notes to helm install.", ""]
    return "\n".join(lines)
