"""Bad input ends with one line, and with 42 when another try can't do better."""

import json
import resource

import numpy as np
import pytest
from soil_dataset.simulate import simulate
from spectral_training.data import batch_rows


def last_words(ended):
    assert ended.error.startswith("spectral-training: ")
    assert ended.error.count("\n") == 1
    return ended.code, ended.error.removeprefix("spectral-training: ").strip()


def test_a_missing_dataset_is_final(train, tmp_path):
    line = f"{tmp_path}/x: there is no such folder; mount the dataset there, or name another with --data"
    assert last_words(train(data=tmp_path / "x")) == (42, line)


def test_an_empty_dataset_is_final(train, tmp_path):
    simulate(0, seed=1).write(tmp_path / "none")
    line = f"{tmp_path}/none: the dataset is empty; fill it before anything reads it"
    assert last_words(train(data=tmp_path / "none")) == (42, line)


def test_an_unknown_target_is_final(train, soil):
    line = f"{soil}: has no property zinc, only organic_carbon_percent, clay_percent, sand_percent, ph, water_percent"
    assert last_words(train("--targets", "zinc", "ph")) == (42, line)


def test_a_split_that_leaves_nothing_is_final(train, soil):
    line = (
        f"{soil}: --test-site Paris leaves 60 samples to learn from and 0 to score on; "
        "both must have some with a measured target"
    )
    assert last_words(train("--test-site", "Paris")) == (42, line)


def test_a_loss_that_isnt_a_number_is_final_and_keeps_what_was_good(train, weights, tmp_path):
    ended = train("--learning-rate", 1e9, "--weight-decay", 10, "--steps", 30, "--checkpoint-steps", 1)
    good = ended.named("metrics")[-1]["step"]
    kept = f"the checkpoint of step {good} is kept"
    line = f"step {good + 1}: the loss is not a finite number; {kept}; lower --learning-rate"
    assert last_words(ended) == (42, line)
    assert max(path.name for path in (tmp_path / "out/checkpoints").glob("step-*")) == f"step-{good:08d}"
    assert all(np.isfinite(array).all() for array in weights(tmp_path / "out").values())


def test_a_gpu_that_isnt_there_is_said_and_may_be_had_elsewhere(train):
    line = "JAX finds no GPU here, only cpu; see to the node's driver, and that the pod asks for one"
    assert last_words(train("--require-gpu")) == (1, line)


@pytest.mark.usefixtures("trained")
def test_a_changed_setting_is_final(train, tmp_path):
    line = (
        f"{tmp_path}/out/checkpoints/step-00000012: was learned with seed 0, got 5; "
        "keep the setting, or start anew in another --out"
    )
    assert last_words(train("--seed", 5)) == (42, line)


@pytest.mark.usefixtures("trained")
def test_a_changed_dataset_is_final(train, tmp_path):
    simulate(60, seed=99).write(tmp_path / "new")
    code, line = last_words(train(data=tmp_path / "new"))
    assert code == 42
    assert "was learned with dataset " in line


def test_a_full_disk_keeps_the_checkpoint_before(begin, train, trained, tmp_path):
    (trained / "checkpoints/step-00000012").rename(tmp_path / "elsewhere")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, before[1]))  # a file of the checkpoint is larger than that
    try:
        trial = begin()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    code, line = last_words(trial.end())
    assert (code, "step-00000012" in line, "the one of step 9 is kept" in line) == (1, True, True)
    assert train().named("resumed")[0]["step"] == 9


@pytest.mark.parametrize("environment", [{"WORLD_SIZE": "2"}, {"WORLD_SIZE": "two", "RANK": "0"}])
def test_an_environment_that_isnt_whole_is_final(train, environment):
    line = "WORLD_SIZE and RANK must both be numbers where one is set; check the Job's environment"
    assert last_words(train(**environment)) == (42, line)


def test_a_rank_beyond_the_last_is_final(train):
    line = "RANK must be from 0 to 1, got 2; WORLD_SIZE is 2"
    assert last_words(train(WORLD_SIZE="2", RANK="2")) == (42, line)


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        (
            {"WORLD_SIZE": "2", "RANK": "0", "MASTER_ADDR": "first"},
            "MASTER_ADDR and MASTER_PORT must name a host and a port, got 'first:'; check the Job's environment",
        ),
        (
            {"JAX_COORDINATOR_ADDRESS": "first", "JAX_NUM_PROCESSES": "2", "JAX_PROCESS_ID": "1"},
            "JAX_COORDINATOR_ADDRESS must name a host and a port, got 'first'; check the Job's environment",
        ),
    ],
)
def test_half_an_address_of_the_first_pod_is_final(train, environment, line):
    assert last_words(train(**environment)) == (42, line)


def test_each_sample_comes_once_a_pass():
    rows = [row for step in range(15) for row in batch_rows(samples=10, batch_size=4, seed=0, step=step)]
    for begin in range(0, 60, 10):
        assert sorted(rows[begin : begin + 10]) == list(range(10))
    assert rows[:10] != rows[10:20]
    assert json.dumps([int(row) for row in batch_rows(10, 4, 0, 2)]) == json.dumps([int(row) for row in rows[8:12]])
