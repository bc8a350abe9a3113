"""A cdk8s app in Python with nothing of Podzol's and no object in it. The first argument is the folder written to; a
second names a module to import besides."""

import importlib
import sys

from cdk8s import App, Chart

for name in sys.argv[2:]:
    importlib.import_module(name)
app = App(outdir=sys.argv[1])
Chart(app, "services", namespace="soil")
app.synth()
