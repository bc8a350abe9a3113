"""A file is there whole or not at all."""

import pytest

from lifecycle import whole_file


def test_the_old_file_stays_when_writing_fails(tmp_path):
    path = tmp_path / "model"
    path.write_text("old")

    def fail_halfway():
        with whole_file(path) as beside:
            beside.write_text("ne")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_new_file_takes_its_place(tmp_path):
    path = tmp_path / "model"
    with whole_file(path) as beside:
        beside.write_text("new")
    assert path.read_text() == "new"
