"""The two front doors of the soil platform, as committed: the umbrella Helm chart makes what the manifests say."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MANAGED_BY = "app.kubernetes.io/managed-by"


def by_name(text: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Objects by kind and name, without what only `helm test` makes and with one word for who manages them."""
    manifests = [manifest for manifest in yaml.safe_load_all(text) if manifest]
    kept = [item for item in manifests if "helm.sh/hook" not in item["metadata"].get("annotations", {})]
    for manifest in kept:
        assert manifest["metadata"]["labels"].pop(MANAGED_BY) in ("Helm", "podzol")
    return {(manifest["kind"], manifest["metadata"]["name"]): manifest for manifest in kept}


@pytest.mark.helm
def test_helm_makes_the_objects_of_the_committed_manifests(helm: Path) -> None:
    command = [helm, "template", "soil", ROOT / "charts" / "soil-platform", "--namespace", "soil"]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    committed = (ROOT / "dist" / "manifests" / "soil-platform.k8s.yaml").read_text()
    assert by_name(rendered) == by_name(committed)
