"""`read_yaml` reads a values file as a real Helm does."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from oracle import normal
from random_values import NASTY, sample

from podzol.template import ValuesError, read_yaml

UNQUOTED = """
yes Yes YES yEs no n y N Y on off true TRUE tRUE false null Null NULL nUll ~ 0 -0 +0 00 07 08 0777 0o17 0O17 0b11 -0b11
0b12 0b_ 0x1F 0X1f 0xg 1_000 1__0 _1 1_ -1 +1 + . .. .5 -.5 +.5 5. 5.e3 1e3 1E3 1e+3 1e 1e400 .Infinity 1:30 1:30:00
2001-01-01 2001-01-01T00:00:00Z = << 1.2.3 v1 0.1.0 1,000 9223372036854775807 9223372036854775808 18446744073709551615
18446744073709551616 -9223372036854775809 0x7fffffffffffffff 0xffffffffffffffff 0x1ffffffffffffffff
123456789012345678901234567890
"""
SCALARS = UNQUOTED.split()
DOCUMENTS = [
    "a: [1, two, {b: c}]\nd:\n  - e\n  -\n  - ''\n",
    "n: 1\ny: 2\n1: 3\n1.5: 4\ntrue: 5\n0x10: 6\n",
    "base: &base {a: 1, b: 2}\nmerged:\n  <<: *base\n  b: 3\nalso: {<<: [*base, {c: 4, a: 9}]}\n",
    "a: 1\na: 2\n",
    "text: |\n  one\n\n  two\nfolded: >-\n  one\n  two\nquoted: \"a\\tb\\u00e9\"\nsingle: 'it''s'\n",
    'a: !!str 1\nb: !!int "3"\nc: !!float 3\n',
    "# only a comment\n",
    "a:\n",
    "--- \na: 1\n",
    '{"json": [1, 2.5, null, true, "x"]}',
]

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: echo\nversion: 0.1.0\n",
    "templates/echo.yaml": "kind: Echo\nmetadata: {name: echo}\nvalues: {{ .Values | toJson | quote }}\n",
}


@pytest.fixture(scope="module")
def helm_reads(helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What Helm makes of a values file; None when it refuses it."""
    folder = tmp_path_factory.mktemp("echo")
    for name, text in CHART.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)

    def read(text: str) -> Any:
        (folder / "v.yaml").write_text(text, encoding="utf-8")
        command = [helm, "template", "r", folder, "-f", folder / "v.yaml"]
        run = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        if run.returncode:
            return None
        line = next(line for line in run.stdout.splitlines() if line.startswith("values: "))
        return json.loads(json.loads(line.removeprefix("values: ")))

    return read


@pytest.mark.helm
def test_reads_scalars_as_helm_does(helm_reads: Any) -> None:
    text = "".join(f"k{n}: {scalar}\n" for n, scalar in enumerate(SCALARS))
    mine, helms = read_yaml(text), helm_reads(text)
    found = {scalar: (mine[f"k{n}"], helms.get(f"k{n}")) for n, scalar in enumerate(SCALARS)}
    assert {scalar: pair for scalar, pair in found.items() if normal(pair[0]) != normal(pair[1])} == {}


@pytest.mark.helm
@pytest.mark.parametrize("text", DOCUMENTS)
def test_reads_documents_as_helm_does(text: str, helm_reads: Any) -> None:
    assert normal(read_yaml(text) or {}) == normal(helm_reads(text))


@pytest.mark.helm
def test_reads_quoted_text_as_helm_does(helm_reads: Any) -> None:
    drawn = sample(st.one_of(st.sampled_from(NASTY), st.text(max_size=8)), 150, 3)
    texts = [text for text in drawn if text.isprintable() and "\\" not in text and '"' not in text]
    text = "".join(f'k{n}: "{text}"\n' for n, text in enumerate(texts))
    assert read_yaml(text) == helm_reads(text)


REFUSED: dict[str, tuple[str, str]] = {
    "open list": ("a: [1", "line 2, column 1: must be YAML: did not find expected ',' or ']'"),
    "tab": ("a:\n\t- b", "line 2, column 1: must be YAML: found character that cannot start any token"),
    "control character": ("a: \x7f", "character 4: must be YAML: control characters are not allowed"),
    "binary": (
        "a: !!binary aGk=",
        "line 1, column 4: must be YAML: the tag tag:yaml.org,2002:binary has no meaning here",
    ),
    "own tag": ("a: !mine x", "line 1, column 4: must be YAML: the tag !mine has no meaning here"),
    "list as key": ("? [a]\n: b", "line 1, column 3: must be YAML: a key must be text"),
    "null as key": ("~: b", "line 1, column 1: must be YAML: a key must be text"),
    "unknown anchor": ("a: *y", "line 1, column 4: must be YAML: found undefined alias"),
    "anchor in itself": ("a: &x [*x]", "line 1, column 4: must be YAML: an anchor contains itself"),
    "deep": ("[" * 5000 + "]" * 5000, "line 1, column 101: must be YAML: it nests more than 100 deep"),
    "merge of text": ("<<: x", "line 1, column 5: must be YAML: << merges maps only"),
    "two documents": ("a: 1\n---\nb: 2", "line 2, column 1: must be YAML: but found another document"),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED)
def test_refuses_what_is_no_yaml(text: str, told: str) -> None:
    with pytest.raises(ValuesError) as refused:
        read_yaml(text)
    assert str(refused.value) == told


def test_an_integer_of_thousands_of_digits_is_text() -> None:
    assert read_yaml("a: " + "1" * 5000) == {"a": "1" * 5000}
