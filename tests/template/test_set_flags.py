"""Values given by flags: Helm types them before the schema sees them, and the chart must do with what comes.

`--set` by itself makes integers without leading zeros, booleans and null; all else is text.
"""

from collections.abc import Callable
from typing import Any

import pytest
from oracle import Oracle, by_name, difference, documents
from samples import WEB, Subject

from podzol.template import evaluate, load

SAME: list[tuple[list[str], dict[str, Any]]] = [
    (["--set", "port=9090"], {"port": 9090}),
    (["--set", "replicas=5000000,autoscaling.enabled=false"], {"replicas": 5000000, "autoscaling": {"enabled": False}}),
    (["--set-json", "replicas=5e6", "--set", "port=1"], {"replicas": 5000000, "port": 1}),
    (["--set", "image.tag=1.20"], {"image": {"tag": "1.20"}}),
    (["--set-string", "image.tag=5"], {"image": {"tag": "5"}}),
    (["--set-string", "env.A=1"], {"env": {"A": "1"}}),
    (["--set", "env.A=007"], {"env": {"A": "007"}}),
    (["--set", "env.A=1e3"], {"env": {"A": "1e3"}}),
    (["--set", r"podLabels.a\.b/c=x"], {"podLabels": {"a.b/c": "x"}}),
    (["--set", "args={a,b}"], {"args": ["a", "b"]}),
    (["--set", "volumes[0].name=a,volumes[0].claim=b"], {"volumes": [{"name": "a", "claim": "b"}]}),
    (["--set", "priorityClass=null"], {"priorityClass": None}),
    (["--set", "minAvailable=50%"], {"minAvailable": "50%"}),
    (["--set", "affinity.a.b=1,affinity.a.c=true,affinity.a.d=x"], {"affinity": {"a": {"b": 1, "c": True, "d": "x"}}}),
    (["--set", "global.any=1", "--set", "enabled=true"], {}),
]
REFUSED = [
    ["--set", 'port="9090"'],
    ["--set-string", "port=9090"],
    ["--set", "port=null"],
    ["--set-json", "image.tag=1.20"],
    ["--set", "image.tag=5"],
    ["--set", "env.A=true"],
    ["--set", "args={1,2}"],
    ["--set", "volumes[1].name=a,volumes[1].claim=b"],
    ["--set", "autoscaling=null"],
    ["--set", "autoscaling.enabled=null"],
    ["--set-string", "minAvailable=2"],
]


@pytest.mark.helm
@pytest.mark.parametrize(("flags", "values"), SAME, ids=lambda part: " ".join(part) if isinstance(part, list) else "")
def test_a_flag_gives_what_a_file_gives(
    flags: list[str], values: dict[str, Any], oracle_of: Callable[[Subject], Oracle]
) -> None:
    oracle = oracle_of(WEB)
    run = oracle.template("web", {}, "soil", *flags)
    assert run.returncode == 0, run.stderr
    wanted = evaluate(WEB.tree, load(WEB.model, values), oracle.context("soil", "web"))
    assert not list(difference(by_name(wanted), by_name(documents(run.stdout), read=True)))


@pytest.mark.helm
@pytest.mark.parametrize("flags", REFUSED, ids=" ".join)
def test_a_flag_of_another_type_is_refused(flags: list[str], oracle_of: Callable[[Subject], Oracle]) -> None:
    run = oracle_of(WEB).template("web", {}, "soil", *flags)
    assert run.returncode == 1
    assert "values don't meet the specifications of the schema" in run.stderr
