"""Samples and spectra as people ask for them."""

import pytest
from data_api.store import Store
from soil_dataset.simulate import simulate

from lifecycle import Limits


def ids(answer):
    return [sample["sample_id"] for sample in answer.json()["samples"]]


def every(client, **filters):
    """All pages of a search."""
    found, after = [], None
    while True:
        page = client.get("/v1/samples", params={**filters, "limit": 30, **({"after": after} if after else {})})
        found += page.json()["samples"]
        after = page.json()["next"]
        if after is None:
            return found


def test_the_dataset_says_what_it_is(client):
    about = client.get("/v1/dataset").json()
    assert (about["name"], about["samples"], about["axis"]["unit"]) == ("simulated-podzols", 200, "nm")
    assert about["horizons"] == ["A", "B", "C", "E", "O"]
    assert about["units"]["clay_percent"] == "%"


def test_pages_hold_every_sample_once(client):
    assert [sample["sample_id"] for sample in every(client)] == [f"S-{i:06d}" for i in range(200)]


def test_filters_by_horizon_and_site(client):
    found = every(client, horizon="B", site="Tartu")
    assert found
    assert {(sample["horizon"], sample["site"]) for sample in found} == {("B", "Tartu")}


def test_filters_by_depth_that_overlaps(client):
    found = every(client, depth_from_cm=20, depth_to_cm=36)
    assert {sample["horizon"] for sample in found} == {"E", "B"}


def test_filters_by_place(client):
    assert {sample["site"] for sample in every(client, south=66, east=25)} == {"Kiruna"}


def test_a_sample_by_its_id(client):
    sample = client.get("/v1/samples/S-000004").json()
    assert sample["sample_id"] == "S-000004"
    assert 0 < sample["organic_carbon_percent"] < 15


def test_a_spectrum_has_a_value_for_each_point_of_its_axis(client):
    spectrum = client.get("/v1/samples/S-000004/spectrum").json()
    assert len(spectrum["reflectance"]) == len(spectrum["axis"]["values"]) == 216


def test_the_nearest_to_a_sample_is_itself(client):
    nearest = client.get("/v1/samples/S-000004/nearest", params={"count": 3}).json()["nearest"]
    assert len(nearest) == 3
    assert nearest[0] == {"sample_id": "S-000004", "angle_degrees": 0.0}
    assert 0 < nearest[1]["angle_degrees"] <= nearest[2]["angle_degrees"]


def test_brighter_light_doesnt_change_the_nearest(client):
    values = client.get("/v1/samples/S-000007/spectrum").json()["reflectance"]
    posted = {"reflectance": [2 * value for value in values], "count": 1}
    nearest = client.post("/v1/spectra/nearest", json=posted).json()["nearest"]
    assert nearest[0]["sample_id"] == "S-000007"
    assert nearest[0]["angle_degrees"] < 0.001


@pytest.mark.parametrize("sample_id", ["' OR 1=1 --", "S-999999", "%2e%2e"])
def test_an_id_is_a_value_and_never_sql(client, sample_id):
    answer = client.get(f"/v1/samples/{sample_id}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_spectrum_of_zeros_is_near_to_nothing(tmp_path):
    dataset = simulate(3, seed=1)
    dataset.spectra[1] = 0
    dataset.write(tmp_path)
    nearest = Store(tmp_path, Limits(cpus=1, memory_bytes=1 << 30), 10).nearest(dataset.spectra[0].tolist(), 3)
    assert [row["sample_id"] for row in nearest] == ["S-000000", "S-000002"]
