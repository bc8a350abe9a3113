"""What Karpenter's provider may sell when the cloud has no machines of a pool, of a type or in a zone."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from podzol.clusters import load_spec
from podzol.local.cluster import Cluster
from podzol.local.faults import capacity
from podzol.local.faults.capacity import without, zone_of
from podzol.local.faults.withdrawn import withdrawn
from podzol.local.karpenter import Elastic

SOIL = Elastic(load_spec("soil"))


def offered(withdrawn: set[str]) -> dict[str, set[str]]:
    """Instance type -> the zones in which it is to be had."""

    def zones(each: dict[str, Any]) -> set[str]:
        return {zone_of(offering) for offering in each["offerings"]}

    return {each["name"]: zones(each) for each in without(SOIL, withdrawn)}


def test_a_pool_takes_all_its_types_with_it() -> None:
    left = offered({"cpu-pool"})
    assert {name for name, zones in left.items() if zones} == {"g6.2xlarge"}


def test_a_type_goes_alone() -> None:
    left = offered({"m7i.xlarge"})
    assert {name for name, zones in left.items() if not zones} == {"m7i.xlarge"}


@pytest.mark.parametrize("name", ["m7i.xlarge", "g6.2xlarge"])
def test_a_zone_goes_from_every_type(name: str) -> None:
    assert offered({"us-east-1a"})[name] == {"us-east-1b", "us-east-1c"}


def test_a_type_stays_known_without_offerings_for_it_may_have_nodes() -> None:
    assert offered({"cpu-pool", "gpu-pool"}).keys() == offered(set()).keys()


def test_of_two_withdrawals_at_once_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster("soil")
    cluster.folder.mkdir(parents=True)
    cluster.write_facts(SOIL.facts)

    def slowly(cluster: Cluster) -> set[str]:
        found = withdrawn(cluster)
        time.sleep(0.1)  # for the other one to read the same, if it may
        return found

    monkeypatch.setattr(capacity, "withdrawn", slowly)
    monkeypatch.setattr(capacity, "tell", lambda *said: None)
    monkeypatch.setattr(capacity.revival, "restart", lambda *named: None)
    with ThreadPoolExecutor() as at_once:
        list(at_once.map(lambda pool: capacity.withdraw(cluster, pool), ["cpu-pool", "gpu-pool"]))
    assert withdrawn(cluster) == {"cpu-pool", "gpu-pool"}
