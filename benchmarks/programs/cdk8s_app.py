"""The benchmark's services as a cdk8s app in Python, of Podzol's constructs. The folder written to is the argument."""

import podzol  # before cdk8s: it brings the Node that cdk8s runs on

# isort: split
import sys

from cdk8s import App, Chart
from services import NAMESPACE, RELEASE, services

app = App(outdir=sys.argv[1])
chart = Chart(app, "services", namespace=NAMESPACE)
for alias, values in services().items():
    podzol.CpuAutoscaledService(chart, alias, values, release_name=RELEASE)
app.synth()
