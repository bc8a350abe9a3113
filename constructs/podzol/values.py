"""Defines: the base of every values model, and the field types that workloads share.
Does not define: sections of values; each stands in `podzol.kubernetes` beside the function that renders it.
Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and the pages named below, 2026-11-23.

Every pattern is anchored, ASCII, and spelt without \\d, \\w or look-around: pydantic (Rust) and Helm (Go RE2) must read
it alike. `Form` carries what a person is told when the pattern refuses: the form, and what to write instead.
"""

from typing import Annotated, Any

from pydantic import Field, ValidationInfo, model_validator

from podzol.template import Form
from podzol.template import Values as TemplateValues

LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(\.{LABEL})*"
QUALIFIED = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
SEGMENT = r"\.?[A-Za-z0-9_-][A-Za-z0-9_.-]*"
"""A part of a path: neither empty nor `.` nor `..`."""
MOUNT_SEGMENT = r"[._]?[A-Za-z0-9]+([._-]+[A-Za-z0-9]+)*"
REPOSITORY_PART = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"

DnsLabel = Annotated[
    str,
    Field(pattern=rf"^{LABEL}$", max_length=63),
    Form("a DNS label of at most 63 characters", fix="use a-z, 0-9 and -, such as soil-lab"),
]
NameOverride = Annotated[
    str,
    Field(pattern=r"^([a-z][a-z0-9]*(-[a-z0-9]+)*)?$", max_length=63),
    Form("empty or a DNS label that starts with a letter", fix="use a-z, 0-9 and single -, such as soil-api"),
]
"""Becomes a Service's name, so it starts with a letter (RFC 1035); single dashes survive a cut at 63 characters."""
DnsSubdomain = Annotated[
    str,
    Field(pattern=rf"^{SUBDOMAIN}$", max_length=253),
    Form("a Kubernetes object name", fix="use a-z, 0-9, - and ., such as spectra-2026"),
]
HostName = Annotated[
    str,
    Field(pattern=rf"^(\*\.)?{SUBDOMAIN}$", max_length=253),
    Form("a host name", fix="write soil.example.org or *.example.org, without scheme, port or path"),
]
LabelKey = Annotated[
    str,
    Field(pattern=rf"^({SUBDOMAIN}/)?{QUALIFIED}$", max_length=317),
    Form("a label key", fix="write team or example.org/team"),
]
LabelValue = Annotated[
    str,
    Field(pattern=r"^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$", max_length=63),
    Form("a label value of at most 63 characters", fix="use letters, digits, - _ and ., such as soil-lab"),
]
AnnotationKey = Annotated[
    str,
    Field(pattern=rf"^({SUBDOMAIN}/)?{QUALIFIED}$", max_length=317),
    Form("an annotation key", fix="write owner or example.org/owner"),
]
EnvName = Annotated[
    str,
    Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$", max_length=253),
    Form("the name of an environment variable", fix="use letters, digits and _, such as LOG_LEVEL"),
]
FileName = Annotated[
    str,
    Field(pattern=rf"^{SEGMENT}$", max_length=253),
    Form("a file name", fix="use letters, digits, - _ and ., such as settings.toml"),
]
Port = Annotated[int, Field(ge=1, le=65535)]
Percent = Annotated[int, Field(ge=1, le=100)]
Seconds = Annotated[int, Field(ge=0, le=2**31 - 1)]
UserId = Annotated[int, Field(ge=1, le=2**31 - 1)]
"""Never 0: that is root, which Podzol never runs."""

Cpu = (
    Annotated[int, Field(ge=1, le=10_000)]
    | Annotated[
        str,
        Field(pattern=r"^([1-9][0-9]{0,6}m|[1-9][0-9]{0,4}(\.[0-9]{1,3})?|0\.([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9]))$"),
        Form("thousandths of a core (500m) or cores (1.5)", fix='write 500m, 2 or "1.5"'),
    ]
)
"""Kubernetes' quantity for CPU: cores or thousandths of one. A number is taken too: people write `cpu: 2`."""
Memory = Annotated[
    str,
    Field(pattern=r"^[1-9][0-9]{0,9}(k|M|G|T|Ki|Mi|Gi|Ti)$"),
    Form(
        "a whole quantity of bytes with a unit", fix="write 512Mi or 2Gi; 512m would be half a byte, 512 only 512 bytes"
    ),
]
"""Kubernetes' quantity for bytes. A unit is required: `512` and `512m` are valid there and never meant."""
Quantity = Annotated[
    str,
    Field(pattern=r"^[1-9][0-9]{0,9}(m|k|M|G|T|Ki|Mi|Gi|Ti)?$"),
    Form("a Kubernetes quantity above 0", fix="write 500m, 4 or 10Gi"),
]
IntOrPercent = (
    Annotated[int, Field(ge=1, le=100_000)]
    | Annotated[str, Field(pattern=r"^([1-9][0-9]?|100)%$"), Form("a percentage from 1% to 100%", fix="write 1 or 25%")]
)

