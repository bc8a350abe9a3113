"""The names that other rooms and authors may use, pinned, and what asking for the first of them costs."""

import pkgutil
import subprocess
import sys

import podzol.template

NAMES = """
Context Fault Form Release TemplateError Tree Type ValueField Values ValuesError
all_of any_of broken bytes_of collect contains count defaults each emit evaluate evaluate_notes fields join keep load
lower max_of millicores_of min_of named not_ or_else pick present read_yaml replace rising rule rule_sentences
run_directly schema sha256_of spread times to_str to_values trace trim_suffix trunc unique when
"""


def test_exports_these_names_and_no_others() -> None:
    assert podzol.template.__all__ == sorted(NAMES.split())
    assert all(hasattr(podzol.template, name) for name in podzol.template.__all__)


def test_no_module_stands_in_the_place_of_a_name() -> None:
    modules = {module.name for module in pkgutil.iter_modules(podzol.template.__path__)}
    assert modules.isdisjoint(podzol.template.__all__)


def test_an_error_costs_no_pydantic_and_a_manifest_no_emitter() -> None:
    script = "import sys, podzol.faults; print('pydantic' in sys.modules); import podzol"
    script += "; podzol.GpuBatchJob.render(release='train'); print('podzol.template.emit_chart' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
