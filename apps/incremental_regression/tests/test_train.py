"""Training from a stream that stops and goes on: the end is the unbroken run's, bit for bit."""

import json
import random
import signal

import joblib
import numpy as np
import pytest
from incremental_regression.generate import generate


def weights(out):
    pipeline = joblib.load(out / "model.joblib")
    return np.concatenate([pipeline["regress"].coef_, pipeline["regress"].intercept_, pipeline["scale"].mean_])


@pytest.fixture
def unbroken(train, tmp_path):
    """The final weights of a run that nothing disturbed."""
    assert train(out=tmp_path / "unbroken").code == 0
    return weights(tmp_path / "unbroken")


def test_learns_the_whole_stream(train, tmp_path):
    ended = train()
    assert ended.code == 0
    assert ended.events[-1]["rows"] == 120
    assert json.loads((tmp_path / "out/scores.json").read_text())["rows"] == 120


def test_explains_most_of_a_longer_stream(train, tmp_path):
    generate(tmp_path / "long", files=2, rows=3000, seed=1)
    assert train("--batch-rows", 100, "--checkpoint-steps", 50, data=tmp_path / "long").events[-1]["r2"] > 0.6


def test_a_stop_saves_and_the_next_try_goes_on_to_the_same_weights(begin, train, tmp_path, unbroken):
    stopped = begin("--pause-seconds", 5).wait_for("started").send(signal.SIGTERM, after_seconds=0.1).end()
    assert stopped.code == 143
    step = max(int(path.name.split("-")[1]) for path in (tmp_path / "out/checkpoints").glob("step-*"))
    assert step >= 1
    assert stopped.error == (
        f"incremental-regression: stopped at step {step} as asked; the next try goes on from there\n"
    )
    ended = train()
    assert (ended.code, ended.named("resumed")[0]["step"]) == (0, step)
    assert np.array_equal(weights(tmp_path / "out"), unbroken)


def test_fifty_kills_lose_at_most_one_interval_and_change_nothing(begin, train, tmp_path, unbroken):
    """Kill -9 at random moments, most of them while it learns, until the stream is learned; then again from the start
    until there were 50 kills."""
    moments, kills, round_number, resumed_in_between = random.Random(3), 0, 0, 0
    while kills < 50:
        out, saved = tmp_path / f"round-{round_number}", 0
        while True:
            trial = begin("--pause-seconds", 0.004, out=out)
            if kills % 4:
                trial.wait_for("resumed" if any(out.glob("checkpoints/step-*")) else "started")
            ended = trial.send(signal.SIGKILL, after_seconds=moments.uniform(0, 0.06)).end()
            begun = ended.named("resumed") + ended.named("started")
            assert not begun or saved <= begun[0]["step"] <= saved + 2, "no more than one interval of work is lost"
            assert not ended.named("checkpoint_broken")
            assert ended.code in (0, -signal.SIGKILL), ended.error
            saved = max([saved, *(line["step"] for line in ended.named("checkpoint") + begun)])
            kills += ended.code == -signal.SIGKILL
            resumed_in_between += bool(ended.named("resumed")) and 0 < ended.named("resumed")[0]["step"] < 9
            if ended.code == 0 or kills >= 50:
                break
        assert train(out=out).code == 0
        assert np.array_equal(weights(out), unbroken)
        round_number += 1
    assert resumed_in_between >= 5, "some of the kills must fall into the middle of the work"


def test_a_stop_during_a_save_finishes_the_save(begin, train, tmp_path, unbroken):
    """SIGTERM again and again while it does little but save."""
    for first in (True, False, False, False, False):
        trial = begin("--checkpoint-steps", 1)
        ended = trial.wait_for("started" if first else "resumed").send(signal.SIGTERM).end()
        assert ended.code in (0, 143)
        assert not ended.named("checkpoint_broken")
    assert train("--checkpoint-steps", 1).code == 0
    assert np.array_equal(weights(tmp_path / "out"), unbroken)


def test_a_corrupt_checkpoint_falls_back_to_the_one_before(train, tmp_path, unbroken):
    train()
    newest, before = sorted((tmp_path / "out/checkpoints").glob("step-*"), reverse=True)[:2]
    model = newest / "model.npz"
    model.write_bytes(model.read_bytes()[:100])
    ended = train()
    assert ended.named("checkpoint_broken")[0]["reason"] == "model.npz is not what was written"
    assert ended.named("resumed")[0]["step"] == int(before.name.split("-")[1])
    assert np.array_equal(weights(tmp_path / "out"), unbroken)


def test_a_later_run_learns_only_what_was_added(train, tmp_path, stream):
    added = stream / "campaign-0009.csv"
    assert train().events[-1]["rows"] == 120
    generate(tmp_path / "more", files=1, rows=20, seed=9)
    (tmp_path / "more/campaign-0000.csv").rename(added)
    again = train()
    assert again.named("resumed")[0]["rows"] == 120
    assert again.events[-1]["rows"] == 140
    assert not again.named("file_late")


def test_a_file_that_comes_too_late_is_named(train, stream):
    train()
    (stream / "aaa.csv").write_text((stream / "campaign-0000.csv").read_text())
    assert train().named("file_late") == [
        {
            "event": "file_late",
            "file": "aaa.csv",
            "reason": "it sorts before campaign-0002.csv, which is learned; it is left out",
        }
    ]
