"""A container's environment and command line."""

import base64
from typing import Any

import pytest
from pods import pod_of

from podzol.kubelet.environment import ConfigError, command, environment, expand, field
from podzol.kubelet.images import Program

Object = dict[str, Any]
OBJECTS = {
    ("configmaps", "settings"): {
        "kind": "ConfigMap",
        "data": {"COLOUR": "ochre", "depth": "30"},
        "binaryData": {"picture": base64.b64encode(b"\0").decode()},
    },
    ("secrets", "key"): {"kind": "Secret", "data": {"token": base64.b64encode(b"s3cret").decode()}},
}
SERVICE = {
    "metadata": {"name": "data-api", "namespace": "soil"},
    "spec": {"clusterIP": "10.0.0.9", "ports": [{"name": "http", "port": 80}]},
}


def variables(container: Object, **pod: Any) -> dict[str, str]:
    """The environment of a container."""
    return environment(pod_of(container, **pod), {"name": "main"} | container, Program(), [SERVICE], get)


def get(kind: str, name: str) -> Object | None:
    return OBJECTS.get((kind, name))


def test_values_may_name_those_before_them() -> None:
    env = [{"name": "A", "value": "1"}, {"name": "B", "value": "$(A)2"}, {"name": "C", "value": "$$(A) $(MISSING)"}]
    found = variables({"env": env})
    assert (found["B"], found["C"]) == ("12", "$(A) $(MISSING)")


def test_values_come_from_config_maps_and_secrets() -> None:
    env = [
        {"name": "COLOUR", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "COLOUR"}}},
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "key", "key": "token"}}},
        {"name": "NONE", "valueFrom": {"secretKeyRef": {"name": "other", "key": "x", "optional": True}}},
    ]
    found = variables({"env": env, "envFrom": [{"prefix": "S_", "configMapRef": {"name": "settings"}}]})
    assert (found["COLOUR"], found["TOKEN"], found["S_depth"]) == ("ochre", "s3cret", "30")
    assert "NONE" not in found
    assert "S_picture" not in found  # what is binary is for files


@pytest.mark.parametrize(
    ("container", "said"),
    [
        ({"envFrom": [{"configMapRef": {"name": "gone"}}]}, 'configmap "gone" not found'),
        (
            {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "x"}}}]},
            'couldn\'t find key x in configmap "settings"',
        ),
        ({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "no", "key": "x"}}}]}, 'secret "no" not found'),
    ],
)
def test_what_is_referred_to_and_missing_is_named(container: Object, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        variables(container)
    assert str(caught.value) == said


def test_the_pod_tells_of_itself_and_of_its_resources() -> None:
    fields = {
        "POD": "metadata.name",
        "IP": "status.podIP",
        "NODE": "spec.nodeName",
        "LABEL": "metadata.labels['a']",
        "LABELS": "metadata.labels",
    }
    env = [{"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in fields.items()]
    asked = {"CPU": ("limits.cpu", "1"), "MILLI": ("requests.cpu", "1m"), "MIB": ("limits.memory", "1Mi")}
    env += [
        {"name": name, "valueFrom": {"resourceFieldRef": {"resource": what, "divisor": divisor}}}
        for name, (what, divisor) in asked.items()
    ]
    resources = {"requests": {"cpu": "250m"}, "limits": {"cpu": "1500m", "memory": "1Gi"}}
    found = variables({"env": env, "resources": resources})
    assert {name: found[name] for name in [*fields, *asked]} == {
        "POD": "pod",
        "IP": "10.244.0.7",
        "NODE": "cpu-pool-0",
        "LABEL": "1",
        "LABELS": 'a="1"\nb="2"',
        "CPU": "2",
        "MILLI": "250",
        "MIB": "1024",
    }


def test_services_are_named_unless_the_pod_wants_none() -> None:
    assert variables({})["DATA_API_SERVICE_HOST"] == "10.0.0.9"
    assert variables({})["DATA_API_SERVICE_PORT_HTTP"] == "80"
    assert "DATA_API_SERVICE_HOST" not in variables({}, enableServiceLinks=False)


def test_annotations_are_quoted() -> None:
    pod = pod_of()
    pod["metadata"]["annotations"] = {"note": 'two\nlines "q"', "a": "1"}
    assert field(pod, "metadata.annotations") == 'a="1"\nnote="two\\nlines \\"q\\""'


IMAGE = Program(entrypoint=["serve"], command=["--port", "80"])


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ({}, ["serve", "--port", "80"]),
        ({"args": ["--port", "$(PORT)"]}, ["serve", "--port", "8080"]),
        ({"command": ["sh"]}, ["sh"]),
        ({"command": ["sh"], "args": ["-c", "true"]}, ["sh", "-c", "true"]),
    ],
)
def test_command_and_args_take_the_place_of_the_image_s(container: Object, words: list[str]) -> None:
    assert command(container, IMAGE, {"PORT": "8080"}) == words


def test_two_dollars_are_one() -> None:
    assert expand("$$(A) $(A) $A", {"A": "1"}) == "$(A) 1 $A"
