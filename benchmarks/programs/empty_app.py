"""A cdk8s app in Python with nothing of Podzol's and no object in it. The folder written to is the argument."""

import sys

from cdk8s import App, Chart

app = App(outdir=sys.argv[1])
Chart(app, "services", namespace="soil")
app.synth()
