"""A workload that is a pod template and nothing else, to hold what pods share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from podzol.kubernetes.container import Image, main_container
from podzol.kubernetes.labels import metadata
from podzol.kubernetes.pod import PodValues, pod_rules, pod_template
from podzol.kubernetes.service_account import service_account
from podzol.kubernetes.volumes import config_map
from podzol.workloads import Workload


class BarePodValues(PodValues):
    """Values of a BarePod."""

    image: Image = Image(repository="registry.example.org/app", tag="1")
    """Container image."""


class BarePod(Workload):
    """A pod template."""

    Values = BarePodValues

    @staticmethod
    def rules(v: BarePodValues) -> Iterator[Any]:
        yield from pod_rules(v)

    @staticmethod
    def manifests(v: BarePodValues, release: Any) -> dict[str, Any]:
        template = pod_template(v, release, main_container(v))
        return {
            "template": {
                "apiVersion": "v1",
                "kind": "PodTemplate",
                "metadata": metadata(v, release),
                "template": template,
            },
            "serviceaccount": service_account(v, release),
            "configmap": config_map(v, release),
        }


@pytest.fixture
def bare_pod() -> type[Workload]:
    return BarePod


@pytest.fixture
def template() -> Callable[..., dict[str, Any]]:
    """The pod template for these values."""

    def render(release: str = "a", **values: Any) -> dict[str, Any]:
        return BarePod.render(values, release=release)[0]["template"]

    return render


@pytest.fixture
def container(template: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The main container for these values."""
    return lambda **values: template(**values)["spec"]["containers"][0]
