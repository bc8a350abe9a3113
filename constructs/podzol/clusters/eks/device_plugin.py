"""Defines the DaemonSet of NVIDIA's device plugin for EKS, on GPU nodes only.

eksctl would install its own, which lands on every node (eksctl issue 8858); the script turns that off, for two plugins
on one node disagree. GKE and the local cluster need none. Source: deployments/static/nvidia-device-plugin.yml of
NVIDIA/k8s-device-plugin v0.20.0 (2026-11-23).
"""

from typing import Any

from podzol.kubernetes.accelerators import ACCELERATOR, GPU_TOLERATION

NAME = "nvidia-device-plugin"
IMAGE = "nvcr.io/nvidia/k8s-device-plugin:v0.20.0"
FOLDER = "/var/lib/kubelet/device-plugins"


def device_plugin() -> dict[str, Any]:
    """The DaemonSet. It runs as root, for the kubelet's folder is root's; it has no other right."""
    labels = {"app.kubernetes.io/name": NAME}
    on_gpu_nodes = {"matchExpressions": [{"key": ACCELERATOR, "operator": "Exists"}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": NAME, "namespace": "kube-system", "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "updateStrategy": {"type": "RollingUpdate"},
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    "priorityClassName": "system-node-critical",
                    "automountServiceAccountToken": False,
                    "tolerations": [GPU_TOLERATION],
                    "affinity": {
                        "nodeAffinity": {
                            "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [on_gpu_nodes]}
                        }
                    },
                    "containers": [_container()],
                    "volumes": [{"name": "device-plugins", "hostPath": {"path": FOLDER}}],
                },
            },
        },
    }


def _container() -> dict[str, Any]:
    return {
        "name": NAME,
        "image": IMAGE,
        "env": [{"name": "FAIL_ON_INIT_ERROR", "value": "false"}],
        "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumeMounts": [{"name": "device-plugins", "mountPath": FOLDER}],
    }
