"""A recording is only ever appended to, by one recorder, and stays readable whatever happens to that one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from podzol.elasticity.kinds import KINDS
from podzol.elasticity.recorder import last_seen, paths
from podzol.elasticity.records import FILE_NAME, Record, RecordFile, read, refuse_other, refuse_taken
from podzol.faults import Failure, UserError

ONE = Record(
    at=12.5, kind="Pod", change="added", name="a", namespace="soil", uid="u", version="3", fields={"ready": True}
)


def test_gives_back_what_was_written(tmp_path: Path) -> None:
    file = RecordFile(tmp_path / "run")
    file.write([ONE])
    assert read(tmp_path / "run") == [ONE]
    file.close()


def test_cuts_off_a_torn_line_and_goes_on(tmp_path: Path) -> None:
    file = RecordFile(tmp_path)
    file.write([ONE])
    file.close()
    with (tmp_path / FILE_NAME).open("ab") as torn:
        torn.write(b'{"at":13.0,"kind":"P')
    assert read(tmp_path) == [ONE]
    again = RecordFile(tmp_path)
    assert again.before == [ONE]
    again.write([ONE])
    again.close()
    assert read(tmp_path) == [ONE, ONE]


def test_is_readable_after_its_recorder_was_killed(tmp_path: Path) -> None:
    script = (
        "import itertools, os, sys, pathlib\n"
        "from podzol.elasticity.records import Record, RecordFile\n"
        "file = RecordFile(pathlib.Path(sys.argv[1]))\n"
        "for number in itertools.count():\n"
        "    file.write([Record(at=float(number), kind='Note')])\n"
        "    if number == 100: print('enough', flush=True)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE, env=os.environ)
    assert writer.stdout
    assert writer.stdout.readline() == b"enough\n"
    writer.kill()
    writer.communicate()
    records = read(tmp_path)
    assert [record.at for record in records] == [float(number) for number in range(len(records))]
    assert len(records) > 100


def test_refuses_a_second_recorder(tmp_path: Path) -> None:
    first = RecordFile(tmp_path)
    with pytest.raises(Failure) as raised:
        RecordFile(tmp_path)
    assert str(raised.value) == f"{tmp_path / FILE_NAME}: another recorder writes it; give each a folder of its own"
    first.close()


def test_names_the_file_that_a_full_disk_does_not_take(tmp_path: Path) -> None:
    file = RecordFile(tmp_path)
    with file.file, Path("/dev/full").open("wb") as file.file:
        for attempt in (lambda: file.write([ONE]), file.close):
            with pytest.raises(Failure) as raised:
                attempt()
            assert str(raised.value) == "/dev/full: can't be written: No space left on device"


def test_does_not_go_on_with_the_recording_of_another_cluster(tmp_path: Path) -> None:
    before = [ONE, Record(at=1.0, kind="Run", fields={"what": "started", "cluster": "c-1"})]
    refuse_other(tmp_path, before, "c-1")
    refuse_other(tmp_path, before, "")
    refuse_other(tmp_path, [ONE], "c-2")
    with pytest.raises(UserError) as raised:
        refuse_other(tmp_path, before, "c-2")
    assert str(raised.value) == (
        f'--out: must be without a recording of another cluster, got "{tmp_path}"; '
        "give each cluster a folder of its own"
    )


def test_knows_beforehand_whether_a_folder_takes_a_recording(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    refuse_taken(folder)
    assert list(folder.iterdir()) == [], "nothing is left"
    file = RecordFile(folder)
    file.write([ONE])
    with pytest.raises(Failure, match="another recorder writes it"):
        refuse_taken(folder)
    file.close()
    refuse_taken(folder)
    assert read(folder) == [ONE]
    with pytest.raises(Failure, match="can't be written: Not a directory"):
        refuse_taken(folder / FILE_NAME)


def test_refuses_to_read_what_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        read(tmp_path)
    path = tmp_path / FILE_NAME
    fix = "record one with `podzol record --out DIR`"
    assert str(raised.value) == f'{path}: must be a recording, got "No such file or directory"; {fix}'
    path.write_text("hello\nworld\n")
    with pytest.raises(UserError) as raised:
        read(tmp_path)
    assert str(raised.value) == (
        f'{path}: must be a recording, got "JSON is malformed: invalid character (byte 0)"; '
        "give the folder of a recording"
    )


@pytest.mark.parametrize(
    ("line", "got"),
    [
        ('{"kind":"Pod"}', "Object missing required field `at`"),
        ('{"at":1e12,"kind":"Pod"}', "Expected `float` <= 253402300799.0 - at `$.at`"),
        ('{"at":1,"kind":"Node","fields":{"pool":3}}', "Expected `str`, got `int` - at `$.pool`"),
        ('{"at":1,"kind":"Load","fields":{"offered":"9"}}', "Expected `int | float`, got `str` - at `$.offered`"),
    ],
)
def test_names_every_line_that_another_program_changed(line: str, got: str, tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(f'{{"at":5.0,"kind":"Note","fields":{{"text":"a"}}}}\n{line}\n')
    with pytest.raises(UserError) as raised:
        read(tmp_path)
    assert str(raised.value) == f'{path}:2: must be a record, got "{got}"; the file was changed by another program'


def test_takes_whatever_others_note_in_kinds_of_their_own(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"at":5.0,"kind":"Mine","name":"x","fields":{"pool":3}}\n')
    assert read(tmp_path)[0].fields == {"pool": 3}


def test_knows_what_was_there_at_the_end_of_a_recording() -> None:
    def record(change: str, uid: str, version: str, namespace: str = "soil") -> Record:
        return Record(at=1.0, kind="Pod", change=change, name=uid, namespace=namespace, uid=uid, version=version)

    records = [
        record("added", "a", "1"),
        record("modified", "a", "2"),
        record("added", "b", "3"),
        record("deleted", "b", "4"),
        record("added", "c", "5", "other"),
    ]
    pods = next(kind for kind in KINDS if kind.name == "Pod")
    assert {uid: seen.version for uid, seen in last_seen(records, pods, "api/v1/pods").items()} == {"a": "2", "c": "5"}
    assert last_seen(records, pods, "api/v1/namespaces/soil/pods").keys() == {"a"}


def test_watches_one_namespace_and_the_events_of_nodes() -> None:
    by_name = {kind.name: paths(kind, "soil") for kind in KINDS}
    assert by_name["Pod"] == ["api/v1/namespaces/soil/pods"]
    assert by_name["Node"] == ["api/v1/nodes"]
    assert by_name["Event"] == ["api/v1/namespaces/soil/events", "api/v1/namespaces/default/events"]
