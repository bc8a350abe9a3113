"""What every Helm chart says about the project it comes from, in one place.

`podzol.dev` is the domain of Podzol's own labels. No site is promised there: whoever publishes the repository puts
the real addresses here, and nowhere else.
"""

from importlib.metadata import distribution

HOME = "https://podzol.dev"
SOURCES = ("https://podzol.dev/source",)
MAINTAINERS = ({"name": "Podzol maintainers", "url": HOME},)

REPOSITORY_NAME = "podzol"
"""The name that the documentation gives the repository in `helm repo add`."""

REPOSITORY_URL = "https://podzol.dev/charts"
"""Where the documentation says `dist/charts/` is served."""

KUBE_VERSION = ">=1.28.0-0"
"""Versions of Kubernetes that the charts install on. `-0` admits the builds of clouds, such as v1.30.4-eks-a1b2c3.
Source: https://helm.sh/docs/topics/charts/#the-kubeversion-field (2026-11-23)."""

LICENSE_NAME = "Apache-2.0"

CATEGORY = "ai-machine-learning"
"""One of Artifact Hub's categories.
Source: https://artifacthub.io/docs/topics/annotations/helm/ (2026-11-23)."""


def license_text() -> str:
    """The project's LICENSE, as it was installed with the package."""
    return distribution("podzol").read_text("licenses/LICENSE") or ""
