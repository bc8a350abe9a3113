"""One line and one exit code, whatever happens."""

import signal
import sys
import threading

import pytest
from lifecycle.trial import Trial

from lifecycle import Arguments, Failed, Final, Stopped, between, run, say


@pytest.fixture(autouse=True)
def _what_a_program_changes_is_put_back(monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def end(capsys, program, argv=()):
    with pytest.raises(SystemExit) as leaving:
        run("trainer", program, list(argv))
    return leaving.value.code, capsys.readouterr().err


def raising(error):
    def program(argv):
        raise error

    return program


def test_a_program_that_returns_is_done(capsys):
    assert end(capsys, lambda argv: None) == (0, "")


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (Failed("a peer is lost"), 1, "trainer: a peer is lost\n"),
        (Final("no data"), 42, "trainer: no data\n"),
        (Stopped("saved at step 3"), 143, "trainer: saved at step 3\n"),
        (MemoryError(), 1, "trainer: out of memory; give the container more, or work on smaller batches\n"),
        (
            OSError(28, "No space left on device", "/out/scores.json"),
            1,
            "trainer: no room on a volume: [Errno 28] No space left on device: '/out/scores.json'; "
            "what was saved is kept; give the volume more room\n",
        ),
    ],
)
def test_each_ending_has_its_line_and_code(capsys, error, code, line):
    assert end(capsys, raising(error)) == (code, line)


def test_an_error_nobody_foresaw_is_one_line_with_its_place(capsys):
    code, line = end(capsys, raising(ZeroDivisionError("first\nsecond")))
    assert code == 1
    assert line.startswith("trainer: unexpected ZeroDivisionError at test_exits.py:")
    assert line.endswith(": first second\n")


def test_a_bad_argument_is_final(capsys):
    def program(argv):
        arguments = Arguments()
        arguments.add_argument("--rows", type=between(1, 9))
        arguments.parse_args(argv)

    line = "trainer: argument --rows: must be a number from 1 to 9, got ten; --help lists the arguments\n"
    assert end(capsys, program, ["--rows", "ten"]) == (42, line)


def test_a_sigterm_before_the_program_listens_is_a_stop(tmp_path):
    """As it imports, say. The first process of a container would not hear it by itself."""

    def importing(argv):
        say("importing")
        signal.pause()

    ended = Trial(lambda: run("trainer", importing), [], tmp_path).wait_for("importing").send(signal.SIGTERM).end()
    assert (ended.code, ended.error) == (143, "trainer: stopped before there was anything to save\n")


class Broken:
    def __del__(self):
        raise RuntimeError("nobody can catch this")


def test_an_error_that_nobody_can_catch_is_a_line_of_the_journal(tmp_path):
    """When a volume is full, Orbax raises many in threads of native code."""

    def program(argv):
        Broken()
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        raise Failed("no room")

    ended = Trial(lambda: run("trainer", program), [], tmp_path).end()
    assert (ended.code, ended.error) == (1, "trainer: no room\n")
    assert [line["error"] for line in ended.named("error_aside")] == [
        "RuntimeError: nobody can catch this",
        "ZeroDivisionError: division by zero",
    ]
