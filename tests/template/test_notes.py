"""NOTES.txt says in Helm what `evaluate_notes` says."""

from pathlib import Path
from typing import Any

import pytest
from oracle import Oracle, by_alias, write
from random_values import sample, values_of
from samples import SUBJECTS, Subject

from podzol.template import TemplateError, Values, emit, evaluate_notes, load, trace

PROBE = 'kind: Notes\nmetadata:\n  name: notes\ntext: {{ include "notes.probe" . | quote }}\n'
SUBJECTS_WITH_NOTES = [subject for subject in SUBJECTS if subject.notes]


@pytest.mark.helm
@pytest.mark.parametrize("subject", SUBJECTS_WITH_NOTES, ids=str)
def test_helm_says_what_evaluate_notes_says(subject: Subject, helm: Path, tmp_path: Path) -> None:
    oracle = Oracle(helm, subject.tree, subject.chart, tmp_path, size=30)
    notes = emit(subject.tree, subject.chart)["templates/NOTES.txt"]
    probe = {"_probe.tpl": f'{{{{- define "notes.probe" }}}}\n{notes}{{{{- end }}}}\n', "probe.yaml": PROBE}
    write(tmp_path / "umbrella" / "charts" / subject.chart / "templates", probe)
    cases = [oracle.case(file, built_in_python=False) for file in sample(values_of(subject.model), 30, 5)]
    run = oracle.template("umbrella", {f"c{n}": case.file for n, case in enumerate(cases)}, "soil")
    assert run.returncode == 0, run.stderr
    for n, objects in by_alias(run.stdout).items():
        [said] = [each["text"] for each in objects if each["kind"] == "Notes"]
        wanted = evaluate_notes(subject.tree, cases[n].values, oracle.context("soil", f"c{n}"))
        assert said.strip("\n") == wanted.strip("\n")


class Few(Values):
    hosts: list[str] = []


def test_refuses_notes_that_are_no_lines() -> None:
    def manifests(v: Any, release: Any) -> dict[str, Any]:
        return {"it": {"metadata": {"name": release.fullname}, "hosts": v.hosts}}

    with pytest.raises(TemplateError) as refused:
        emit(trace(Few, manifests, notes=lambda v, release: [v.hosts]), "chart")
    assert str(refused.value) == "notes are lines of text, when(), each() and lists of lines"


def test_says_lines_for_values() -> None:
    def manifests(v: Any, release: Any) -> dict[str, Any]:
        return {"it": {"metadata": {"name": release.fullname}, "hosts": v.hosts}}

    def notes(v: Any, release: Any) -> list[Any]:
        from podzol.template import each, when

        return [release.name + " runs.", when(v.hosts, "At:"), each(v.hosts, lambda host: "- " + host)]

    tree = trace(Few, manifests, notes=notes)
    context = Oracle.context(None, "soil", "web")  # type: ignore[arg-type]
    assert evaluate_notes(tree, load(Few, {"hosts": ["a", "b"]}), context) == "soil runs.\nAt:\n- a\n- b\n"
    assert evaluate_notes(tree, load(Few, {}), context) == "soil runs.\n"
