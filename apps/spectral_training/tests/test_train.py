"""Training that stops and goes on: the end is the unbroken run's, bit for bit."""

import json
import os
import random
import re
import signal
from argparse import Namespace

import numpy as np
import pytest
from soil_dataset.measured import fermentation
from soil_dataset.simulate import simulate
from spectral_training.learning import precision_of
from spectral_training.train import Pace

KILLS = int(os.environ.get("KILLS", "6"))


def same(ours, theirs):
    assert ours.keys() == theirs.keys()
    return all(np.array_equal(ours[name], theirs[name]) for name in ours)


def test_the_same_seed_gives_the_same_weights_and_another_doesnt(train, tmp_path, weights, unbroken):
    assert train().code == 0
    assert train("--seed", 1, out=tmp_path / "other").code == 0
    assert same(weights(tmp_path / "out"), unbroken)
    assert not same(weights(tmp_path / "other"), unbroken)


def test_a_stop_saves_and_the_next_try_goes_on_to_the_same_weights(begin, train, tmp_path, weights, unbroken):
    stopped = begin().wait_for("metrics").send(signal.SIGTERM).end()
    step = max(int(path.name.split("-")[1]) for path in (tmp_path / "out/checkpoints").glob("step-*"))
    assert stopped.code == 143
    assert stopped.error == f"spectral-training: stopped at step {step} as asked; the next try goes on from there\n"
    ended = train()
    assert (ended.code, ended.named("resumed")[0]["step"]) == (0, step)
    assert same(weights(tmp_path / "out"), unbroken)
    steps = [json.loads(line)["step"] for line in (tmp_path / "out/metrics.jsonl").read_text().splitlines()]
    assert steps == list(range(1, 13)), "each step's metrics once"


def test_kills_lose_at_most_one_interval_and_change_nothing(begin, train, tmp_path, weights, unbroken):
    """Kill -9 at random moments after it began; KILLS=50 for the long form."""
    moments, kills, lap = random.Random(1), 0, 0
    while kills < KILLS:
        out, saved = tmp_path / f"lap-{lap}", 0
        while kills < KILLS:
            begun = "resumed" if any(out.glob("checkpoints/step-*")) else "started"
            trial = begin(out=out).wait_for(begun if kills % 4 == 3 else "metrics")
            ended = trial.send(signal.SIGKILL, after_seconds=moments.uniform(0, 0.3)).end()
            at = ended.named("resumed") + ended.named("started")
            assert at[0]["step"] >= saved - 3, "no more than one interval of work is lost"
            assert not ended.named("checkpoint_broken")
            saved = max([at[0]["step"], *(line["step"] for line in ended.named("metrics"))])
            kills += ended.code == -signal.SIGKILL
            if ended.code == 0:
                break
        assert train(out=out).code == 0
        assert same(weights(out), unbroken)
        lap += 1


def test_keeps_the_last_three_checkpoints(trained):
    assert sorted(path.name for path in (trained / "checkpoints").glob("step-*")) == [
        "step-00000006",
        "step-00000009",
        "step-00000012",
    ]


def test_a_corrupt_checkpoint_falls_back_to_the_one_before(train, trained, tmp_path, weights, unbroken):
    victim = max((trained / "checkpoints/step-00000012/arrays/d").iterdir())
    victim.write_bytes(b"\0" + victim.read_bytes()[1:])
    ended = train()
    assert ended.named("checkpoint_broken")[0]["reason"] == f"arrays/d/{victim.name} is not what was written"
    assert ended.named("resumed")[0]["step"] == 9
    assert same(weights(tmp_path / "out"), unbroken)


def test_learns_what_a_spectrum_says_and_writes_the_card(train, tmp_path):
    simulate(300, seed=8).write(tmp_path / "soil")
    ended = train(
        "--steps", 150, "--batch-size", 32, "--checkpoint-steps", 150, "--log-steps", 75, data=tmp_path / "soil"
    )
    scores = json.loads((tmp_path / "out/scores.json").read_text())["scores"]
    assert ended.code == 0
    assert scores["organic_carbon_percent"]["r2"] > 0.8
    card = (tmp_path / "out/model-card.md").read_text()
    assert "240 samples to learn from, 60 to score on (20 % drawn by seed 0)" in card
    assert f"| organic_carbon_percent | % | 60 | {scores['organic_carbon_percent']['rmse']:.3f} |" in card
    assert (tmp_path / "out/scaling.npz").exists()


