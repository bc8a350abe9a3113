"""The release's full name follows the rule of `helm create`, and a name with a suffix never overflows."""

import hashlib
from typing import Any

import pytest
from samples.web import WebValues

from podzol.template import Context, TemplateError, Values, evaluate, sha256_of, trace, trunc
from podzol.template.release import plain_release


def fullname(release: str, chart: str = "web", **values: str) -> Any:
    context = Context(release, "ns", chart, "1.0.0", "1.0.0")
    return plain_release(context, WebValues(**values)).fullname


def test_fullname_is_release_and_chart() -> None:
    assert fullname("soil") == "soil-web"


def test_fullname_does_not_repeat_the_chart() -> None:
    assert fullname("my-web-app") == "my-web-app"


def test_fullname_takes_the_override_for_the_chart() -> None:
    assert fullname("soil", name_override="api") == "soil-api"


def test_fullname_takes_the_override_for_all() -> None:
    assert fullname("soil", name_override="api", fullname_override="other") == "other"


def test_fullname_is_cut_to_63_characters_without_a_dash_at_the_end() -> None:
    assert fullname("r" * 53, name_override="n" * 8 + "-" + "m" * 5) == "r" * 53 + "-" + "n" * 8


def test_a_suffix_is_never_cut() -> None:
    context = Context("r" * 53, "ns", "chart-name", "1", "1")
    release = plain_release(context, WebValues())
    assert release.name_with("-config") == "r" * 53 + "-ch" + "-config"
    assert len(release.name_with("-config", longest=52)) == 52


class Plain(Values):
    text: str = "x"


def test_a_suffix_may_be_a_hash() -> None:
    def manifests(v: Any, release: Any) -> dict[str, Any]:
        return {"job": {"metadata": {"name": release.name_with("-" + trunc(sha256_of(v.text), 8))}, "text": v.text}}

    [job] = evaluate(trace(Plain, manifests), Plain(), Context("r" * 53, "ns", "c" * 20, "1", "1"))
    digest = hashlib.sha256(b'"x"').hexdigest()
    assert job["metadata"]["name"] == "r" * 53 + "-" + digest[:8]


def test_a_suffix_as_long_as_the_name_is_refused() -> None:
    with pytest.raises(TemplateError) as refused:
        plain_release(Context("r", "ns", "c", "1", "1"), Plain()).name_with("-" + "x" * 63)
    assert str(refused.value) == f"name_with: '-{'x' * 63}' must be bounded by max_length, trunc() or sha256_of()"
