"""`podzol demo`: from Python to Helm releases on a real Kubernetes API, and back to nothing, elastic too."""
