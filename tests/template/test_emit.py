"""The emitted text reads as if a Helm expert had written it: one plain file a case, to be read in a review.

`pytest --snapshot-update` writes the files under snapshots/.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from oracle import Oracle
from samples import EDGE, SAMPLES, SUBJECTS, WEB, Subject

from podzol.template import Values, emit, rule_sentences, trace

FILES = sorted(emit(WEB.tree, WEB.chart))


SNAPSHOTS = Path(__file__).parent / "snapshots" / WEB.chart


@pytest.mark.parametrize("path", FILES)
def test_the_chart_of_a_web_service_reads_like_this(path: str, request: pytest.FixtureRequest) -> None:
    text, file = emit(WEB.tree, WEB.chart)[path], SNAPSHOTS / path
    if request.config.getoption("--snapshot-update"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_writes_one_file_an_object_and_what_belongs_to_them() -> None:
    assert FILES == [
        "templates/NOTES.txt",
        "templates/_helpers.tpl",
        "templates/configmap.yaml",
        "templates/deployment.yaml",
        "templates/hpa.yaml",
        "templates/ingress.yaml",
        "templates/pdb.yaml",
        "templates/service.yaml",
        "templates/tests/answers.yaml",
        "templates/validate.yaml",
    ]


def test_is_the_same_text_each_time() -> None:
    tree = trace(EDGE.model, EDGE.manifests, EDGE.rules, notes=EDGE.notes)
    assert emit(tree, "edge") == emit(EDGE.tree, "edge")


@pytest.mark.helm
@pytest.mark.parametrize("subject", SAMPLES, ids=str)
def test_helm_lint_finds_nothing(subject: Subject, helm: Path, oracle_of: Callable[[Subject], Oracle]) -> None:
    folder = oracle_of(subject).folder / subject.chart
    run = subprocess.run([str(helm), "lint", "--strict", str(folder)], capture_output=True, text=True, check=False)
    assert "0 chart(s) failed" in run.stdout, run.stdout


@pytest.mark.parametrize("subject", [subject for subject in SUBJECTS if subject is not EDGE], ids=str)
def test_no_line_ends_in_white_space(subject: Subject) -> None:
    for path, text in emit(subject.tree, subject.chart).items():
        assert [line for line in text.split("\n") if line != line.rstrip()] == [], path


def test_rules_are_sentences_for_a_readme() -> None:
    assert rule_sentences(WEB.tree) == [
        "`autoscaling.minReplicas` must be at most maxReplicas.",
        "`volumes` must have each mountPath once.",
        "`volumes[].mountPath` must not be /etc/web.",
        "`env.*` must not be PORT.",
    ]


class Two(Values):
    text: str = "x"
    flag: bool = True


def test_several_objects_of_one_file_are_applied_in_their_order() -> None:
    from podzol.template import when

    def manifests(v: Any, release: Any) -> dict[str, Any]:
        def one(suffix: str) -> dict[str, Any]:
            return {"metadata": {"name": release.name + suffix}, "text": v.text}

        return {"pair_of": [one("-a"), when(v.flag, one("-b"))]}

    assert emit(trace(Two, manifests), "two")["templates/pair-of.yaml"] == (
        "apiVersion: v1\n"
        "kind: List\n"
        "metadata:\n"
        "  name: in-order\n"
        "items:\n"
        "  - metadata:\n"
        '      name: {{ printf "%s-a" .Release.Name | quote }}\n'
        "    text: {{ .Values.text | quote }}\n"
        "  {{- if .Values.flag }}\n"
        "  - metadata:\n"
        '      name: {{ printf "%s-b" .Release.Name | quote }}\n'
        "    text: {{ .Values.text | quote }}\n"
        "  {{- end }}\n"
    )


def test_a_text_made_text_again_is_itself() -> None:
    from podzol.template import to_str

    def manifests(v: Any, release: Any) -> dict[str, Any]:
        return {"one": {"metadata": {"name": release.name}, "text": "a-" + to_str(v.text), "flag": v.flag}}

    assert emit(trace(Two, manifests), "two")["templates/one.yaml"] == (
        "metadata:\n"
        "  name: {{ .Release.Name | quote }}\n"
        'text: {{ printf "a-%s" .Values.text | quote }}\n'
        "flag: {{ .Values.flag }}\n"
    )
