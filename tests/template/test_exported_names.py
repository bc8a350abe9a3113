"""The names that other rooms and authors may use, pinned."""

import podzol.template

NAMES = """
Context Fault Form Release TemplateError Tree Type ValueField Values ValuesError
all_of any_of broken collect contains count defaults each emit evaluate evaluate_notes fields join keep load lower
max_of min_of named not_ or_else pick present read_yaml replace rule rule_sentences run_directly schema sha256_of
spread times to_str to_values trace trim_suffix trunc unique when
"""


def test_exports_these_names_and_no_others() -> None:
    assert podzol.template.__all__ == sorted(NAMES.split())
    assert all(hasattr(podzol.template, name) for name in podzol.template.__all__)
