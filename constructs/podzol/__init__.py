"""Podzol: Helm charts and manifests from one Python function."""

from podzol.version import VERSION as __version__

__all__ = ["__version__"]
