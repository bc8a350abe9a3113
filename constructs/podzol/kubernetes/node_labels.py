"""Defines: the labels that Kubernetes itself gives to every node. Does not define: Podzol's own (`accelerators.py`),
nor those of a cloud (`podzol.clusters.cloud_labels`).
Source: https://kubernetes.io/docs/reference/labels-annotations-taints/, 2026-11-23.
"""

ARCH = "kubernetes.io/arch"
OS = "kubernetes.io/os"
HOSTNAME = "kubernetes.io/hostname"
"""The node's name."""
INSTANCE_TYPE = "node.kubernetes.io/instance-type"
"""The machine type."""
REGION = "topology.kubernetes.io/region"
ZONE = "topology.kubernetes.io/zone"
