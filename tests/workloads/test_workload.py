"""What every workload offers, whatever it makes."""

from pathlib import Path
from typing import Any

import pytest

from podzol.faults import UserError
from podzol.kubernetes.labels import ObjectValues, metadata
from podzol.template import Tree, ValuesError
from podzol.version import VERSION
from podzol.workloads import WORKLOADS, Workload
from podzol.workloads.workload import examples_in


class SoilNoteValues(ObjectValues):
    """Values of a SoilNote."""

    text: str = "loam"
    """Text of the note."""


class SoilNote(Workload):
    """A note about soil.

    The rest of the docstring is for developers.
    """

    Values = SoilNoteValues

    @staticmethod
    def manifests(v: Any, release: Any) -> dict[str, Any]:
        return {
            "note": {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": metadata(v, release),
                "data": {"text": v.text},
            }
        }


def test_chart_is_the_class_in_kebab_case() -> None:
    assert SoilNote.chart == "soil-note"


def test_description_is_the_first_line_of_the_docstring() -> None:
    assert SoilNote.description() == "A note about soil."


def test_tree_is_traced_once_a_class() -> None:
    assert isinstance(SoilNote.tree(), Tree)
    assert SoilNote.tree() is SoilNote.tree()


def test_renders_plain_manifests_without_cdk8s() -> None:
    (note,) = SoilNote.render({"text": "podzol"}, release="a", namespace="lab")
    assert note["metadata"] == {
        "name": "a-soil-note",
        "namespace": "lab",
        "labels": {
            "helm.sh/chart": f"soil-note-{VERSION}",
            "app.kubernetes.io/name": "soil-note",
            "app.kubernetes.io/instance": "a",
            "app.kubernetes.io/version": VERSION,
            "app.kubernetes.io/managed-by": "podzol",
        },
    }
    assert note["data"] == {"text": "podzol"}


def test_renders_an_instance_of_its_values_as_it_does_a_mapping() -> None:
    given = SoilNote.Values(text="podzol")  # type: ignore[call-arg]
    assert SoilNote.render(given, release="a") == SoilNote.render({"text": "podzol"}, release="a")


def test_alias_takes_the_place_of_the_charts_name() -> None:
    (note,) = SoilNote.render(release="soil", chart="diary")
    assert note["metadata"]["name"] == "soil-diary"
    assert note["metadata"]["labels"]["app.kubernetes.io/name"] == "diary"


def test_names_are_overridden_in_part_or_whole() -> None:
    def name(**values: str) -> str:
        return SoilNote.render(values, release="soil")[0]["metadata"]["name"]

    assert name(nameOverride="diary") == "soil-diary"
    assert name(fullnameOverride="diary") == "diary"


def test_users_labels_and_annotations_do_not_displace_ours() -> None:
    labels = {"team": "soil", "app.kubernetes.io/instance": "other"}
    (note,) = SoilNote.render({"labels": labels, "annotations": {"owner": "lab"}}, release="a")
    assert note["metadata"]["labels"]["team"] == "soil"
    assert note["metadata"]["labels"]["app.kubernetes.io/instance"] == "a"
    assert note["metadata"]["annotations"] == {"owner": "lab"}


def test_refuses_impossible_names_all_at_once() -> None:
    with pytest.raises(UserError) as refused:
        SoilNote.render(release="Soil_1", namespace="a.b")
    assert str(refused.value) == (
        'release: must be a release name of at most 53 characters, got "Soil_1"; '
        "use a-z, 0-9 and -, such as soil-train\n"
        'namespace: must be a DNS label of at most 63 characters, got "a.b"; use a-z, 0-9 and -, such as soil-lab'
    )


def test_refuses_values_that_are_no_mapping() -> None:
    with pytest.raises(ValuesError, match="values: must be a map of values"):
        SoilNote.render(["text"], release="a")


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.chart)
def test_every_workload_renders_its_defaults_and_its_examples(workload: type[Workload]) -> None:
    assert workload.render(release="a")
    assert len(workload.examples()) >= 3
    for example in workload.examples():
        assert workload.render(example.values, release="a"), example.name
        assert example.text.startswith("# "), example.name


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.chart)
def test_every_workload_describes_itself(workload: type[Workload]) -> None:
    assert workload.description().endswith(".")
    assert workload.keywords
    assert all(address.startswith("https://") for address in workload.links.values())
    assert all(":" in image for image in workload.images())


def test_names_the_example_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "binary-values.yaml").write_bytes(b"\xff")
    with pytest.raises(UserError) as refused:
        examples_in(tmp_path)
    assert str(refused.value) == f"{tmp_path}/binary-values.yaml: must be text in UTF-8"


def test_refuses_every_example_without_a_title(tmp_path: Path) -> None:
    for name, text in {
        "titled": "# A title\ngpus: 1\n",
        "empty": "",
        "bare": "gpus: 1\n",
        "blank": "#\ngpus: 1\n",
    }.items():
        (tmp_path / f"{name}-values.yaml").write_text(text)
    with pytest.raises(UserError) as refused:
        examples_in(tmp_path)
    rule = "must begin with a comment that is its title; write one, such as # A worker with a GPU"
    assert str(refused.value) == "\n".join(
        f"{tmp_path}/{name}-values.yaml: {rule}" for name in ("bare", "blank", "empty")
    )
