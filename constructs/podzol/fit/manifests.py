"""Defines how manifests are read: a file, a folder of files, standard input, or a Helm chart folder or package, which
the real `helm template` renders.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from podzol.documents import text_of, told
from podzol.faults import Fault, UserError
from podzol.template.yaml_reader import read_documents

RELEASE = "fit"
SUFFIXES = (".yaml", ".yml", ".json")


def asked_about(
    sources: Sequence[str], helm: Callable[[], Path], values: Sequence[Path], namespace: str
) -> list[dict[str, Any]]:
    """Objects of everything that is asked about; `values` are for its Helm charts.

    Raises:
        UserError: see `read` and `rendered`; or values, and no Helm chart that takes them.
    """
    if values and not any(map(is_chart, sources)):
        fix = "name the Helm chart's folder or its .tgz"
        raise UserError([Fault("--values", "must be left out where no Helm chart is asked about", fix=fix)])
    return [
        each
        for source in sources
        for each in (rendered(source, helm(), values, namespace) if is_chart(source) else read(source))
    ]


def is_chart(source: str) -> bool:
    """Whether Helm has to render it."""
    path = Path(source)
    return (path / "Chart.yaml").is_file() or (path.is_file() and path.suffix == ".tgz")


def read(source: str) -> list[dict[str, Any]]:
    """Objects of a file, of every file below a folder, or of standard input (`-`).

    Raises:
        UserError: there is no such file, it isn't YAML, or a document is no Kubernetes object.
    """
    if source == "-":
        with told("standard input"):
            return objects(sys.stdin.read(), "standard input")
    path = Path(source)
    found = sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES) if path.is_dir() else [path]
    files = [each for each in found if each.is_file()]
    if not files:
        raise UserError(
            [Fault(source, "must be a Helm chart folder, a .tgz, or manifests", fix="give a file or folder")]
        )
    return [each for file in files for each in objects(text_of(file), str(file))]


def rendered(source: str, helm: Path, values: Sequence[Path], namespace: str) -> list[dict[str, Any]]:
    """Objects of a Helm chart, without its tests.

    Raises:
        UserError: Helm refuses the chart or the values; the rules that values break are told one by one, as elsewhere.
    """
    files = [argument for each in values for argument in ("--values", str(each))]
    done = subprocess.run(
        [str(helm), "template", RELEASE, source, "--skip-tests", "--namespace", namespace, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UserError(_refused(source, (done.stderr.strip() or done.stdout.strip()).removeprefix("Error: ")))
    return objects(done.stdout, source)


def _refused(source: str, said: str) -> list[Fault]:
    """What Helm refuses: broken rules, a line each, or whatever else it says in one."""
    told = re.match(r"execution error at \(\S+/validate\.yaml:\S+\): ((?:\S+: must .+\n?)+)", said)
    if told is None:
        return [Fault(source, f"must be a Helm chart that renders: {' '.join(said.split())}")]
    return [Fault(*line.split(": ", 1)) for line in told[1].splitlines()]


def objects(text: str, where: str) -> list[dict[str, Any]]:
    """Objects of a YAML stream; a List is taken apart.

    Raises:
        UserError: see `read`.
    """
    with told(where):
        documents = [each for each in read_documents(text) if each is not None]
    found = [each for document in documents for each in _flat(document)]
    faults = [
        Fault(where, "must hold Kubernetes objects, with kind and metadata.name", each)
        for each in found
        if not _is_object(each)
    ]
    if faults:
        raise UserError(faults)
    return found


def _is_object(content: Any) -> bool:
    if not isinstance(content, dict):
        return False
    kind = content.get("kind")
    return isinstance(kind, str) and kind != "" and isinstance(content.get("metadata"), dict)


def _flat(document: Any) -> Iterator[Any]:
    is_list = isinstance(document, dict) and str(document.get("kind")).endswith("List")
    items = (document["items"] or []) if is_list and "items" in document else document
    yield from items if isinstance(items, list) else [document]
