"""The examples of docs/template-language.md run, and its tables name every function."""

import re
from pathlib import Path
from typing import Any

import podzol.template

PAGE = Path(__file__).parents[2] / "docs" / "template-language.md"
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_examples_run_and_give_the_files_that_the_page_shows() -> None:
    namespace: dict[str, Any] = {}
    shown = 0
    for language, path, text in FENCE.findall(PAGE.read_text(encoding="utf-8")):
        if language == "python":
            exec(compile(text, str(PAGE), "exec"), namespace)
        elif path:
            assert namespace["files"][path] == text
            shown += 1
    assert shown == 1


def test_names_every_function_and_word() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = [name for name in podzol.template.__all__ if callable(getattr(podzol.template, name))]
    authors = [name for name in named if name.islower() and name not in CALLED_BY_OTHER_ROOMS]
    assert [name for name in authors if not re.search(rf"\b{name}\b", text)] == []


CALLED_BY_OTHER_ROOMS = (
    *("broken", "defaults", "evaluate_notes", "fields"),
    *("read_yaml", "rule_sentences", "schema", "to_values"),
)
