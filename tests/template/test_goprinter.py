"""The printer of Go templates: braces in text stay text, blocks that ask the same become one, long calls break."""

import pytest

from podzol.template.golines import Block, Comment, Do, If, Indented, Item, Line, Range, With
from podzol.template.goprinter import define, escaped, lines, quoted, spell
from podzol.template.gotemplate import Call, Dot, Literal, Root, Variable, below, call, pipe

A, B = Root(("Values", "a")), Root(("Values", "b"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Root(), "."),
        (A, ".Values.a"),
        (Dot(), "."),
        (Variable("$x", ("y",)), "$x.y"),
        (Literal('a"\\\n{{é\u2028'), '"a\\"\\\\\\n{{é\\u2028"'),
        (Literal(None), "nil"),
        (Literal(True), "true"),
        (Literal(1), "1"),
        (call("ne", A, Literal(None)), "ne .Values.a nil"),
        (call("not", call("eq", A, B)), "not (eq .Values.a .Values.b)"),
        (pipe(pipe(A, "lower"), call("trunc", Literal(3))), ".Values.a | lower | trunc 3"),
        (call("f", pipe(A, "lower")), "f (.Values.a | lower)"),
        (below(call("f"), "x"), 'get (f) "x"'),
    ],
)
def test_spells_expressions(value: object, text: str) -> None:
    assert spell(value) == text  # type: ignore[arg-type]


def test_reaches_the_chart_by_the_dollar_where_the_dot_is_bound() -> None:
    nodes = [With(A, [Line(("a: ", Dot())), If(B, [Line(("b: ", B))])]), Range(A, ("$x",), [Line(("- ", B))])]
    assert lines(nodes) == [
        "{{- with .Values.a }}",
        "a: {{ . }}",
        "{{- if $.Values.b }}",
        "b: {{ $.Values.b }}",
        "{{- end }}",
        "{{- end }}",
        "{{- range $x := .Values.a }}",
        "- {{ $.Values.b }}",
        "{{- end }}",
    ]


def test_indents_and_writes_items_and_blocks() -> None:
    nodes = [Line(("a:",)), Indented([Item([Line(("b: 1",)), Line(("c:",)), Indented([Block(call("toYaml", A))])])])]
    assert lines(nodes) == ["a:", "  - b: 1", "    c:", "      {{- toYaml .Values.a | nindent 6 }}"]


def test_puts_the_dash_by_itself_where_the_first_entry_may_be_missing() -> None:
    nodes = [Item([If(A, [Line(("b: 1",))]), Line(("c: 2",))])]
    assert lines(nodes) == ["-", "  {{- if .Values.a }}", "  b: 1", "  {{- end }}", "  c: 2"]


def test_writes_a_chain_of_choices() -> None:
    nodes = [If(A, [Line(("a",))], [If(B, [Line(("b",))], [Line(("c",))])])]
    assert lines(nodes) == [
        "{{- if .Values.a }}",
        "a",
        "{{- else if .Values.b }}",
        "b",
        "{{- else }}",
        "c",
        "{{- end }}",
    ]


def test_joins_neighbours_that_ask_the_same_or_the_opposite() -> None:
    nodes = [If(A, [Line(("a",))]), If(A, [Line(("b",))]), If(call("not", A), [Line(("c",))])]
    assert lines(nodes) == ["{{- if .Values.a }}", "a", "b", "{{- else }}", "c", "{{- end }}"]


def test_joins_an_if_that_is_alone_in_an_if() -> None:
    assert lines([If(A, [If(B, [Line(("a",))])])]) == ["{{- if and .Values.a .Values.b }}", "a", "{{- end }}"]


def test_leaves_an_if_with_an_alternative_alone() -> None:
    nodes = [If(A, [If(B, [Line(("a",))], [Line(("b",))])])]
    assert lines(nodes)[:2] == ["{{- if .Values.a }}", "{{- if .Values.b }}"]


def test_writes_statements_and_comments() -> None:
    nodes = [Comment("Why."), Do(call("list"), "$x", declares=True), Do(call("append", Variable("$x"), A), "$x")]
    assert lines(nodes) == ["{{- /* Why. */}}", "{{- $x := list }}", "{{- $x = append $x .Values.a }}"]


def test_breaks_a_long_call_one_argument_a_line() -> None:
    many = Call("list", tuple(Root(("Values", f"section{n}", "value")) for n in range(6)))
    assert lines([Do(pipe(many, "toJson"))]) == [
        "{{- list\n"
        "    .Values.section0.value\n"
        "    .Values.section1.value\n"
        "    .Values.section2.value\n"
        "    .Values.section3.value\n"
        "    .Values.section4.value\n"
        "    .Values.section5.value\n"
        "  | toJson }}"
    ]


def test_defines_a_named_template() -> None:
    assert define("web.name", "The name.", [Do(A)]) == (
        '{{/*\nThe name.\n*/}}\n{{- define "web.name" -}}\n{{- .Values.a }}\n{{- end }}\n'
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("{{ x }}", "{{`{{ x }}`}}"),
        ("a {{ `x` }}", "a {{`{{`}} `x` }}"),
        ("{{", "{{`{{`}}"),
        ("}} {", "}} {{`{`}}"),
        ("{a}", "{a}"),
    ],
)
def test_keeps_braces_text(text: str, kept: str) -> None:
    assert escaped(text) == kept


def test_quotes_what_yaml_refuses_raw() -> None:
    assert quoted("\x7f\x85\ufeff😀") == '"\\u007f\\u0085\\ufeff😀"'
