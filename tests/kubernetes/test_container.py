from typing import Any

from podzol.kubernetes.accelerators import GPU
from podzol.kubernetes.container import Image, Limits, Probe, Requests, Resources, image_reference, probe, resources

DIGEST = "sha256:" + "0a" * 32


def test_image_is_named_by_tag() -> None:
    assert image_reference(Image(repository="ghcr.io/acme/api", tag="1.20")) == "ghcr.io/acme/api:1.20"


def test_digest_follows_the_tag_and_decides() -> None:
    image = Image(repository="ghcr.io/acme/api", tag="1.20", digest=DIGEST)
    assert image_reference(image) == f"ghcr.io/acme/api:1.20@{DIGEST}"


def test_memory_limit_is_the_request_unless_it_is_given() -> None:
    requests = Requests(cpu="1", memory="1Gi")
    assert resources(Resources(requests=requests))["limits"]["memory"] == "1Gi"
    assert resources(Resources(requests=requests, limits=Limits(memory="2Gi")))["limits"]["memory"] == "2Gi"


def test_request_of_an_extended_resource_equals_its_limit() -> None:
    found = resources(Resources(), {GPU: 2})
    assert found["requests"][GPU] == found["limits"][GPU] == 2


def test_probe_connects_where_there_is_no_path() -> None:
    found = probe(Probe(path=None), "http")
    assert found[...] == {"tcpSocket": {"port": "http"}}


def test_command_arguments_and_environment_are_left_out_when_empty(container: Any) -> None:
    assert not {"command", "args", "env", "envFrom"} & container().keys()


def test_arguments_stay_as_they_are_written(container: Any) -> None:
    assert container(args=["", "{{ .Values }}", "no"])["args"] == ["", "{{ .Values }}", "no"]
