"""What Python refuses, Helm refuses, and the other way round; a broken rule with the same words in both."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from oracle import Oracle
from random_values import sample, values_of
from samples import EDGE, SAMPLES, SUBJECTS, WEB, Subject

from podzol.template import Context, ValuesError, broken, evaluate, load
from podzol.template.annotations import fields

SEED = 11
CASES = 50
BAD: dict[str, Any] = {
    "null": None,
    "text": "x y",
    "empty text": "",
    "number as text": "8080",
    "integer": 3,
    "negative": -1,
    "past float64": 2**53 + 2,
    "fraction": 1.5,
    "whole float": 8080.0,
    "million": 1e6,
    "boolean": True,
    "list": [1],
    "empty list": [],
    "map": {"zz": 1},
    "empty map": {},
    "newline at the end": "abc\n",
    "Arabic digit": "٣",
    "DEL": {"k": "a\x7f"},
    "NEL": ["\x85"],
    "blank line at the end": {"k": "x\n\n"},
    "merge key": {"<<": {}},
    "odd key": {"a b/é": "x"},
    "long": "a" * 300,
    "null in a list": [None],
    "null in a map": {"k": None},
}


def spots(model: Any, values: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a value set about which the model says something."""
    for alias, field in fields(model).items():
        here = (*path, alias)
        yield here
        held = values.get(alias) if isinstance(values, dict) else None
        if field.type.kind == "section":
            yield from spots(field.type.model, held or {}, here)
        if field.type.kind in ("list", "map") and held:
            first = 0 if field.type.kind == "list" else sorted(held)[0]
            yield (*here, first)
            if field.type.element.kind == "section":
                yield from spots(field.type.element.model, held[first], (*here, first))