ImageRepository = Annotated[
    str,
    Field(
        pattern=rf"^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{{1,5}})?/)?{REPOSITORY_PART}(/{REPOSITORY_PART})*$",
        max_length=255,
    ),
    Form("an image name without tag or digest", fix="write ghcr.io/acme/api, and the tag under image.tag"),
]
ImageTag = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"),
    Form("an image tag", fix='write "1.20" in quotes: YAML reads 1.20 as the number 1.2'),
]
ImageDigest = Annotated[
    str,
    Field(pattern=r"^sha256:[a-f0-9]{64}$"),
    Form("an image digest", fix="write sha256: and 64 hexadecimal digits"),
]

AbsolutePath = Annotated[
    str,
    Field(pattern=rf"^(/{SEGMENT})+$", max_length=255),
    Form("an absolute path", fix="write /data/spectra: no trailing slash, no .., letters digits - _ and . only"),
]
MountPath = Annotated[
    str,
    Field(pattern=rf"^(/{MOUNT_SEGMENT})+$", max_length=55),
    Form(
        "an absolute path of at most 55 characters",
        fix="write /data/spectra: no trailing slash, no .., letters digits - _ and .",
    ),
]
"""Where a volume is mounted. The volume's name is made of it, so it must come to a DNS label."""
RelativePath = Annotated[
    str,
    Field(pattern=rf"^{SEGMENT}(/{SEGMENT})*$", max_length=255),
    Form("a relative path", fix="write 2026/spectra: no leading slash, no .."),
]
UrlPath = Annotated[
    str,
    Field(pattern=r"^/[!-~]*$", max_length=1024),
    Form("the path of a URL", fix="write /healthz"),
]


def _cron_field(value: str) -> str:
    part = rf"(\*|{value}(-{value})?)(/[1-9][0-9]?)?"
    return rf"{part}(,{part})*"


CRON_FIELDS = (
    r"[0-5]?[0-9]",
    r"([01]?[0-9]|2[0-3])",
    r"(0?[1-9]|[12][0-9]|3[01])",
    r"(0?[1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)",
    r"([0-6]|SUN|MON|TUE|WED|THU|FRI|SAT)",
)
"""Minute, hour, day of month, month, day of week, as robfig/cron reads them for Kubernetes: Sunday is 0, 7 is refused.
Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax, 2026-11-23."""
CRON_WORDS = "hourly|daily|midnight|weekly|monthly|yearly|annually"
Cron = Annotated[
    str,
    Field(
        pattern=rf"^(@({CRON_WORDS})|{' '.join(map(_cron_field, CRON_FIELDS))})$",
        max_length=253,
    ),
    Form(
        "a cron schedule of five fields (minute hour day month weekday) or @daily and the like",
        fix='write "0 5 * * *" for every day at 05:00; minutes end at 59, hours at 23, weekdays at 6',
    ),
]
TimeZone = Annotated[
    str,
    Field(pattern=r"^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$", max_length=64),
    Form("the name of a time zone", fix="write Etc/UTC or Europe/Vienna"),
]


def named(value: Any) -> Any:
    """Return the value with every cdk8s object in it replaced by that object's name.

    An object counts when jsii made its class (a cdk8s-plus Secret, ConfigMap, ServiceAccount ... or a construct of
    Podzol) and its `name` is a string. It is told by its class, so that Podzol needs no cdk8s to hold values.
    """
    if isinstance(value, dict):
        return {key: named(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [named(item) for item in value]
    if hasattr(type(value), "__jsii_type__") and isinstance(name := getattr(value, "name", None), str):
        return name
    return value


class Values(TemplateValues):
    """Values of a workload or of one section of it.

    Where a name is expected, a cdk8s-plus object may be given: its name is taken.
    """

    @model_validator(mode="before")
    @classmethod
    def _take_names(cls, values: Any, info: ValidationInfo) -> Any:
        return named(values) if info.mode == "python" and isinstance(values, dict) else values

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Put a model's own fields before the inherited ones: values.yaml opens with what the workload is about."""
        super().__pydantic_init_subclass__(**kwargs)
        fields = cls.__pydantic_fields__
        own = [name for name in cls.__annotations__ if name in fields]
        ordered = {name: fields[name] for name in [*own, *(name for name in fields if name not in own)]}
        fields.clear()
        fields.update(ordered)
