"""What is said of recorded evidence, word for word: a file of `evidence/` a case."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from podzol.why import Evidence, answer, find, text

FOLDER = Path(__file__).parent / "evidence"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
WITHOUT_NAMESPACE = ("Node", "NodePool", "NodeClaim", "PersistentVolume", "Namespace", "StorageClass", "ClusterQueue")


def ago(seconds: float) -> str:
    return datetime.fromtimestamp(NOW - seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def whole(it: dict[str, Any]) -> dict[str, Any]:
    """An object with what its file leaves out: namespace, uid, owner, and times said as seconds ago."""
    it = yaml.safe_load(yaml.safe_dump(it))
    meta = it.setdefault("metadata", {})
    if it["kind"] == "Event":
        meta["name"] = it["reason"]
        it["lastTimestamp"] = ago(it.pop("age"))
        it["involvedObject"].setdefault("namespace", "soil")
    if it["kind"] not in WITHOUT_NAMESPACE:
        meta["namespace"] = "soil"
    meta["uid"] = f"{it['kind']}/{meta['name']}"
    meta["creationTimestamp"] = ago(meta.pop("age", 300))
    if late := meta.pop("deleting", None):
        meta["deletionTimestamp"] = ago(late)
    if owner := meta.pop("owner", None):
        kind, name = owner.split("/")
        meta["ownerReferences"] = [{"kind": kind, "name": name, "uid": owner, "controller": True}]
    status = it.get("status") or {}
    if since := status.pop("ago", None):
        status["since"] = ago(since)
    for condition in status.get("conditions") or ():
        condition["lastTransitionTime"] = ago(condition.pop("since", 60))
    return it


def evidence_of(case: dict[str, Any]) -> Evidence:
    """The case's objects, with a plain Node for each name that a pod is on, but for `gone`."""
    objects = case["objects"]
    there = {it["metadata"]["name"] for it in objects if it["kind"] == "Node"} | {"gone", None}
    used = {(it.get("spec") or {}).get("nodeName") for it in objects if it["kind"] == "Pod"}
    nodes = [{"kind": "Node", "metadata": {"name": name}} for name in used - there]
    return Evidence(map(whole, [*objects, *nodes]), NOW, case.get("unseen"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_answer_to_recorded_evidence(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = answer(find(evidence_of(case), "soil", case["asks"]))
    assert "\n".join(text(found)) + "\n" == case["answer"]
    assert found.runs == case.get("runs", False)
    assert case.get("cause") in (None, *(finding.cause for finding in found.findings[:1]))
