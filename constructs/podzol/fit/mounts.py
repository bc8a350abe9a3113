"""Defines `Mount`: what is behind a volume of a pod, as far as the manifests and the cluster tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from podzol.fit.objects import Objects, name_of
from podzol.fit.terms import Term, terms_of


@dataclass(frozen=True)
class Mount:
    """A volume that is a claim, or a CSI driver's without a claim."""

    claim: str
    """Name of the claim; empty for a CSI volume of the pod's own."""
    found: bool
    """Whether the claim is among the manifests or in the cluster."""
    driver: str = ""
    """CSI driver, where a volume names one."""
    storage_class: str | None = None
    """None: the cluster's default."""
    access_modes: tuple[str, ...] = ()
    bound: bool = False
    """Whether a PersistentVolume stands for it."""
    node_terms: tuple[Term, ...] | None = None
    """Where the PersistentVolume can be used; None: anywhere."""


def mounts(
    pod_spec: Mapping[str, Any], namespace: str, own: tuple[dict[str, Any], ...], objects: Objects
) -> list[Mount]:
    """Every claim and CSI volume of a pod. `own` are the claim templates of a StatefulSet."""
    found = []
    for volume in pod_spec.get("volumes") or ():
        if claim := (volume.get("persistentVolumeClaim") or {}).get("claimName"):
            found.append(_claimed(str(claim), objects.find("PersistentVolumeClaim", namespace, claim), objects))
        elif template := (volume.get("ephemeral") or {}).get("volumeClaimTemplate"):
            found.append(_claimed(str(volume.get("name")), template, objects))
        elif csi := volume.get("csi"):
            found.append(Mount(claim="", found=True, driver=str(csi.get("driver") or ""), bound=True))
    return found + [_claimed(name_of(template), template, objects) for template in own]


def _claimed(name: str, claim: dict[str, Any] | None, objects: Objects) -> Mount:
    if claim is None:
        return Mount(claim=name, found=False)
    spec = claim.get("spec") or {}
    volume = _volume_of(claim, objects)
    behind = (volume or {}).get("spec") or {}
    required = ((behind.get("nodeAffinity") or {}).get("required") or {}).get("nodeSelectorTerms")
    return Mount(
        claim=name,
        found=True,
        driver=str((behind.get("csi") or {}).get("driver") or ""),
        storage_class=spec.get("storageClassName"),
        access_modes=tuple(spec.get("accessModes") or ()),
        bound=volume is not None or bool(spec.get("volumeName")),
        node_terms=terms_of(required) if required is not None else None,
    )


def _volume_of(claim: dict[str, Any], objects: Objects) -> dict[str, Any] | None:
    """The PersistentVolume that the claim names, or that names the claim."""
    named = (claim.get("spec") or {}).get("volumeName")
    for volume in objects.all("PersistentVolume"):
        reference = (volume.get("spec") or {}).get("claimRef") or {}
        if name_of(volume) == named or (reference.get("namespace"), reference.get("name")) == (
            objects.namespace_of(claim),
            name_of(claim),
        ):
            return volume
    return None
