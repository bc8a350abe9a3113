"""The shared field types, each with texts that it takes and refuses, and the base of all values."""

import re
from typing import Annotated, Any, get_args

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from podzol import values
from podzol.template import ValuesError, fields
from podzol.values import DnsSubdomain, Values, named

TAKEN: dict[str, list[Any]] = {
    "DnsLabel": ["a", "soil-lab", "9to5", "a" * 63],
    "NameOverride": ["", "api", "soil-api2"],
    "DnsSubdomain": ["a", "soil.example", "a-b.c-d"],
    "HostName": ["soil.example.org", "*.example.org", "localhost"],
    "LabelKey": ["team", "example.org/team", "A_b.c-d"],
    "LabelValue": ["", "a", "Soil_Lab.1", "a" * 63],
    "AnnotationKey": ["prometheus.io/scrape"],
    "EnvName": ["A", "_x", "LOG_LEVEL", "my.prop-a"],
    "FileName": ["a.toml", ".env", "_x", "a..b"],
    "Port": [1, 65535],
    "Percent": [1, 100],
    "Seconds": [0, 300],
    "UserId": [1, 65532],
    "Cpu": [1, "500m", "2", "1.5", "0.5", "0.001", "0.100", "0.050"],
    "Memory": ["1k", "512Mi", "2Gi", "10T"],
    "Quantity": ["1", "500m", "10Gi"],
    "IntOrPercent": [1, "25%", "100%"],
    "ImageRepository": ["nginx", "ghcr.io/acme/api", "localhost:5000/a/b", "a__b/c--d", "registry.k8s.io/e2e.x/y"],
    "ImageTag": ["1.20", "latest", "v1_a.b-c"],
    "ImageDigest": ["sha256:" + "0a" * 32],
    "AbsolutePath": ["/data", "/a/b.c/_d", "/.cache"],
    "MountPath": ["/data", "/var/ml_model", "/home/app/.cache"],
    "RelativePath": ["a", "2026/june", ".x/y"],
    "UrlPath": ["/", "/healthz?full=1"],
    "Cron": [
        "*/2 * * * *",
        "0 5 * * *",
        "@daily",
        "59 23 31 12 6",
        "0,30 9-17 * JAN-MAR MON-FRI",
        "5/15 0-23/2 1,15 * 0",
        "05 05 01 01 SUN",
    ],
    "TimeZone": ["Etc/UTC", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"],
}
REFUSED: dict[str, list[Any]] = {
    "DnsLabel": ["", "A", "a_b", "-a", "a-", "a.b", "a" * 64, "a\n", "ä"],
    "NameOverride": ["9to5", "a--b", "a-", "A"],
    "DnsSubdomain": ["", "a..b", ".a", "A.b", "a_b"],
    "HostName": ["https://a.b", "a.b/c", "a.b:80", "*", "a.*.b"],
    "LabelKey": ["", "/a", "a/", "A.b/c", "a/b/c", "a b"],
    "LabelValue": ["-a", "a-", "a b", "a/b", "a" * 64],
    "AnnotationKey": ["a b", ""],
    "EnvName": ["", "1A", "A B", "A=B", "-A"],
    "FileName": ["", ".", "..", "..a", "a/b"],
    "Port": [0, 65536, "80"],
    "Percent": [0, 101],
    "Seconds": [-1, 1.5],
    "UserId": [0, -1],
    "Cpu": [0, -1, 1.5, "0", "0m", "0.0", "0.0001", "1e3", "1 ", "two", "500M", ""],
    "Memory": ["512", "512m", "1.5Gi", "0Mi", "1gb", "Gi", 512],
    "Quantity": ["0", "1.5", "-1"],
    "IntOrPercent": [0, "0%", "101%", "5", "%"],
    "ImageRepository": ["", "nginx:1.2", "ghcr.io/Acme/api", "a//b", "a@sha256:0", "https://a/b"],
    "ImageTag": ["", "-a", "a b", "a:b", "a" * 129],
    "ImageDigest": ["sha256:0a", "md5:" + "0a" * 32, "sha256:" + "0A" * 32],
    "AbsolutePath": ["", "/", "data", "/data/", "/a/../b", "/a//b", "/a:b"],
    "MountPath": ["/", "/a/../b", "/a.", "/a-", "/" + "a" * 55],
    "RelativePath": ["", "/a", "a/", "a/../b", ".."],
    "UrlPath": ["", "a", "/a b", "/ä"],
    "Cron": [
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 7",
        "*/0 * * * *",
        "@every 1h",
        "@reboot",
        "TZ=UTC * * * * *",
        "* * * * FOO",
        "a * * * *",
    ],
    "TimeZone": ["", "utc", "Europe/", "/UTC", "Europe/Vienna\n"],
}


def test_every_type_has_its_samples() -> None:
    types = {name for name, value in vars(values).items() if get_args(value) and not name.startswith("_")}
    assert types == TAKEN.keys() == REFUSED.keys()


@pytest.mark.parametrize(("name", "sample"), [(name, sample) for name in TAKEN for sample in TAKEN[name]])
def test_takes(name: str, sample: Any) -> None:
    assert TypeAdapter(getattr(values, name)).validate_python(sample, strict=True) == sample


@pytest.mark.parametrize(("name", "sample"), [(name, sample) for name in REFUSED for sample in REFUSED[name]])
def test_refuses(name: str, sample: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(getattr(values, name)).validate_python(sample, strict=True)


def patterns(annotation: Any) -> list[str]:
    """Every pattern in an annotation."""
    own = [
        part.pattern
        for item in get_args(annotation)
        for part in getattr(item, "metadata", [])
        if hasattr(part, "pattern")
    ]
    return [*own, *(pattern for item in get_args(annotation) if get_args(item) for pattern in patterns(item))]


@pytest.mark.parametrize("name", TAKEN)
def test_python_reads_each_pattern_as_pydantic_does(name: str) -> None:
    """Two engines agree, so that a third, Helm's, has no class or flag left to read otherwise."""
    for pattern in patterns(getattr(values, name)):
        adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, Field(pattern=pattern)])
        for text in filter(lambda sample: isinstance(sample, str), TAKEN[name] + REFUSED[name]):
            try:
                taken = adapter.validate_python(text) == text
            except ValidationError:
                taken = False
            assert taken == bool(re.fullmatch(pattern, text)), (pattern, text)


