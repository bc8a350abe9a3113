"""Defines: how a pod asks for GPUs and lands on a pool, the same on EKS, GKE and locally. Does not define: the pools
themselves (`podzol.clusters` writes the same label and taint on them).

Sources, read on 2026-11-23:
- resource and taint key: https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/ and
  https://cloud.google.com/kubernetes-engine/docs/how-to/gpus (GKE taints GPU pools `nvidia.com/gpu=present:NoSchedule`)
- EKS taints nothing by itself; a ClusterSpec of Podzol always writes the taint, so a pod always carries the toleration
"""

GPU = "nvidia.com/gpu"
"""Resource name of NVIDIA's device plugin, and the key of the taint that keeps other pods off GPU machines."""
GPU_TAINT = {"key": GPU, "value": "present", "effect": "NoSchedule"}
"""Taint of every GPU pool."""
GPU_TOLERATION = {"key": GPU, "operator": "Exists", "effect": "NoSchedule"}
"""Toleration of every pod that asks for GPUs; `Exists` because clouds differ in the taint's value."""

POOL = "podzol.dev/pool"
"""Label of a node: the pool it belongs to. Podzol's own, written by every ClusterSpec."""
CPU_POOL = "cpu-pool"
GPU_POOL = "gpu-pool"
ACCELERATOR = "podzol.dev/accelerator"
"""Label of a node: its GPU type, such as `nvidia-l4`. Podzol's own: no label name is common to the clouds (GKE has
cloud.google.com/gke-accelerator, Karpenter karpenter.k8s.aws/instance-gpu-name, EKS none before an add-on sets it)."""

CAPACITY_TYPE = "podzol.dev/capacity-type"
"""Label of a node: `spot` or `on-demand`. Podzol's own, for the clouds' differ (eks.amazonaws.com/capacityType,
cloud.google.com/gke-provisioning, karpenter.sh/capacity-type)."""

SPOT_TOLERATION = {"key": "cloud.google.com/gke-spot", "operator": "Equal", "value": "true", "effect": "NoSchedule"}
"""GKE taints spot nodes that it creates by itself, not those of a pool made by hand: tolerating it is right for both.
Source: https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms"""
