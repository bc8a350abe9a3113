"""Defines the scripts that make and delete a GKE cluster: what is filled into `create.sh.j2` and `delete.sh.j2`.

Sources: gcloud 528.0.0's own help; the flags were seen to make the right requests on 2026-11-23. `--num-nodes` is per
zone, `--total-*` per pool; both are always given, for gcloud takes their absence for three nodes a zone and for no
autoscaling at all.
"""

from collections.abc import Iterator
from typing import Any

from podzol.clusters.addons import addons
from podzol.clusters.machines import accelerators, machines
from podzol.clusters.names import DEFAULT_POOL, node_account
from podzol.clusters.plans import creation_plan, deletion_plan
from podzol.clusters.spec import Bucket, ClusterSpec, Pool
from podzol.clusters.texts import header, script

TOOLS = {
    "gcloud": "https://cloud.google.com/sdk/docs/install",
    "kubectl": "https://kubernetes.io/docs/tasks/tools/",
    "gke-gcloud-auth-plugin": "gcloud components install gke-gcloud-auth-plugin",
}
SERVICES = ("compute.googleapis.com", "container.googleapis.com", "iam.googleapis.com", "storage.googleapis.com")
STREAMING_SERVICE = "containerfilesystem.googleapis.com"
NODE_ROLE = "roles/container.defaultNodeServiceAccount"
"""The least that a node needs: logs, metrics and images.
Source: https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster (2026-11-23)."""
NODE_RANGE = "10.0.0.0/20"
"""Addresses of the nodes: 4092, more than pools can have."""
ALWAYS_ON = ("HorizontalPodAutoscaling", "HttpLoadBalancing")
"""Add-ons that GKE has by default; naming any add-on drops the others."""
NO_READONLY_PORT = "--no-enable-insecure-kubelet-readonly-port"
"""Closes a port of the kubelet that anyone on the network may read; Google is removing it."""
READ, WRITE = "roles/storage.objectViewer", "roles/storage.objectUser"
IDENTITIES = "iam.googleapis.com/$POOL_OF_IDENTITIES"
"""Kubernetes ServiceAccounts as principals, without a Google service account between.
Source: https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity (2026-11-23)."""


def create_script(spec: ClusterSpec) -> str:
    """The script that makes the cluster."""
    pools = [_pool(spec, pool) for pool in spec.pools]
    return script(
        "gke/create.sh.j2",
        **_common(spec),
        plan=creation_plan(spec, "gke"),
        services=[*SERVICES, *([STREAMING_SERVICE] if "image-streaming" in spec.addons else [])],
        node_range=NODE_RANGE,
        default_pool=DEFAULT_POOL,
        cluster_flags=_lines(cluster_flags(spec)),
        pools=pools,
        machine_types=sorted({pool["machine"] for pool in pools}),
        accelerators=sorted({part for pool in pools for part in pool["parts"][1:]}),
        all_zones=sorted({zone for pool in pools for zone in pool["zones"]}),
        buckets=[{"name": bucket.name, "grants": list(grants(bucket))} for bucket in spec.buckets],
    )


def delete_script(spec: ClusterSpec) -> str:
    """The script that deletes the cluster."""
    return script("gke/delete.sh.j2", **_common(spec), plan=deletion_plan(spec, "gke"))


def _common(spec: ClusterSpec) -> dict[str, Any]:
    return {
        "header": header(spec.name, "gke"),
        "spec": spec,
        "place": spec.gke,
        "tools": TOOLS,
        "node_account": node_account(spec),
        "node_role": NODE_ROLE,
    }


