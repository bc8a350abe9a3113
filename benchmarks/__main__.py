"""Measures, and writes results.json and the table of docs/benchmarks.md. Exit code 1: a target is missed."""

import sys
from pathlib import Path

from benchmarks.figures import save, table
from benchmarks.language import language_figures
from benchmarks.synth import synth_figures

HERE = Path(__file__).parent

figures = [*synth_figures(HERE), *language_figures()]
save(figures, HERE / "results.json")
print(table(figures), end="")
sys.exit(0 if all(figure.held for figure in figures) else 1)