def put(values: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The values with one of them replaced."""
    out = copy.deepcopy(values)
    at = out
    for key in path[:-1]:
        if isinstance(at, dict) and at.get(key) is None:
            at[key] = {}
        at = at[key]
    at[path[-1]] = value
    return out


def broken_values(subject: Subject, count: int) -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """Value sets with one thing made wrong: a value, an unknown key, or a key taken away."""
    random = Random(SEED)
    out = []
    for values in sample(values_of(subject.model), count, SEED):
        path = random.choice(list(spots(subject.model, values)))
        what = random.choice([*BAD, "unknown key"])
        if what == "unknown key":
            section = path[: max(index for index, key in enumerate(path) if isinstance(key, str))]
            out.append((what, path, put(values, (*section, "unknownKey"), 1)))
        else:
            out.append((what, path, put(values, path, BAD[what])))
    return out


def told_in_python(subject: Subject, values: dict[str, Any]) -> str:
    """Which kind of refusal Python gives: schema, rule or none."""
    try:
        loaded = load(subject.model, values)
    except ValuesError:
        return "schema"
    return "rule" if broken(subject.tree, loaded, Context("r", "ns", "c", "1", "1")) else ""


def told_by_helm(stderr: str) -> str:
    if "values don't meet the specifications of the schema" in stderr:
        return "schema"
    assert "execution error" in stderr or "fail" in stderr, stderr
    return "rule"


KNOWN: dict[str, list[dict[str, Any]]] = {
    "web": [
        {"name_override": "x"},
        {"image": None},
        {"autoscaling": {"enabled": None}},
        {"env": {"PO RT": "x"}},
        {"podLabels": {"a": "b c"}},
        {"volumes": [{"name": "a"}]},
        {"volumes": [{"name": "a", "claim": "b", "read_only": True}]},
        {"ingress": {}},
        {"minAvailable": "101%"},
    ],
    "edge": [
        {"n": 2**53 + 2},
        {"n": -(2**53) - 2},
        {"codes": [2**53 + 2]},
        {"tree": {"<<": {}}},
        {"tree": {"k": "a\x7f"}},
        {"tree": {"k": ["x\n\n"]}},
        {"selector": {"a\nb": 1}},
        {"keys": {"A": {"key": "a"}}},
        {"plainLabels": {"<<": "a"}},
        {"weights": [None]},
    ],
}
"""What random mistakes rarely are."""


@pytest.mark.helm
@pytest.mark.parametrize("subject", SAMPLES, ids=str)
def test_python_and_helm_refuse_what_is_known_to_be_wrong(
    subject: Subject, oracle_of: Callable[[Subject], Oracle]
) -> None:
    known = KNOWN[subject.chart]
    assert [told_in_python(subject, values) for values in known] == ["schema"] * len(known)
    run = oracle_of(subject).template("umbrella", {f"c{n}": values for n, values in enumerate(known)}, "r")
    assert [f"\nc{n}:\n" in run.stderr for n in range(len(known))] == [True] * len(known)


@pytest.mark.helm
@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_python_and_helm_refuse_the_same_values(subject: Subject, oracle_of: Callable[[Subject], Oracle]) -> None:
    oracle = oracle_of(subject)
    cases = broken_values(subject, CASES)
    disagreed = []
    for start in range(0, CASES, oracle.size):
        batch = cases[start : start + oracle.size]
        python = [told_in_python(subject, values) for _, _, values in batch]
        run = oracle.template("umbrella", {f"c{n}": values for n, (_, _, values) in enumerate(batch)}, "r")
        schema = {int(number) for number in re.findall(r"(?m)^c([0-9]+):$", run.stderr)}
        for n, (what, path, values) in enumerate(batch):
            if (n in schema) != (python[n] == "schema"):
                disagreed.append((what, path, python[n] or "accepted", "schema" if n in schema else "no schema error"))
            elif python[n] == "rule":
                alone = oracle.template(subject.chart, values, "r")
                assert alone.returncode, (what, path)
                assert told_by_helm(alone.stderr) == "rule", (what, path)
        accepted = [values for n, (_, _, values) in enumerate(batch) if not python[n]]
        if accepted:
            run = oracle.template("umbrella", {f"c{n}": values for n, values in enumerate(accepted)}, "r")
            assert run.returncode == 0, run.stderr[-2000:]
    assert not disagreed


RULE_CASES = [
    (
        WEB,
        {
            "autoscaling": {"minReplicas": 6, "maxReplicas": 3},
            "env": {"PORT": "ä\t\u2028\x01€\U000e0001"},
            "volumes": [
                {"name": "a", "claim": "b"},
                {"name": "c", "claim": "d", "mountPath": "/etc/web"},
                {"name": "e", "claim": "f"},
            ],
        },
        [
            "autoscaling.minReplicas: must be at most maxReplicas, got 6; lower minReplicas or raise maxReplicas",
            "volumes: must have each mountPath once; mount one of them elsewhere",
            'volumes[1].mountPath: must not be /etc/web, got "/etc/web"; mount it elsewhere',
            'env.PORT: must not be PORT, got "PORT"; set port',
        ],
    ),
    (
        EDGE,
        {
            "n": 13,
            "text": "forbidden",
            "jobs": [
                {"name": "boss", "routes": [{"timeout": 4}, {"timeout": 6000}]},
                {"name": "same", "routes": [{"hosts": ["x"]}, {"hosts": ["x"]}]},
                {"name": "same"},
                {"name": "pre"},
            ],
            "keys": {"twin": {"key": "reserved"}, "other": {"key": "reserved"}},
            "ports": {"ssh": 22, "tls": 443},
            "room": {"size": "2Gi", "limit": "1500M", "cores": "1.5", "most": 1, "ladder": ["1Gi", "1024Mi"]},
            "rooms": [{"size": "1M", "limit": "1k", "ladder": ["1Gi", "1G"]}, {"limit": "2Gi"}],
        },
        [
            "n: must not be 13 unless soft is given or flag is false, got 13; take 12%",
            "jobs: must be at most 3; remove some",
            "jobs: must each have a name of their own",
            "keys: must share no key with a job, nor be called reserved",
            'jobs[0].name: must not be boss nor prefix, got "boss"',
            "jobs[0].routes[1].timeout: must be less than 5000, got 6000; lower it by 1%",
            'jobs[3].name: must not be boss nor prefix, got "pre"',
            "jobs[1].routes: must differ",
            "jobs[1].routes[0].hosts: must not hold x where routes are alike",
            "jobs[1].routes[1].hosts: must not hold x where routes are alike",
            "ports.ssh: must not be 22, got 22",
            "keys: must have no key twice when one is called twin",
            "room.ladder: must rise",
            'room.limit: must be at least size, got "1500M"; raise it',
            "room.most: must be at least cores, got 1",
            'rooms[0].limit: must be at least size, got "1k"; raise it',
            'rooms[0].size: must rise, got "1M"',
            'text: must not be "forbidden", got "forbidden"',
        ],
    ),
]


@pytest.mark.helm
@pytest.mark.parametrize(("subject", "values", "told"), RULE_CASES, ids=["web", "edge"])
def test_all_broken_rules_are_told_at_once_in_the_same_words(
    subject: Subject, values: dict[str, Any], told: list[str], oracle_of: Callable[[Subject], Oracle]
) -> None:
    with pytest.raises(ValuesError) as refused:
        evaluate(subject.tree, load(subject.model, values), Context("r", "ns", subject.chart, "1", "1"))
    assert [str(fault) for fault in refused.value.faults] == told
    run = oracle_of(subject).template(subject.chart, values, "r")
    assert run.returncode == 1
    assert "\n".join(told) in run.stderr, json.dumps(run.stderr)
