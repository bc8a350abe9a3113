"""Defines: the security contexts that satisfy the restricted Pod Security level. Does not define: the level's
enforcement, which is a label of the namespace.
Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, 2026-11-23.
"""

from typing import Any

from podzol.template import when
from podzol.values import UserId, Values

NON_ROOT = 65532
"""The user `nonroot` of distroless images; any id above 0 does. A number, because Kubernetes can't tell whether a user
that an image names is root. Source: https://github.com/GoogleContainerTools/distroless, 2026-11-23."""


class SecurityContext(Values):
    """What may be changed of a pod's security. The rest (no privilege escalation, no capability, RuntimeDefault
    seccomp, never root) is fixed."""

    run_as_user: UserId | None = NON_ROOT
    """User id of the processes (runAsUser). Null leaves it to the image, or to the cluster (OpenShift)."""
    run_as_group: UserId | None = NON_ROOT
    """Primary group id of the processes (runAsGroup). Null leaves it to the image."""
    fs_group: UserId | None = NON_ROOT
    """Group that owns mounted volumes (fsGroup), so that processes can write to them. Null changes no owner."""
    read_only_root_filesystem: bool = True
    """Whether the container's own file system is read-only; /tmp is writable all the same."""


def pod_security_context(security: SecurityContext) -> dict[str, Any]:
    """The pod's `securityContext`. A volume changes owner only if its root differs: terabytes would take hours."""
    return {
        "runAsNonRoot": True,
        "runAsUser": security.run_as_user,
        "runAsGroup": security.run_as_group,
        "fsGroup": security.fs_group,
        "fsGroupChangePolicy": when(security.fs_group, "OnRootMismatch"),
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def container_security_context(security: SecurityContext) -> dict[str, Any]:
    """A container's `securityContext`."""
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": security.read_only_root_filesystem,
    }
