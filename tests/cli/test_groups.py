"""A command imports the modules of its own group; it then has the same verbs as when every group is there."""

import json
import subprocess
import sys

import pytest

from podzol.cli import GROUPS

VERBS = """
import importlib, json, sys, typer
from podzol.cli import app, asked_for

for module in asked_for(sys.argv[1:]):
    importlib.import_module(f"podzol.cli.{module}").register(app)
commands = typer.main.get_command(app).commands
print(json.dumps({name: sorted(getattr(command, "commands", ())) for name, command in commands.items()}))
"""


def verbs(*arguments: str) -> dict[str, list[str]]:
    """Each verb or group of verbs, with the verbs below it."""
    done = subprocess.run([sys.executable, "-c", VERBS, *arguments], capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def all_verbs() -> dict[str, list[str]]:
    return verbs("--help")


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_alone_has_all_its_verbs(group: str, all_verbs: dict[str, list[str]]) -> None:
    assert verbs(group) == {group: all_verbs[group]}


def test_every_verb_is_one_of_a_group(all_verbs: dict[str, list[str]]) -> None:
    assert sorted(all_verbs) == sorted(GROUPS)


def test_synth_imports_no_other_group() -> None:
    script = "import sys; sys.argv = ['podzol', 'synth', 'nosuch.py']; from podzol.cli import main\ntry: main()\n"
    script += "except SystemExit: print('podzol.cli.charts' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
    assert done.stderr == "podzol: nosuch.py: must be a Python file; name a file that defines a Platform\n"
