"""What every Helm chart says about the project it comes from, in one place.

`podzol.dev` is the domain of Podzol's own labels. No site is promised there: whoever publishes the repository puts
the real addresses here, and nowhere else.
"""

import base64
from importlib.metadata import distribution

HOME = "https://podzol.dev"
SOURCES = ("https://podzol.dev/source",)
MAINTAINERS = ({"name": "Podzol maintainers", "url": HOME},)

REPOSITORY_NAME = "podzol"
"""The name that the documentation gives the repository in `helm repo add`."""

REPOSITORY_URL = "http://charts.example.com"
"""Stands in the documentation for the address at which a team serves `dist/charts/`."""

KUBE_VERSION = ">=1.28.0-0"
"""Versions of Kubernetes that the charts install on. `-0` admits the builds of clouds, such as v1.30.4-eks-a1b2c3.
Source: https://helm.sh/docs/topics/charts/#the-kubeversion-field (2026-11-23)."""

LICENSE_NAME = "Apache-2.0"

CATEGORY = "ai-machine-learning"
"""One of Artifact Hub's categories.
Source: https://artifacthub.io/docs/topics/annotations/helm/ (2026-11-23)."""

# The horizons of a podzol: litter, the bleached sand, the rust below it, the parent rock
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    '<path fill="#3b2f2a" d="M0 0h64v14H0z"/><path fill="#d9d4c7" d="M0 14h64v16H0z"/>'
    '<path fill="#a5552a" d="M0 30h64v18H0z"/><path fill="#c9a66b" d="M0 48h64v16H0z"/></svg>'
)

ICON = "data:image/svg+xml;base64," + base64.b64encode(_SVG.encode()).decode()
"""The charts' icon, in the address itself, so that nothing is fetched."""


def license_text() -> str:
    """The project's LICENSE, as it was installed with the package."""
    return distribution("podzol").read_text("licenses/LICENSE") or ""
