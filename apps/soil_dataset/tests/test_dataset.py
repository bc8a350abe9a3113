"""A dataset is read as it was written, or refused with one line."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from soil_dataset.__main__ import program
from soil_dataset.dataset import fingerprint
from soil_dataset.measured import fermentation
from soil_dataset.simulate import simulate

from lifecycle import Final
from soil_dataset import read


@pytest.fixture
def folder(tmp_path):
    simulate(20, seed=1).write(tmp_path / "soil")
    return tmp_path / "soil"


def test_reads_what_was_written(folder):
    written, found = simulate(20, seed=1), read(folder)
    assert np.array_equal(found.spectra, written.spectra)
    assert found.place["sample_id"] == written.place["sample_id"]
    assert list(found.properties) == list(written.properties)
    assert np.array_equal(found.properties["ph"], written.properties["ph"])
    assert found.axis == written.axis


def test_the_same_seed_gives_the_same_files(folder, tmp_path):
    simulate(20, seed=1).write(tmp_path / "again")
    simulate(20, seed=2).write(tmp_path / "other")
    assert fingerprint(folder) == fingerprint(tmp_path / "again") != fingerprint(tmp_path / "other")


def test_dark_soils_hold_more_carbon():
    soil = simulate(500, seed=3)
    visible = soil.spectra[:, :36].mean(axis=1)
    assert np.corrcoef(visible, soil.properties["organic_carbon_percent"])[0, 1] < -0.5


def test_the_fermentation_has_21_laboratory_and_34_online_spectra(tmp_path):
    fermentation().write(tmp_path)
    found = read(tmp_path)
    assert (found.place["site"].count("laboratory"), found.place["site"].count("fermenter")) == (21, 34)
    assert found.spectra.shape == (55, 410)
    assert 0 <= found.properties["glucose_g_per_l"].min() <= found.properties["glucose_g_per_l"].max() < 60


def test_the_command_writes_a_dataset(tmp_path, capsys):
    program(["simulate", "--data", str(tmp_path), "--samples", "3"])
    assert json.loads(capsys.readouterr().out) == {
        "event": "dataset_written",
        "folder": str(tmp_path),
        "name": "simulated-podzols",
        "samples": 3,
    }


def test_a_missing_folder_is_final(tmp_path):
    with pytest.raises(Final) as refused:
        read(tmp_path / "x")
    assert str(refused.value) == (
        f"{tmp_path}/x: there is no such folder; mount the dataset there, or name another with --data"
    )


def test_a_folder_without_a_dataset_is_final(tmp_path):
    with pytest.raises(Final) as refused:
        read(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path}: holds no dataset.json, so it is no dataset; make one with soil-dataset or mount one"
    )


def change(folder, **columns):
    spectra = pq.read_table(folder / "spectra.parquet")
    for name, values in columns.items():
        spectra = spectra.set_column(spectra.column_names.index(name), name, values)
    pq.write_table(spectra, folder / "spectra.parquet")


def refusal(folder):
    with pytest.raises(Final) as refused:
        read(folder)
    return str(refused.value).removeprefix(f"{folder}: ")


def test_an_empty_dataset_is_final(folder):
    for name in ("samples.parquet", "spectra.parquet"):
        pq.write_table(pq.read_table(folder / name).slice(0, 0), folder / name)
    assert refusal(folder) == "the dataset is empty; fill it before anything reads it"


def test_a_file_that_isnt_parquet_is_final(folder):
    (folder / "samples.parquet").write_text("not parquet at all")
    assert refusal(folder).startswith("can't be read as a dataset: ")


def test_a_spectrum_that_is_too_short_is_final(folder):
    change(folder, reflectance=pa.array([[0.5]] * 20, pa.list_(pa.float32())))
    assert refusal(folder) == "every spectrum must have 216 points, as the axis in dataset.json has"


def test_a_spectrum_that_is_as_much_too_long_as_another_is_too_short_is_final(folder):
    points = [[0.5] * length for length in [215, 217, *[216] * 18]]
    change(folder, reflectance=pa.array(points, pa.list_(pa.float32())))
    assert refusal(folder) == "every spectrum must have 216 points, as the axis in dataset.json has"


def test_a_spectrum_with_a_hole_is_final(folder):
    points = simulate(20, seed=1).spectra
    points[7, 3] = np.nan
    change(folder, reflectance=pa.array(list(points), pa.list_(pa.float32())))
    assert refusal(folder) == "the spectrum of S-000007 holds a value that isn't a finite number"


def test_samples_in_another_order_are_final(folder):
    change(folder, sample_id=pa.array([f"S-{19 - i:06d}" for i in range(20)]))
    assert refusal(folder) == (
        "spectra.parquet must have the samples of samples.parquet in the same order; write both anew"
    )


def test_samples_without_a_column_are_final(folder):
    samples = pq.read_table(folder / "samples.parquet")
    pq.write_table(samples.drop_columns("horizon"), folder / "samples.parquet")
    assert refusal(folder) == "can't be read as a dataset: 'Field \"horizon\" does not exist in schema'"


def test_a_property_that_isnt_a_number_is_final(folder):
    samples = pq.read_table(folder / "samples.parquet")
    pq.write_table(samples.append_column("colour", pa.array(["red"] * 20)), folder / "samples.parquet")
    assert refusal(folder) == "samples.parquet: colour must be numbers, got string; leave the column out"
