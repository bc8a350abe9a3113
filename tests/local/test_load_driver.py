"""How a load gets into the cluster: one object that several drivers write, and who may be sent requests."""

import asyncio
import copy
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from podzol.elasticity.api import ApiFailure
from podzol.faults import Failure, UserError
from podzol.local.load.driver import Driver, refuse_second
from podzol.local.load.shapes import shaped
from podzol.local.load.target import Target, find_target
from podzol.local.load.usage import Used

IDLE = 'Quantity("1m")\n'
API, WEB = Target("soil", "api", {}), Target("soil", "web", {})


class OneObject:
    """An API with one object, which refuses a write of an old version."""

    def __init__(self, refuses: int = 0) -> None:
        cpu = {"expression": IDLE}
        self.it: dict[str, Any] = {"metadata": {"resourceVersion": "1"}, "spec": {"usages": [{"usage": {"cpu": cpu}}]}}
        self.refuses = refuses
        self.writes = 0
        self.client = SimpleNamespace(put=self.put)

    async def get(self, path: str, **parameters: str) -> Any:
        return copy.deepcopy(self.it)

    async def put(self, path: str, json: dict[str, Any]) -> Any:
        self.writes += 1
        if self.refuses:
            return SimpleNamespace(status_code=self.refuses, is_success=False, content=b"")
        if json["metadata"]["resourceVersion"] != self.it["metadata"]["resourceVersion"]:
            return SimpleNamespace(status_code=409, is_success=False, content=b"")
        self.it = copy.deepcopy(json)
        self.it["metadata"]["resourceVersion"] = str(int(json["metadata"]["resourceVersion"]) + 1)
        return SimpleNamespace(status_code=200, is_success=True, json=lambda: copy.deepcopy(self.it))

    @property
    def expression(self) -> str:
        return self.it["spec"]["usages"][0]["usage"]["cpu"]["expression"]


def driver() -> Driver:
    return Driver(Path("kubeconfig"), "soil", "api", shaped("step", 10, 10, 0.1))


def test_two_drivers_write_one_object_and_neither_loses_its_section() -> None:
    async def both(api: OneObject) -> None:
        one, other = driver(), driver()
        for milli in (100, 200):
            await one._write(api, API, [Used("a", "main", milli)])  # type: ignore[arg-type]
            await other._write(api, WEB, [Used("w", "main", milli)])  # type: ignore[arg-type]

    api = OneObject()
    asyncio.run(both(api))
    assert api.expression.count("// load ") == 2
    assert api.expression.count('Quantity("200m")') == 2


def test_what_has_not_changed_is_not_written_and_the_end_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 100.0)

    async def twice(api: OneObject) -> int:
        one = driver()
        for _ in range(2):
            await one._write(api, API, [Used("a", "main", 100)])  # type: ignore[arg-type]
        written = api.writes
        await one._write(api, API, [])  # type: ignore[arg-type]
        return written

    api = OneObject()
    assert asyncio.run(twice(api)) == 1
    assert api.expression == IDLE


def test_a_refused_write_is_an_error() -> None:
    with pytest.raises(ApiFailure):
        asyncio.run(driver()._write(OneObject(refuses=403), API, [Used("a", "main", 1)]))  # type: ignore[arg-type]


def test_a_load_is_renewed_although_nothing_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def later(api: OneObject) -> list[int]:
        one, writes = driver(), []
        for now in (100.0, 105.0, 110.0):
            monkeypatch.setattr(time, "time", lambda now=now: now)
            await one._write(api, API, [Used("a", "main", 100)])  # type: ignore[arg-type]
            writes.append(api.writes)
        return writes

    assert asyncio.run(later(OneObject())) == [1, 1, 2]


def test_what_could_not_be_written_is_written_at_the_next_moment() -> None:
    async def twice(api: OneObject) -> None:
        one, used = driver(), [Used("a", "main", 100)]
        await one._write(api, API, [Used("a", "main", 50)])  # type: ignore[arg-type]
        api.refuses = 503
        with pytest.raises(ApiFailure):
            await one._write(api, API, used)  # type: ignore[arg-type]
        api.refuses = 0
        await one._write(api, API, used)  # type: ignore[arg-type]

    api = OneObject()
    asyncio.run(twice(api))
    assert 'Quantity("100m")' in api.expression


def test_a_service_that_has_a_load_gets_no_second_one() -> None:
    async def second(api: OneObject) -> None:
        await driver()._write(api, API, [Used("a", "main", 100)])  # type: ignore[arg-type]
        await refuse_second(api, WEB)  # type: ignore[arg-type]
        with pytest.raises(Failure) as refused:
            await refuse_second(api, API)  # type: ignore[arg-type]
        told = "the service api has a load already; end it, or wait 30 s if it was killed"
        assert str(refused.value) == told

    asyncio.run(second(OneObject()))


def services(*names: str) -> Any:
    async def get(path: str, **parameters: str) -> Any:
        assert (path, parameters["labelSelector"]) == (
            "api/v1/namespaces/soil/services",
            "app.kubernetes.io/instance=api",
        )
        return {"items": [{"metadata": {"name": name}, "spec": {"selector": {"app": name}}} for name in names]}

    return SimpleNamespace(get=get)


def test_the_only_service_of_a_release_is_meant() -> None:
    assert asyncio.run(find_target(services("web"), "soil", "api")) == Target("soil", "web", {"app": "web"})


@pytest.mark.parametrize(
    ("there", "named", "said"),
    [
        ((), None, 'RELEASE: must have a Service in the namespace soil, got "api"; see `helm list --all-namespaces`'),
        (
            ("a", "b"),
            None,
            'RELEASE: must have a Service in the namespace soil, got "api"; name one with --service: a, b',
        ),
        (("a",), "c", '--service: must have a Service in the namespace soil, got "c"; name one with --service: a'),
    ],
)
def test_a_service_that_is_not_clear_is_refused(there: tuple[str, ...], named: str | None, said: str) -> None:
    with pytest.raises(UserError) as error:
        asyncio.run(find_target(services(*there), "soil", "api", named))
    assert str(error.value) == said