def cluster_flags(spec: ClusterSpec) -> Iterator[str]:
    """Flags of `gcloud container clusters create`, a line each; it always makes a default pool, of one node a zone."""
    assert spec.gke is not None
    named = [addons()[name]["gke"] for name in spec.addons if "gke" in addons()[name]]
    yield f'--region="$REGION" --node-locations={",".join(spec.gke.zones)} --num-nodes=1'
    yield f"--release-channel=regular --cluster-version={spec.kubernetes_version}"
    yield '--network="$CLUSTER" --subnetwork="$CLUSTER" --enable-ip-alias --enable-private-nodes'
    if "network-policy" in spec.addons:
        yield "--enable-dataplane-v2"
    if spec.api_access_cidrs:
        yield f"--enable-master-authorized-networks --master-authorized-networks={','.join(spec.api_access_cidrs)}"
    yield '--workload-pool="$PROJECT.svc.id.goog" --service-account="$NODES_EMAIL" --enable-shielded-nodes'
    yield f"--addons={','.join([*ALWAYS_ON, *named])}"
    if "image-streaming" in spec.addons:
        yield "--enable-image-streaming"
    yield "--autoscaling-profile=optimize-utilization --logging=SYSTEM,WORKLOAD --monitoring=SYSTEM"
    yield NO_READONLY_PORT


def pool_flags(spec: ClusterSpec, pool: Pool) -> Iterator[str]:
    """Flags of `gcloud container node-pools create`, a line each."""
    machine = machines("gke")[pool.machines.gke[0]]
    zones = spec.zones_of(pool, "gke")
    yield f'--region="$REGION" --node-locations={",".join(zones)}'
    yield f"--machine-type={machine.name}" + (" --spot" if pool.capacity_type == "spot" else "")
    if pool.accelerator:
        gpu = accelerators()[pool.accelerator.type]["gke_label"]
        yield f"--accelerator=type={gpu},count={pool.accelerator.count},gpu-driver-version=latest"
    yield f"--num-nodes={nodes_a_zone(pool, len(zones))} --enable-autoscaling --location-policy=ANY"
    yield f"--total-min-nodes={pool.min} --total-max-nodes={pool.max}"
    yield f"--node-labels={','.join(f'{key}={value}' for key, value in pool.all_labels.items())}"
    if pool.taints:
        yield f"--node-taints={','.join(f'{each.key}={each.value}:{each.effect}' for each in pool.taints)}"
    yield f"--disk-type={machine.boot_disk} --disk-size={pool.disk_gib} --image-type=COS_CONTAINERD"
    yield '--workload-metadata=GKE_METADATA --service-account="$NODES_EMAIL" --enable-private-nodes'
    # GPU drivers are modules from outside the image: secure boot is for the pools without.
    yield "--shielded-integrity-monitoring" + (" --no" if pool.accelerator else " -") + "-shielded-secure-boot"
    yield f"--enable-autorepair --enable-autoupgrade --max-pods-per-node=110 {NO_READONLY_PORT}"
    if "image-streaming" in spec.addons:
        yield "--enable-image-streaming"


def nodes_a_zone(pool: Pool, zones: int) -> int:
    """Nodes that a new pool starts with in each zone; the autoscaler then removes what is over min."""
    return -(-pool.min // zones)


def grants(bucket: Bucket) -> Iterator[tuple[str, str]]:
    """Role and member of each reader and writer of a bucket."""
    for who in bucket.readers:
        yield READ, principal(who)
    for who in bucket.writers:
        yield WRITE, principal(who)


def principal(who: str) -> str:
    """A namespace, or one ServiceAccount in it, as a member of an IAM policy."""
    namespace, _, account = who.partition("/")
    if account:
        return f"principal://{IDENTITIES}/subject/ns/{namespace}/sa/{account}"
    return f"principalSet://{IDENTITIES}/namespace/{namespace}"


def _pool(spec: ClusterSpec, pool: Pool) -> dict[str, Any]:
    machine = machines("gke")[pool.machines.gke[0]]
    gpu = [accelerators()[pool.accelerator.type]["gke_label"]] if pool.accelerator else []
    return {
        "name": pool.name,
        "machine": machine.name,
        "min": pool.min,
        "max": pool.max,
        "zones": spec.zones_of(pool, "gke"),
        "parts": [machine.name, *gpu],
        "flags": _lines(pool_flags(spec, pool)),
    }


def _lines(flags: Iterator[str]) -> str:
    return " \\\n".join(flags)
