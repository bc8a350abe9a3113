"""A workload called with a scope is a construct of cdk8s, with everything that cdk8s users do to one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import podzol

# isort: split
import cdk8s
import pytest
from cdk8s import ApiObject, App, Chart, JsonPatch
from constructs import Construct

VALUES = {"image": {"repository": "ghcr.io/soil/api", "tag": "1.0"}}


def names(manifests: list[dict[str, Any]]) -> list[str]:
    return [manifest["metadata"]["name"] for manifest in manifests]


def test_a_workload_is_a_construct_and_still_of_its_own_class(chart: Chart) -> None:
    service = podzol.CpuAutoscaledService(chart, "api", VALUES)
    assert isinstance(service, podzol.CpuAutoscaledService)
    assert isinstance(service, Construct)
    assert service.node.path == "soil/api"


def test_the_id_is_the_release_name(chart: Chart) -> None:
    service = podzol.CpuAutoscaledService(chart, "api", VALUES)
    assert service.release == "api"
    assert service.manifests == podzol.CpuAutoscaledService.render(VALUES, release="api", namespace="soil")


def test_the_id_is_the_alias_when_a_release_name_is_given(chart: Chart) -> None:
    service = podzol.CpuAutoscaledService(chart, "api", VALUES, release_name="lab")
    assert service.release == "lab"
    expected = podzol.CpuAutoscaledService.render(VALUES, release="lab", namespace="soil", chart="api")
    assert service.manifests == expected


def test_values_are_those_of_the_model_with_its_defaults(chart: Chart) -> None:
    service = podzol.CpuAutoscaledService(chart, "api", VALUES)
    assert service.values == podzol.CpuAutoscaledService.load(VALUES)


def test_objects_live_in_the_namespace_of_the_cdk8s_chart(chart: Chart) -> None:
    service = podzol.CpuAutoscaledService(Construct(chart, "team"), "api", VALUES)
    assert {manifest["metadata"]["namespace"] for manifest in service.manifests} == {"soil"}


def test_objects_live_in_default_when_the_cdk8s_chart_names_no_namespace(app: App) -> None:
    service = podzol.CpuAutoscaledService(Chart(app, "soil"), "api", VALUES)
    assert {manifest["metadata"]["namespace"] for manifest in service.manifests} == {"default"}


def test_an_object_outside_namespaces_stays_outside(chart: Chart) -> None:
    values = {"source": "nfs", "nfs": {"server": "files.example.org", "path": "/exports"}}
    podzol.DatasetVolume(chart, "reads", values)
    volume, claim = cdk8s.Testing.synth(chart)
    assert "namespace" not in volume["metadata"]
    assert claim["metadata"]["namespace"] == "soil"


def test_labels_of_the_cdk8s_chart_are_added(app: App) -> None:
    chart = Chart(app, "soil", labels={"team": "soil"})
    podzol.CpuAutoscaledService(chart, "api", VALUES)
    assert {manifest["metadata"]["labels"]["team"] for manifest in cdk8s.Testing.synth(chart)} == {"soil"}


def test_every_way_to_synthesize_gives_the_same_objects(app: App, chart: Chart) -> None:
    service = podzol.CpuAutoscaledService(chart, "api", VALUES)
    assert cdk8s.Testing.synth(chart) == chart.to_json() == service.manifests
    app.synth()
    assert Path(app.outdir, "soil.k8s.yaml").read_text(encoding="utf-8") == app.synth_yaml()


def test_refused_values_are_refused_in_the_line_that_makes_the_construct(chart: Chart) -> None:
    with pytest.raises(podzol.ValuesError) as error:
        podzol.CpuAutoscaledService(chart, "api", {"autoscaling": {"minReplicas": 9, "maxReplicas": 3}})
    assert [fault.where for fault in error.value.faults] == ["autoscaling.minReplicas"]
    assert chart.node.children == []


def test_an_impossible_release_name_is_refused(chart: Chart) -> None:
    with pytest.raises(podzol.UserError, match=r"^release: must be a release name of at most 53 characters"):
        podzol.CpuAutoscaledService(chart, "Api", VALUES)


@pytest.mark.parametrize("key", ["__proto__", "constructor"])
def test_a_key_that_javascript_keeps_for_itself_is_refused(
    chart: Chart, told: Any, config_map: Callable[..., dict[str, Any]], key: str
) -> None:
    with pytest.raises(podzol.UserError) as error:
        told(chart, "soil-work", [config_map("names", data={key: "x", "other": f'"{key}": x'})])
    assert str(error.value) == (
        f'soil-work: must not use a key that JavaScript keeps for itself, got "{key}"; '
        "name it otherwise, or use `podzol synth`"
    )


def test_a_text_may_speak_of_such_a_key(chart: Chart, told: Any, config_map: Callable[..., dict[str, Any]]) -> None:
    told(chart, "soil-work", [config_map("names", data={"code": '{"__proto__": 1}'})])
    assert chart.to_json()[0]["data"] == {"code": '{"__proto__": 1}'}


def test_an_id_is_taken_once(chart: Chart) -> None:
    podzol.CpuAutoscaledService(chart, "api", VALUES)
    with pytest.raises(RuntimeError, match="There is already a Construct with name 'api' in Chart"):
        podzol.CpuAutoscaledService(chart, "api", VALUES)


def test_a_class_of_ones_own_may_fix_the_values(chart: Chart) -> None:
    class SoilApi(podzol.CpuAutoscaledService):
        """The institute's API."""

        def __init__(self, scope: Construct, id: str, team: str) -> None:
            super().__init__(scope, id, {**VALUES, "labels": {"team": team}})

    service = SoilApi(chart, "api", team="spectra")
    assert isinstance(service, SoilApi)
    assert service.api_object("deployment").metadata.get_label("team") == "spectra"


