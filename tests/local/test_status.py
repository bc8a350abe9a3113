"""What `podzol local status` says of a cluster."""

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

from podzol.clusters import load_spec
from podzol.local import status
from podzol.local.cluster import Cluster


def claim(node: str | None = None) -> dict[str, Any]:
    """A NodeClaim of cpu-pool; one that Karpenter has just made has no status."""
    metadata = {"labels": {"podzol.dev/pool": "cpu-pool"}}
    return {"metadata": metadata, **({"status": {"nodeName": node}} if node is not None else {})}


def test_a_machine_that_was_just_ordered_is_coming() -> None:
    asked = SimpleNamespace(items=lambda kind: [claim("cpu-pool-1"), claim(""), claim()])
    cluster = cast(Cluster, SimpleNamespace(kubectl=asked))
    cpu, _ = status.pools(cluster, load_spec("soil"), Counter({"cpu-pool": 1}))
    assert (cpu["name"], cpu["nodes"], cpu["coming"]) == ("cpu-pool", 1, 2)
