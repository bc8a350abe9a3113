"""`to_yaml` writes what the real cdk8s writes, for every text, number and shape that a manifest may hold."""

from collections.abc import Callable
from typing import Any

# isort: split
from cdk8s import App, Chart
from hypothesis import strategies as st
from random_values import NASTY, TEXT, sample

from podzol.synth.yaml import to_yaml

FIELDS = st.one_of(
    st.sampled_from([text for text in NASTY if not set(text) & set('\\"') and text.isprintable()]),
    st.text("abcXYZ-_./0123456789", min_size=1, max_size=6),
)
"""Keys without what JSON escapes: V8 13.6 misreads some one-character keys that are escaped, before cdk8s sees them."""
NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, -0.0, 1e21])
)
SHAPES = st.recursive(
    st.one_of(TEXT, TEXT, NUMBERS, st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(FIELDS, inner, max_size=4)),
    max_leaves=12,
)
CASES = 400


def crossed(app: App, told: Any, manifests: list[dict[str, Any]]) -> str:
    """What the real cdk8s writes."""
    told(Chart(app, "soil"), "all", manifests)
    return app.synth_yaml()


def test_random_manifests_are_written_as_cdk8s_writes_them(
    app: App, told: Any, config_map: Callable[..., dict[str, Any]]
) -> None:
    drawn = sample(
        st.tuples(st.dictionaries(FIELDS, SHAPES, max_size=3), SHAPES, st.dictionaries(FIELDS, TEXT)), CASES, 5
    )
    manifests = [config_map(f"case-{number}", data=data, spec=spec) for number, (data, spec, _) in enumerate(drawn)]
    for manifest, (_, _, labels) in zip(manifests, drawn, strict=True):
        manifest["metadata"] |= {"labels": labels, "annotations": {}}
    theirs = crossed(app, told, manifests).split("\n---\n")
    ours = to_yaml(manifests).split("\n---\n")
    for written, expected in zip(ours, theirs, strict=True):
        assert written == expected