@pytest.mark.parametrize("kind", ["deployment", "Deployment"])
def test_an_object_is_found_by_its_kind_and_patched(chart: Chart, kind: str) -> None:
    service = podzol.CpuAutoscaledService(chart, "api", VALUES)
    service.api_object(kind).add_json_patch(JsonPatch.add("/spec/paused", True))
    service.api_object(kind).metadata.add_annotation("owner", "soil")
    [deployment] = [manifest for manifest in cdk8s.Testing.synth(chart) if manifest["kind"] == "Deployment"]
    assert deployment["spec"]["paused"] is True
    assert deployment["metadata"]["annotations"]["owner"] == "soil"


def test_objects_of_one_kind_are_told_apart_by_name(
    chart: Chart, told: Any, config_map: Callable[..., dict[str, Any]]
) -> None:
    pair = told(chart, "pair", [config_map("first"), config_map("second")])
    assert pair.api_object("configmap", name="second").name == "second"


def test_no_object_is_lost_when_two_have_one_kind_and_name(
    chart: Chart, told: Any, config_map: Callable[..., dict[str, Any]]
) -> None:
    told(chart, "three", [config_map("same", data={"number": str(number)}) for number in range(3)])
    assert [manifest["data"]["number"] for manifest in chart.to_json()] == ["0", "1", "2"]


def test_asking_for_an_object_that_is_not_there_says_what_is(
    chart: Chart, told: Any, config_map: Callable[..., dict[str, Any]]
) -> None:
    pair = told(chart, "pair", [config_map("first"), config_map("second")])
    with pytest.raises(podzol.Failure) as error:
        pair.api_object("job")
    assert str(error.value) == "soil/pair: must have one object of kind job, has 0; it has configmap, configmap-second"


@pytest.mark.parametrize(
    ("workload", "kind"),
    [
        (podzol.CpuAutoscaledService, "Deployment"),
        (podzol.GpuBatchJob, "Job"),
        (podzol.CpuBatchJob, "Job"),
        (podzol.DatasetVolume, "PersistentVolumeClaim"),
    ],
)
def test_api_object_of_gives_the_object_that_the_workload_is_known_by(chart: Chart, workload: Any, kind: str) -> None:
    construct = workload(chart, "soil-work")
    assert ApiObject.of(construct).kind == kind
    assert ApiObject.of(construct).name == construct.name


def test_a_workload_that_renders_nothing_has_no_name(chart: Chart, told: Any) -> None:
    assert told(chart, "nothing", []).name is None
    assert cdk8s.Testing.synth(chart) == []


def test_objects_come_after_those_that_their_workload_depends_on(
    chart: Chart, told: Any, config_map: Callable[..., dict[str, Any]]
) -> None:
    late = told(chart, "late", [config_map("late-a"), config_map("late-b")])
    early = told(chart, "early", [config_map("early")])
    late.node.add_dependency(early)
    assert names(cdk8s.Testing.synth(chart)) == ["early", "late-a", "late-b"]


def test_without_dependencies_objects_come_in_the_order_in_which_they_were_made(
    chart: Chart, told: Any, config_map: Callable[..., dict[str, Any]]
) -> None:
    told(chart, "b", [config_map("b2"), config_map("b1")])
    told(chart, "a", [config_map("a")])
    assert names(cdk8s.Testing.synth(chart)) == ["b2", "b1", "a"]


def test_the_parts_of_a_platform_are_constructs_by_alias(app: App) -> None:
    lab = podzol.Platform("lab", {"api": (podzol.CpuAutoscaledService, VALUES)}, release="lab", namespace="soil")
    chart = Chart(app, lab.name, namespace="soil")
    constructs = lab.construct(chart)
    assert list(constructs) == ["api"]
    assert constructs["api"].name == "lab-api"
    assert chart.to_json() == lab.manifests


def test_a_platform_refuses_a_cdk8s_chart_of_another_namespace(chart: Chart) -> None:
    lab = podzol.Platform("lab", {"api": (podzol.CpuAutoscaledService, VALUES)}, release="lab", namespace="lab")
    with pytest.raises(podzol.UserError) as error:
        lab.construct(chart)
    assert str(error.value) == (
        'namespace: must be lab, as the platform lab says, got "soil"; write it in the cdk8s chart'
    )
