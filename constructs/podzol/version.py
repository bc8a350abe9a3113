"""The one version of the package, the charts and the manifests."""

VERSION = "0.2.0"
