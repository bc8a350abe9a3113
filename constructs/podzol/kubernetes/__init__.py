"""Manifest vocabulary that workloads share: one noun a file, its values section beside the function that renders it."""
