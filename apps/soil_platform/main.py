"""The soil platform as a cdk8s app: `cdk8s synth` runs this file."""

import podzol  # noqa: F401 - before cdk8s: it brings the Node that cdk8s runs on

# isort: split
from application import SOIL_PLATFORM
from cdk8s import App, Chart

app = App()
SOIL_PLATFORM.construct(Chart(app, SOIL_PLATFORM.name, namespace=SOIL_PLATFORM.namespace))
app.synth()
