"""Defines `render`: every file of a spec for one provider, as texts by file name. Does not write them (`folder.py`)."""

from collections.abc import Callable
from typing import Any

from podzol.clusters import storage, tables
from podzol.clusters.eks import cluster_autoscaler, cluster_config, device_plugin, karpenter, karpenter_stack
from podzol.clusters.eks import scripts as eks_scripts
from podzol.clusters.gke import scripts as gke_scripts
from podzol.clusters.local import instance_types, nodes, pools
from podzol.clusters.spec import ClusterSpec, Provider
from podzol.clusters.texts import header, json_text, yaml_text
from podzol.faults import Fault, UserError

PROVIDERS: tuple[Provider, ...] = ("eks", "gke", "local")


def render(spec: ClusterSpec, provider: Provider) -> dict[str, str]:
    """File name -> text. Raises UserError when the spec doesn't describe the provider."""
    if provider != "local" and spec.place(provider) is None:
        raise UserError(
            [Fault(provider, "must be given to generate for it", fix="name its region and zones in the spec")]
        )
    return RENDERERS[provider](spec)


def providers_of(spec: ClusterSpec) -> list[Provider]:
    """Providers that the spec describes."""
    return [provider for provider in PROVIDERS if provider == "local" or spec.place(provider)]


def eks(spec: ClusterSpec) -> dict[str, str]:
    """EKS: eksctl's file, what runs on the cluster before any Helm chart of ours, and the two scripts."""
    top = header(spec.name, "eks")

    def text(*documents: Any) -> str:
        return yaml_text(top, documents)

    files = {
        "cluster.yaml": text(cluster_config.cluster_config(spec)),
        "storage-classes.yaml": text(*storage.storage_classes("eks")),
    }
    if any(pool.accelerator for pool in spec.pools):
        files["nvidia-device-plugin.yaml"] = text(device_plugin.device_plugin())
    manifests = [name for name in files if name != "cluster.yaml"]
    if spec.node_autoscaler == "karpenter":
        files["karpenter-values.yaml"] = text(karpenter.karpenter_values(spec))
        files["karpenter-stack.yaml"] = text(karpenter_stack.karpenter_stack(spec))
        files["node-pools.yaml"] = text(*karpenter.node_pools(spec))
    else:
        files["cluster-autoscaler-values.yaml"] = text(cluster_autoscaler.cluster_autoscaler_values(spec))
    files["create.sh"] = eks_scripts.create_script(spec, manifests)
    files["delete.sh"] = eks_scripts.delete_script(spec)
    return files


def gke(spec: ClusterSpec) -> dict[str, str]:
    """GKE: the two scripts and the storage classes."""
    return {
        "create.sh": gke_scripts.create_script(spec),
        "delete.sh": gke_scripts.delete_script(spec),
        "storage-classes.yaml": yaml_text(header(spec.name, "gke"), storage.storage_classes("gke")),
    }


def local(spec: ClusterSpec) -> dict[str, str]:
    """The local cluster: Karpenter's instance types and pools, the floor, and what drivers would bring."""
    top = header(spec.name, "local")
    return {
        "instance-types.json": json_text(instance_types.instance_types(spec)),
        "node-pools.yaml": yaml_text(top, pools.node_pools(spec)),
        "floor-nodes.yaml": yaml_text(top, nodes.floor_nodes(spec)),
        "storage.yaml": yaml_text(top, [*storage.storage_classes("local"), *storage.csi_drivers(spec)]),
        "crds.yaml": yaml_text(top, [tables.document("local-crds.yaml")]),
    }


RENDERERS: dict[Provider, Callable[[ClusterSpec], dict[str, str]]] = {"eks": eks, "gke": gke, "local": local}
