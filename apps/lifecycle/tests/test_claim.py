"""One program at a time in a folder."""

import pytest

from lifecycle import Checkpoints, Failed, Final, claim


def test_a_second_program_is_refused_until_the_first_has_ended(tmp_path):
    first = Checkpoints(tmp_path)
    with pytest.raises(Failed) as failure:
        claim(tmp_path)
    assert str(failure.value) == f"{tmp_path}: another program works here; wait for it to end"
    first.close()
    assert claim(tmp_path)


def test_a_folder_that_cant_be_made_is_final(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Final) as failure:
        claim(tmp_path / "file")
    assert str(failure.value) == f"{tmp_path}/file: can't write here: File exists; mount a writable volume with room"


def test_a_full_volume_may_have_room_later(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.open", full)
    with pytest.raises(Failed) as failure:
        claim(tmp_path)
    line = f"{tmp_path}: can't write here: No space left on device; mount a writable volume with room"
    assert str(failure.value) == line


def test_a_file_system_without_locks_is_said(tmp_path, monkeypatch, capsys):
    def no_locks(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", no_locks)
    assert claim(tmp_path)
    assert capsys.readouterr().out == (
        f'{{"event": "lock_missing", "folder": "{tmp_path}", "reason": "the file system has no locks"}}\n'
    )
