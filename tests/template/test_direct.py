"""The author's functions run on plain values give what their tree gives: nothing took one branch in silence."""

import json
from typing import Any

import pytest
from oracle import difference, normal
from random_values import sample, values_of
from samples import SUBJECTS, Subject

from podzol.template import Context, TemplateError, Values, broken, evaluate, load, run_directly, trace, when
from podzol.template.direct import resolved

CONTEXT = Context("soil-train", "soil", "chart", "1.2.3+build", "4.5.6")
SEED = 7
CASES = 40


def pruned(tree: Any) -> Any:
    """A tree without empty maps and lists, and with lists in lists laid flat.

    Run directly, a function can't tell an empty value from a literal {}, nor a value's list from its own.
    """
    if isinstance(tree, dict):
        kept = {key: pruned(item) for key, item in tree.items()}
        return {key: item for key, item in kept.items() if item not in (None, {}, [])}
    if isinstance(tree, list):
        nested = [item if isinstance(item, list) else [item] for item in map(pruned, tree)]
        return [item for items in nested for item in items if item not in (None, {}, [])]
    return tree


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_the_author_s_function_gives_what_its_tree_gives(subject: Subject) -> None:
    for file in sample(values_of(subject.model), CASES, SEED):
        values = load(subject.model, file)
        if broken(subject.tree, values, CONTEXT):
            continue
        wanted = [pruned(normal(each)) for each in evaluate(subject.tree, values, CONTEXT)]
        found = [pruned(normal(each)) for each in run_directly(subject.manifests, values, CONTEXT)]
        assert not list(difference(wanted, found)), json.dumps(file)


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_the_author_s_rules_hold_where_their_tree_s_hold(subject: Subject) -> None:
    answers = set()
    for file in sample(values_of(subject.model), CASES, SEED):
        values = load(subject.model, file)
        holds = all(rule.check for rule in resolved(list(subject.rules(values))))
        assert holds == (not broken(subject.tree, values, CONTEXT)), json.dumps(file)
        answers.add(holds)
    assert answers == {True, False}


class Mistaken(Values):
    limit: int | None = None
    count: int = 3


def hidden(value: Any) -> bool:
    return value is None


def manifests_with_a_hidden_mistake(v: Any, release: Any) -> dict[str, Any]:
    suffix = hide(v.limit)
    return {
        "it": {
            "kind": "ConfigMap",
            "metadata": {"name": release.fullname},
            "data": {"limit": "none" if suffix else "some", "given": when(v.limit, lambda limit: limit), "n": v.count},
        }
    }


hide = hidden.__call__
"""Out of the lint's sight: it follows calls of functions only."""


def test_finds_an_is_none_that_the_lint_can_t_see() -> None:
    tree = trace(Mistaken, manifests_with_a_hidden_mistake)
    values = Mistaken()
    assert evaluate(tree, values, CONTEXT)[0]["data"]["limit"] == "some"
    assert run_directly(manifests_with_a_hidden_mistake, values, CONTEXT)[0]["data"]["limit"] == "none"


def asks_is(v: Any, release: Any) -> dict[str, Any]:
    return {"it": {"metadata": {"name": release.fullname}, "x": 1 if v.limit is None else v.count}}


def asks_isinstance(v: Any, release: Any) -> dict[str, Any]:
    count = v.count
    return {"it": {"metadata": {"name": release.fullname}, "x": isinstance(count, int), "y": v.limit}}


def asks_match(v: Any, release: Any) -> dict[str, Any]:
    match v.count:
        case int():
            return {"it": {"metadata": {"name": release.fullname}, "x": v.limit}}
    return {}


def asks_in_a_lambda(v: Any, release: Any) -> dict[str, Any]:
    given = when(v.limit, lambda limit: 1 if limit is v.count else 2)
    return {"it": {"metadata": {"name": release.fullname}, "x": given}}


def asks_elsewhere(v: Any, release: Any) -> dict[str, Any]:
    return {"it": {"metadata": {"name": release.fullname}, "x": helper(v.count, value=v.limit)}}


def helper(count: Any, value: Any, other: Any = None) -> Any:
    extra = 0 if other is None else 1
    return count if value is not None else extra


@pytest.mark.parametrize(
    ("function", "line", "told"),
    [
        (asks_is, 1, "`is` can't see into a chart value; use present(value), or when(value, lambda value: ...)"),
        (asks_isinstance, 2, "its type stands in the model; a template can't ask for it"),
        (asks_match, 1, "`match` can't see into a chart value; use when() or pick()"),
        (
            asks_in_a_lambda,
            1,
            "`is` can't see into a chart value; use present(value), or when(value, lambda value: ...)",
        ),
    ],
)
def test_refuses_questions_that_no_operator_catches(function: Any, line: int, told: str) -> None:
    with pytest.raises(TemplateError) as refused:
        trace(Mistaken, function)
    assert str(refused.value) == f"{__file__}, line {function.__code__.co_firstlineno + line}: {told}"


def test_refuses_such_a_question_in_a_function_that_is_handed_the_value() -> None:
    with pytest.raises(TemplateError) as refused:
        trace(Mistaken, asks_elsewhere)
    line = helper.__code__.co_firstlineno + 2
    told = "`is` can't see into a chart value; use present(value), or when(value, lambda value: ...)"
    assert str(refused.value) == f"{__file__}, line {line}: {told}"