def test_learns_measured_spectra(train, tmp_path):
    fermentation().write(tmp_path / "fermentation")
    size = ["--steps", 150, "--batch-size", 16, "--checkpoint-steps", 150, "--log-steps", 150, "--learning-rate", 0.004]
    what = ["--targets", "glucose_g_per_l", "--treatment", "derivative", "--test-percent", 30]
    ended = train(*size, *what, data=tmp_path / "fermentation")
    assert ended.code == 0
    assert ended.events[-1]["glucose_g_per_l_samples"] == 16
    assert ended.events[-1]["glucose_g_per_l_r2"] > 0.8


def test_half_precision_learns_too_and_keeps_whole_weights(train, tmp_path, weights, unbroken):
    assert train("--precision", "bfloat16").code == 0
    halves = weights(tmp_path / "out")
    assert {name: array.dtype for name, array in halves.items()} == {name: a.dtype for name, a in unbroken.items()}
    assert not same(halves, unbroken)


@pytest.mark.parametrize(
    ("platform", "capability", "precision"),
    [
        ("gpu", "9.0", "bfloat16"),
        ("gpu", "8.0", "bfloat16"),
        ("gpu", "7.5", "float32"),
        ("gpu", "gfx90a", "float32"),
        ("cpu", None, "float32"),
    ],
)
def test_half_precision_is_taken_where_it_pays(monkeypatch, platform, capability, precision):
    device = Namespace(platform=platform, **({"compute_capability": capability} if capability else {}))
    monkeypatch.setattr("jax.devices", lambda: [device])
    assert precision_of("auto") == precision


def test_pods_talk_about_a_stop_once_a_second_or_so(monkeypatch):
    """Steps of 1/16 second, after a first one that took a second to compile."""
    clock = iter([0, 1, 1.0625, 1.1875, 1.4375, 1.9375, 2.9375])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    pace, step, asked = Pace(0, next(clock)), 1, []
    for _ in range(6):
        asked.append(pace.steps_in(1.0, step))
        step += asked[-1]
    assert asked == [1, 2, 4, 8, 16, 16]


def test_a_line_of_metrics_that_broke_is_left_out(trained, train):
    metrics = trained / "metrics.jsonl"
    whole = metrics.read_text()
    metrics.write_text("\0\0\n" + whole + "\0\0")
    assert train().code == 0
    assert metrics.read_text() == whole


def test_tells_mlflow_when_asked_and_goes_on_with_the_same_run(begin, train, tmp_path):
    where = {"MLFLOW_TRACKING_URI": (tmp_path / "mlruns").as_uri(), "MLFLOW_ALLOW_FILE_STORE": "true"}
    assert begin(**where).wait_for("metrics").send(signal.SIGTERM).end().code == 143
    (params,) = (tmp_path / "mlruns").glob("*/*/params/batch_size")
    folder = params.parents[1]
    assert status_of(folder) == "KILLED"
    ended = train(**where)
    assert (ended.code, len(ended.named("resumed")), ended.named("tracking_lost")) == (0, 1, [])
    assert status_of(folder) == "FINISHED"
    assert (tmp_path / "out/mlflow-run.txt").read_text().strip() == folder.name
    logged = [line.split() for line in (folder / "metrics/loss").read_text().splitlines()]
    assert [int(step) for _, _, step in logged] == list(range(1, 13))
    assert params.read_text() == "8"
    assert (folder / "artifacts/model-card.md").exists()


def test_tells_mlflow_of_a_run_that_failed(train, tmp_path):
    where = {"MLFLOW_TRACKING_URI": (tmp_path / "mlruns").as_uri(), "MLFLOW_ALLOW_FILE_STORE": "true"}
    assert train("--learning-rate", 1e9, "--weight-decay", 10, "--steps", 30, **where).code == 42
    (about,) = (tmp_path / "mlruns").glob("*/*/meta.yaml")
    assert status_of(about.parent) == "FAILED"


def status_of(folder):
    """The status of a run in MLflow's folder of it."""
    number = re.search(r"^status: (\d)$", (folder / "meta.yaml").read_text(), re.MULTILINE)[1]
    return {"1": "RUNNING", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}[number]


def test_a_tracking_server_that_is_away_doesnt_stop_it(train):
    ended = train(MLFLOW_TRACKING_URI="http://127.0.0.1:1", MLFLOW_HTTP_REQUEST_MAX_RETRIES="0")
    assert ended.code == 0
    assert len(ended.named("tracking_lost")) == 1
