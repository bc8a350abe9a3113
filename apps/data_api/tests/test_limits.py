"""What the service refuses, and how."""

import pytest
from data_api.store import Store, TookTooLong

from lifecycle import Limits


def problem(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["detail"]


def test_an_unknown_sample(client):
    assert problem(client.get("/v1/samples/S-9")) == (404, "there is no sample 'S-9'")


def test_an_unknown_address(client):
    assert problem(client.get("/v2")) == (404, "GET /v2: Not Found")


def test_a_wrong_method(client):
    assert problem(client.delete("/v1/samples")) == (405, "DELETE /v1/samples: Method Not Allowed")


@pytest.mark.parametrize(
    ("query", "where"),
    [("limit=0", "query.limit"), ("limit=501", "query.limit"), ("depth_from_cm=nan", "query.depth_from_cm")],
)
def test_a_query_out_of_bounds(client, query, where):
    answer = client.get(f"/v1/samples?{query}")
    assert problem(answer) == (422, "the request is not what it should be; see errors")
    assert [error["where"] for error in answer.json()["errors"]] == [where]


def test_all_errors_of_a_request_at_once(client):
    assert len(client.get("/v1/samples?limit=0&south=91&east=x").json()["errors"]) == 3


def test_a_spectrum_of_the_wrong_length(client):
    answer = client.post("/v1/spectra/nearest", json={"reflectance": [0.5]})
    assert problem(answer) == (422, "reflectance must have 216 values, got 1; see /v1/dataset")


def test_a_spectrum_of_zeros(client):
    answer = client.post("/v1/spectra/nearest", json={"reflectance": [0] * 216})
    assert problem(answer) == (422, "reflectance must not be zero everywhere; it has no direction to compare")


@pytest.mark.parametrize("body", [b'{"reflectance": [NaN]}', b"{", b'{"reflectance": [1], "colour": 2}', b""])
def test_a_body_that_isnt_a_spectrum(client, body):
    answer = client.post("/v1/spectra/nearest", content=body, headers={"content-type": "application/json"})
    assert problem(answer) == (422, "the request is not what it should be; see errors")


def test_a_body_that_is_too_large(client):
    answer = client.post("/v1/spectra/nearest", content=b" " * 20_001)
    assert problem(answer) == (413, "the body must be at most 20000 bytes")


def test_a_body_that_is_too_large_and_doesnt_say_so(client):
    answer = client.post("/v1/spectra/nearest", content=iter([b" " * 15_000, b" " * 15_000]))
    assert problem(answer) == (413, "the body must be at most 20000 bytes")


def test_more_searches_than_allowed(client, store, monkeypatch):
    inner = []
    monkeypatch.setattr(store, "nearest", lambda spectrum, count: inner.append(client.get(path)) or [])
    path = "/v1/samples/S-000001/nearest"
    assert client.get(path).status_code == 200
    assert problem(inner[0]) == (503, "1 searches are under way, and that is the most at one time")
    assert inner[0].headers["retry-after"] == "1"
    assert "searches_refused_total 1.0" in client.get("/metrics").text


def test_a_query_that_takes_too_long_is_broken_off(folder):
    store = Store(folder, Limits(cpus=1, memory_bytes=1 << 30), query_seconds=0.05)
    with pytest.raises(TookTooLong):
        store._rows("SELECT count(*) FROM range(10000000000) a, range(1000) b WHERE a.range % 7 = b.range", [])


def test_a_slow_query_is_answered_with_503(client, store, monkeypatch):
    def slow(sample_id):
        raise TookTooLong

    monkeypatch.setattr(store, "sample", slow)
    assert problem(client.get("/v1/samples/S-1")) == (
        503,
        "the query took too long and was broken off; ask for less, or again in a moment",
    )


def test_a_fault_of_the_program_is_one_line_and_a_500(client, store, monkeypatch, capsys):
    monkeypatch.setattr(store, "sample", lambda sample_id: 1 / 0)
    assert problem(client.get("/v1/samples/S-1")) == (500, "the service has a fault; its log says which")
    said = capsys.readouterr()
    assert said.out == '{"event": "error", "path": "/v1/samples/S-1", "error": "ZeroDivisionError: division by zero"}\n'
    assert "Traceback" not in said.err


def test_metrics_count_by_route_and_status(client):
    client.get("/v1/samples/S-000001")
    client.get("/v1/samples/S-000002")
    client.get("/v1/samples/none")
    text = client.get("/metrics").text
    assert 'http_requests_total{method="GET",route="/v1/samples/{sample_id}",status="200"} 2.0' in text
    assert 'http_requests_total{method="GET",route="/v1/samples/{sample_id}",status="404"} 1.0' in text
    assert "dataset_samples 200.0" in text
