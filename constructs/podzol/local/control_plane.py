"""Defines how the programs of a cluster are configured and started, through kwokctl's binary runtime.

Read on 2026-11-23: https://kwok.sigs.k8s.io/docs/user/configuration/ and kwokctl v0.8.0's own source.
"""

import base64
import os
import subprocess
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from podzol.clusters.local.nodes import RUN
from podzol.clusters.local.pace import Heartbeat
from podzol.faults import Failure
from podzol.local.cluster import Cluster
from podzol.local.logs import why_not_started
from podzol.local.ports import LOOPBACK
from podzol.local.toolchain import require
from podzol.local.toolchain.tools import tool

PORTS = (
    "kubeApiserverPort",
    "etcdPort",
    "etcdPeerPort",
    "kubeControllerManagerPort",
    "kubeSchedulerPort",
    "kwokControllerPort",
    "metricsServerPort",
)
"""Options of kwokctl that take a port; the first one is the user's."""

BINARIES = {
    "etcdBinary": "etcd",
    "kubeApiserverBinary": "kube-apiserver",
    "kubeControllerManagerBinary": "kube-controller-manager",
    "kubeSchedulerBinary": "kube-scheduler",
    "kubectlBinary": "kubectl",
    "kwokControllerBinary": "kwok",
    "metricsServerBinary": "metrics-server",
}
"""Option of kwokctl -> tool. What is not given here kwokctl would download."""

QPS = {"kube-api-qps": "200", "kube-api-burst": "400"}
"""Requests a second that a controller may send; 20 by default, so that 20,000 pods would take 17 minutes to be written.
Clouds raise it on larger clusters too."""

EXTRA_ARGUMENTS = {
    # What the API server shows to the kubelet of a node whose pods really run; kwok leaves such nodes alone.
    "kube-apiserver": {
        "kubelet-client-certificate": "{home}/pki/admin.crt",
        "kubelet-client-key": "{home}/pki/admin.key",
    },
    "kwok-controller": {
        "manage-all-nodes": "false",
        "manage-nodes-with-label-selector": f"{RUN}!=true",
    },
    "kube-controller-manager": QPS
    | {
        # The HPA looks every 5 s rather than every 15 s, and at a pod as soon as there are figures of it.
        "horizontal-pod-autoscaler-sync-period": "5s",
        "horizontal-pod-autoscaler-cpu-initialization-period": "5s",
        "horizontal-pod-autoscaler-initial-readiness-delay": "1s",
    },
    "kube-scheduler": QPS,
    "metrics-server": {
        "metric-resolution": "10s",  # the least it takes
        "kubelet-request-timeout": "5s",  # must be less than the resolution, or it exits
        # Else it asks the API server for this file at its start, and exits where that does not serve yet.
        "authentication-skip-lookup": "true",
        "client-ca-file": "{home}/pki/ca.crt",
    },
}
READY_SECONDS = 90
"""How long the programs may take to be ready; 5 s is usual, more on a busy machine."""


def start(cluster: Cluster, ports: dict[str, int], heartbeat: Heartbeat | None = None) -> None:
    """Start the programs and wait until the API serves.

    Args:
        heartbeat: of the nodes; kwokctl's when None, a fifth as often as a kubelet's, which thousands of nodes need.

    Raises:
        Failure: kwokctl can't; the message ends in what it said.
    """
    config = cluster.write("kwokctl.yaml", yaml.safe_dump(configuration(cluster, ports, heartbeat)))
    command = [str(require("kwokctl")), "create", "cluster", "--name", cluster.name, "--config", str(config)]
    command += ["--kubeconfig", "", "--wait", f"{READY_SECONDS}s", "--timeout", f"{READY_SECONDS}s"]
    environment = os.environ | {"KWOK_WORKDIR": str(cluster.workdir)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, umask=0o077, check=False)
    if done.returncode or "Failed to wait" in done.stderr:
        raise Failure(f"the control plane of {cluster.name} did not start: {why_not_started(cluster, done.stderr)}")
    write_kubeconfig(cluster, ports["kubeApiserverPort"])


def configuration(cluster: Cluster, ports: dict[str, int], heartbeat: Heartbeat | None) -> dict[str, Any]:
    """kwokctl's configuration of a cluster on these ports, reachable from this machine only."""
    options = {
        "runtime": "binary",
        "kubeVersion": tool("kube-apiserver").version,
        "bindAddress": LOOPBACK,
        "enable": ["metrics-server"],
        "enableCRDs": ["Stage", "Metric", "ResourceUsage", "ClusterResourceUsage"],
        "metricsServerManifests": [str(manifest("metrics-server"))],
        **{option: str(require(name)) for option, name in BINARIES.items()},
        **ports,
    }
    arguments = EXTRA_ARGUMENTS
    if heartbeat:
        options |= {
            "heartbeatFactor": 1,  # kwokctl makes all of it five times as long otherwise
            "nodeLeaseDurationSeconds": heartbeat.lease,
            "kubeControllerManagerNodeMonitorGracePeriodMilliseconds": heartbeat.grace * 1000,
            "kubeControllerManagerNodeMonitorPeriodMilliseconds": heartbeat.period * 1000,
        }
        seconds = str(heartbeat.toleration)
        tolerations = {f"default-{state}-toleration-seconds": seconds for state in ("not-ready", "unreachable")}
        arguments = arguments | {"kube-apiserver": arguments["kube-apiserver"] | tolerations}
    patches = [
        {
            "name": name,
            "extraArgs": [{"key": key, "value": value.format(home=cluster.home)} for key, value in extra.items()],
        }
        for name, extra in arguments.items()
    ]
    return {
        "kind": "KwokctlConfiguration",
        "apiVersion": "config.kwok.x-k8s.io/v1alpha1",
        "options": options,
        "componentsPatches": patches,
    }


def manifest(name: str) -> Traversable:
    """A file or folder of `manifests/`."""
    return resources.files(__package__).joinpath("manifests", name)


def write_kubeconfig(cluster: Cluster, port: int) -> None:
    """Write the kubeconfig with the keys in it, so that it works wherever it is copied; for the user's eyes only."""
    pki = cluster.home / "pki"

    def data(name: str) -> str:
        return base64.b64encode((pki / name).read_bytes()).decode()

    name = f"podzol-{cluster.name}"
    server = {"server": f"https://{LOOPBACK}:{port}", "certificate-authority-data": data("ca.crt")}
    user = {"client-certificate-data": data("admin.crt"), "client-key-data": data("admin.key")}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": server}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
    }
    cluster.write(cluster.kubeconfig.name, yaml.safe_dump(config))
