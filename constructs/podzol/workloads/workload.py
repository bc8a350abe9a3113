"""Defines: `Workload`, a pure function from values to manifests, and what every room asks of it. Does not define: the
crossing to cdk8s (`construct.py`) or the Helm chart around the templates (`podzol.charts`).
"""

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from podzol.documents import text_of
from podzol.faults import Fault, UserError
from podzol.kubernetes.container import Image
from podzol.kubernetes.labels import ObjectValues
from podzol.template import Context, Tree, evaluate, evaluate_notes, trace
from podzol.template import load as load_values
from podzol.template.release import NAME_LENGTH, RELEASE_LENGTH
from podzol.values import Values, named
from podzol.version import VERSION

EXAMPLES = Path(__file__).parent / "examples"

RELEASE_NAME = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
"""Helm's own rule for release names.
Source: https://github.com/helm/helm/blob/main/pkg/chart/v2/util/validate_name.go, 2026-11-23."""
NAMESPACE = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"

MANAGED_BY = "podzol"
"""Value of the label managed-by where Helm isn't the one who installs."""


class Example(NamedTuple):
    """A worked example: a values file whose first line is a comment with its title."""

    name: str
    """`gateway` for gateway-values.yaml."""
    title: str
    text: str
    """The file as it stands."""

    @property
    def values(self) -> dict[str, Any]:
        """The file's content as Helm reads it."""
        from podzol.template import read_yaml

        return read_yaml(self.text) or {}


class Workload:
    """One kind of workload. A subclass defines `Values` and `manifests`, and may define `rules`, `tests` and `notes`.

    The subclass is never instantiated: `GpuBatchJob(scope, "train", values)` makes a cdk8s construct.
    """

    Values: ClassVar[type[ObjectValues]]
    """Model of its values."""
    chart: ClassVar[str]
    """Name of its Helm chart: the class's name in kebab-case unless given."""
    keywords: ClassVar[tuple[str, ...]] = ()
    """Words that people search its Helm chart by."""
    links: ClassVar[Mapping[str, str]] = {}
    """Title to address of what it stands on."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "chart" not in vars(cls):
            cls.chart = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make a cdk8s construct of this workload: `GpuBatchJob(scope, id, values, release_name=...)`.

        Its `__init__` stands in `construct.py`, so that a class of one's own may have another and call it.
        """
        from podzol.workloads.construct import construct

        return construct(cls)

    @staticmethod
    def rules(v: Any) -> Iterator[Any]:
        """Rules between values."""
        return iter(())

    @staticmethod
    def manifests(v: Any, release: Any) -> dict[str, Any]:
        """The manifests by name of their template file."""
        raise NotImplementedError

    @staticmethod
    def tests(v: Any, release: Any) -> dict[str, Any]:
        """Manifests that `helm test` runs."""
        return {}

    @staticmethod
    def notes(v: Any, release: Any) -> list[Any]:
        """What to do next, line by line, shown after `helm install`."""
        return []

    @classmethod
    @functools.cache
    def tree(cls) -> Tree:
        """The workload's functions, traced once with values that aren't known yet."""
        return trace(cls.Values, cls.manifests, cls.rules, cls.tests, cls.notes)

    @classmethod
    def load(cls, values: Any = None) -> ObjectValues:
        """Values of this workload from an instance, or from a mapping as in a values file.

        Raises:
            ValuesError: the model refuses them; carries every fault.
        """
        if isinstance(values, cls.Values):
            return values
        return load_values(cls.Values, named(values))

    @classmethod
    def render(
        cls, values: Any = None, *, release: str, namespace: str = "default", chart: str | None = None
    ) -> list[dict[str, Any]]:
        """The manifests for these values, as plain dicts in the order of `manifests`.

        Args:
            values: an instance of `Values`, or a mapping as in a values file. Left out: the defaults.
            release: name of the release.
            namespace: namespace of the objects.
            chart: what Helm would call `.Chart.Name`: the alias in an umbrella. Left out: the Helm chart's name.

        Raises:
            UserError: an impossible release or namespace. ValuesError: refused values. Each carries every fault.
        """
        context = cls.context(release, namespace, chart)
        return evaluate(cls.tree(), cls.load(values), context)

    @classmethod
    def notes_for(
        cls, values: Any = None, *, release: str, namespace: str = "default", chart: str | None = None
    ) -> str:
        """What `helm install` would print after installing. Arguments and errors as of `render`."""
        return evaluate_notes(cls.tree(), cls.load(values), cls.context(release, namespace, chart))

    @classmethod
    def context(cls, release: str, namespace: str, chart: str | None = None) -> Context:
        """What templates may ask about the release. Raises UserError for impossible names."""
        faults = []
        if len(release) > RELEASE_LENGTH or not re.fullmatch(RELEASE_NAME, release):
            faults.append(
                Fault(
                    "release",
                    f"must be a release name of at most {RELEASE_LENGTH} characters",
                    release,
                    "use a-z, 0-9 and -, such as soil-train",
                )
            )
        if len(namespace) > NAME_LENGTH or not re.fullmatch(NAMESPACE, namespace):
            faults.append(
                Fault(
                    "namespace",
                    f"must be a DNS label of at most {NAME_LENGTH} characters",
                    namespace,
                    "use a-z, 0-9 and -, such as soil-lab",
                )
            )
        if faults:
            raise UserError(faults)
        return Context(
            release=release,
            namespace=namespace,
            chart=chart or cls.chart,
            version=VERSION,
            app_version=VERSION,
            service=MANAGED_BY,
        )

    @classmethod
    def description(cls) -> str:
        """One line on what it is: the first of the class's docstring."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    @classmethod
    def images(cls) -> tuple[str, ...]:
        """Container images of the default values, each `repository:tag`, sorted."""
        found = {f"{image.repository}:{image.tag}" for image in _images(cls.Values())}
        return tuple(sorted(found))

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """The worked examples, the simplest first."""
        return examples_in(EXAMPLES / cls.chart)


def examples_in(folder: Path) -> tuple[Example, ...]:
    """The worked examples of a folder, the shortest first: a reader begins with the simplest.

    Raises:
        UserError: one isn't text, or doesn't begin with a title; every one that doesn't.
    """
    found = [_example(path) for path in sorted(folder.glob("*-values.yaml"))]
    rule, fix = "must begin with a comment that is its title", "write one, such as # A worker with a GPU"
    if faults := [Fault(str(folder / f"{each.name}-values.yaml"), rule, fix=fix) for each in found if not each.title]:
        raise UserError(faults)
    return tuple(sorted(found, key=lambda example: (len(example.text), example.name)))


def _images(values: Values) -> Iterator[Image]:
    for name in type(values).model_fields:
        value = getattr(values, name)
        if isinstance(value, Image):
            yield value
        elif isinstance(value, Values):
            yield from _images(value)


def _example(path: Path) -> Example:
    text = text_of(path)
    title = text.partition("\n")[0]
    title = title.removeprefix("#").strip() if title.startswith("#") else ""
    return Example(path.name.removesuffix("-values.yaml"), title, text)