class Cloud:
    """Looks like an object of cdk8s-plus: jsii made its class, and it has a name."""

    __jsii_type__ = "cdk8s-plus-28.Secret"

    def __init__(self, name: Any) -> None:
        self.name = name


class Reference(Values):
    secret: DnsSubdomain
    """Name of a Secret."""


class Holder(Values):
    """A section."""

    own: int = 1
    """Its own value."""
    reference: Reference | None = None
    """A section that may be null."""
    names: list[DnsSubdomain] = []
    """Names."""


class Heir(Holder):
    """A section with more."""

    more: int = 2
    """One more."""
    names: list[DnsSubdomain] = ["a"]
    """Names, with another default."""


def test_cdk8s_object_stands_where_a_name_is_taken() -> None:
    held = Holder(reference={"secret": Cloud("logins")}, names=[Cloud("a"), "b"])  # type: ignore[arg-type,list-item]
    assert held.reference == Reference(secret="logins")
    assert held.names == ["a", "b"]
    assert named({"reference": {"secret": Cloud("x")}}) == {"reference": {"secret": "x"}}


def test_refuses_a_cdk8s_object_whose_name_is_no_text() -> None:
    with pytest.raises(ValuesError, match="secret: must be text"):
        Reference(secret=Cloud(None))  # type: ignore[arg-type]


def test_own_values_come_before_the_inherited_ones() -> None:
    assert list(fields(Heir)) == ["more", "names", "own", "reference"]


def test_docstrings_of_values_are_their_descriptions() -> None:
    assert [field.description for field in fields(Heir).values()] == [
        "One more.",
        "Names, with another default.",
        "Its own value.",
        "A section that may be null.",
    ]
