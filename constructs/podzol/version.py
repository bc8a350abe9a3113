"""The one version of the package, the charts and the manifests."""

VERSION = "0.3.0"
