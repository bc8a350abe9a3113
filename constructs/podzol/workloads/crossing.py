"""Defines: how constructs get to cdk8s, in another process. Does not define: what they hold (`construct.py`).

cdk8s is reached over a pipe, with jsii. A call costs a third of a millisecond, more on a busy machine, and an object
made there call by call takes several calls. So constructs wait here and go over many at a time, in one call, to a class
of ours beside cdk8s (`construct.js`). Whatever else goes over goes after what waits: nobody can see that it waited. Our
class is loaded as every jsii library is, from a package made of that file and a few lines on its types.
Sources, read on 2026-11-23: https://aws.github.io/jsii/specification/ (assemblies, the kernel's calls); jsii 1.142,
jsii/_kernel/__init__.py: every call of the kernel looks up `provider` first.
"""

import gzip
import io
import json
import tarfile
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import jsii
from constructs import Construct
from jsii import _reference_map

from podzol.version import VERSION

SCRIPT = Path(__file__).with_name("construct.js")
BATCH = 64
"""Constructs that wait at most, half a megabyte or so: jsii reads a call in pieces, and copies all it has with each."""

CONSTRUCTS = {"collection": {"kind": "array", "elementtype": {"fqn": "constructs.Construct"}}}
ANYTHING = {"collection": {"kind": "array", "elementtype": {"primitive": "any"}}}
JSII_PACKAGE = {
    "package.json": {"name": "podzol", "version": VERSION, "main": SCRIPT.name},
    ".jsii": {
        "schema": "jsii/0.10.0",
        "jsiiVersion": "5.9.0",
        "name": "podzol",
        "version": VERSION,
        "dependencies": {"cdk8s": "^2.70.0", "constructs": "^10.8.0"},
        "types": {
            "podzol.Workload": {
                "kind": "class",
                "assembly": "podzol",
                "fqn": "podzol.Workload",
                "name": "Workload",
                "base": "constructs.Construct",
                "methods": [
                    {
                        "name": "makeAll",
                        "static": True,
                        "parameters": [
                            {"name": "scopes", "type": CONSTRUCTS},
                            {"name": "batch", "type": {"primitive": "string"}},
                        ],
                        "returns": {"type": ANYTHING},
                    }
                ],
            }
        },
    },
}


class Crossed(Construct, metaclass=jsii.JSIIMeta, jsii_type="podzol.Workload"):
    """A construct that `construct.js` makes, with all its objects."""


class Waiting(NamedTuple):
    """A construct that isn't made yet."""

    construct: Crossed
    scope: Construct
    id: str
    objects: str
    """JSON text: the manifests by child id."""
    default_child: str


_QUEUE: list[Waiting] = []


def cross(waiting: Waiting) -> None:
    """Have a construct made, at the latest when anything else is asked of cdk8s.

    Raises:
        RuntimeError: cdk8s refuses it, or one before it, such as an id that is taken. The others are made.
    """
    taken = any(waiting.id == other.id and waiting.scope is other.scope for other in _QUEUE)
    _QUEUE.append(waiting)
    if taken or len(_QUEUE) >= BATCH:
        _hand_over()


def _hand_over() -> None:
    batch = _QUEUE.copy()
    _QUEUE.clear()
    places = {scope: place for place, scope in enumerate(dict.fromkeys(waiting.scope for waiting in batch))}
    texts = [
        f"[{places[waiting.scope]},{json.dumps(waiting.id)},{waiting.objects},{json.dumps(waiting.default_child)}]"
        for waiting in batch
    ]
    refused = []
    results = jsii.sinvoke(Crossed, "makeAll", [list(places), f"[{','.join(texts)}]"])
    for waiting, result in zip(batch, results, strict=True):
        if isinstance(result, str):
            refused.append(result)
        else:
            waiting.construct.__jsii_ref__ = result.__jsii_ref__  # type: ignore[attr-defined]
            _reference_map.register_reference(waiting.construct)
    if refused:
        raise RuntimeError("\n".join(refused))


class _AfterWhatWaits:
    """jsii's way to the other process, which hands over what waits before anything else goes there."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider

    def __getattr__(self, name: str) -> Any:
        if _QUEUE:
            _hand_over()
        return getattr(self._provider, name)


def _load_package() -> None:
    """Load our class into the other process. The package's bytes never change, so jsii's own cache finds it again."""
    files = {name: json.dumps(content).encode() for name, content in JSII_PACKAGE.items()}
    files[SCRIPT.name] = SCRIPT.read_bytes()
    with tempfile.NamedTemporaryFile(suffix=".tgz") as package:
        with (
            gzip.GzipFile(fileobj=package, mode="wb", filename="", mtime=0) as zipped,
            tarfile.open(fileobj=zipped, mode="w") as archive,
        ):
            for name, content in files.items():
                entry = tarfile.TarInfo(f"package/{name}")
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        package.flush()
        jsii.kernel.load("podzol", VERSION, package.name)


_load_package()
jsii.kernel.provider = _AfterWhatWaits(jsii.kernel.provider)  # type: ignore[assignment]
