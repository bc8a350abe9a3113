"""Whole checkpoints or none: a kill, a full disk, a bit that flipped, two writers."""

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

from lifecycle import Checkpoints, Failed, Final


def write_number(number):
    def write(folder: Path) -> None:
        (folder / "parts").mkdir()
        for part in range(5):
            (folder / "parts" / f"{part}.bin").write_bytes(number.to_bytes(8, "big") * 2000)

    return write


def read_number(folder: Path) -> int:
    return int.from_bytes((folder / "parts" / "4.bin").read_bytes()[:8], "big")


def test_loads_what_was_saved_last(tmp_path):
    checkpoints = Checkpoints(tmp_path / "run")
    assert checkpoints.load(read_number) is None
    checkpoints.save(10, write_number(10))
    checkpoints.save(20, write_number(20))
    assert checkpoints.load(read_number) == (20, 20)


def test_keeps_only_the_last_few(tmp_path):
    checkpoints = Checkpoints(tmp_path, keep=2)
    for step in (1, 2, 3, 4):
        checkpoints.save(step, write_number(step))
    assert checkpoints.steps() == [3, 4]


@pytest.mark.parametrize("harm", ["flip", "cut", "remove", "manifest", "no manifest"])
def test_falls_back_to_the_one_before_and_says_so(tmp_path, capsys, harm):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(1, write_number(1))
    checkpoints.save(2, write_number(2))
    victim, manifest = tmp_path / "step-00000002/parts/0.bin", tmp_path / "step-00000002/manifest.json"
    match harm:
        case "flip":
            victim.write_bytes(b"\xff" + victim.read_bytes()[1:])
        case "cut":
            victim.write_bytes(victim.read_bytes()[:-1])
        case "remove":
            victim.unlink()
        case "manifest":
            manifest.write_text(manifest.read_text()[:-10])
        case "no manifest":
            manifest.unlink()
    reason = {
        "flip": "parts/0.bin is not what was written",
        "cut": "parts/0.bin is not what was written",
        "remove": "0.bin is missing",
        "manifest": "manifest.json is not what was written",
        "no manifest": "manifest.json is missing",
    }[harm]
    assert checkpoints.load(read_number) == (1, 1)
    assert json.loads(capsys.readouterr().out) == {
        "event": "checkpoint_broken",
        "step": 2,
        "reason": reason,
        "kept_as": "step-00000002.broken",
    }
    checkpoints.save(2, write_number(2))
    assert checkpoints.load(read_number) == (2, 2)


def test_a_broken_one_doesnt_push_out_a_whole_one(tmp_path):
    checkpoints = Checkpoints(tmp_path, keep=2)
    for step in (1, 2, 3):
        checkpoints.save(step, write_number(step))
    (tmp_path / "step-00000003/manifest.json").unlink()
    assert checkpoints.load(read_number) == (2, 2)
    assert checkpoints.steps() == [2]
    checkpoints.save(4, write_number(4))
    assert checkpoints.steps() == [2, 4]


def test_all_broken_means_from_the_start(tmp_path, capsys):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(1, write_number(1))
    (tmp_path / "step-00000001/parts/1.bin").unlink()
    assert checkpoints.load(read_number) is None
    assert "checkpoint_broken" in capsys.readouterr().out


def test_a_full_disk_leaves_the_one_before(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(1, write_number(1))

    def write_to_a_full_disk(folder: Path) -> None:
        (folder / "state").symlink_to("/dev/full")
        (folder / "state").write_bytes(b"x")

    with pytest.raises(Failed) as failure:
        checkpoints.save(2, write_to_a_full_disk)
    assert str(failure.value) == (
        f"{tmp_path}/step-00000002: not saved, no room on the volume; the one of step 1 is kept; "
        "give the volume more room"
    )
    assert checkpoints.load(read_number) == (1, 1)
    assert not list(tmp_path.glob(".saving-*"))


def test_settings_that_changed_are_final(tmp_path):
    checkpoints = Checkpoints(tmp_path, settings={"seed": 0, "columns": ("ph", "clay")})
    checkpoints.save(1, write_number(1))
    assert checkpoints.load(read_number) == (1, 1)
    checkpoints.close()
    with pytest.raises(Final) as failure:
        Checkpoints(tmp_path, settings={"seed": 1, "columns": ("ph", "clay")}).load(read_number)
    assert str(failure.value) == (
        f"{tmp_path}/step-00000001: was learned with seed 0, got 1; keep the setting, or start anew in another --out"
    )


def test_fifty_kills_never_leave_a_broken_or_lost_checkpoint(tmp_path):
    """Each child counts on from the last checkpoint and saves as fast as it can; it is killed at a random moment."""
    moments, reached = random.Random(1), 0
    for _ in range(50):
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            count_for_ever(tmp_path, tell)
        os.close(tell)
        for _ in range(1 + moments.randrange(3)):  # it has begun, and saved up to twice
            reached = max(reached, int.from_bytes(os.read(told, 8)))
        time.sleep(moments.uniform(0, 0.02))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        saved = max([reached, *(int.from_bytes(b) for b in in_eights(told))])
        os.close(told)
        checkpoints = Checkpoints(tmp_path)
        step, number = checkpoints.load(read_number) or (0, 0)
        assert step == number, "the step and what it holds belong together"
        assert saved <= step <= saved + 1, "what was reported as saved is there"
        assert not list(tmp_path.glob("*.broken"))
        assert not list(tmp_path.glob(".saving-*"))
        checkpoints.close()
        reached = step
    assert reached >= 25, "it got on between the kills"


def count_for_ever(folder: Path, tell: int) -> None:
    checkpoints = Checkpoints(folder)
    step, _ = checkpoints.load(read_number) or (0, 0)
    os.write(tell, step.to_bytes(8))
    while True:
        step += 1
        checkpoints.save(step, write_number(step))
        os.write(tell, step.to_bytes(8))


def in_eights(pipe: int) -> list[bytes]:
    told = b""
    while chunk := os.read(pipe, 1 << 16):
        told += chunk
    return [told[i : i + 8] for i in range(0, len(told), 8)]
