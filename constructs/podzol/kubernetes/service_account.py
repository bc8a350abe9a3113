"""Defines: a workload's ServiceAccount. Does not define: what it may do; no workload of Podzol calls the API server.
Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/, 2026-11-23.
"""

from typing import Any

from podzol.kubernetes.labels import metadata
from podzol.template import or_else, pick, spread, when
from podzol.values import AnnotationKey, DnsSubdomain, Values


class ServiceAccount(Values):
    """The ServiceAccount that pods run as. Its token is never mounted."""

    create: bool = True
    """Whether to create it."""
    name: DnsSubdomain | None = None
    """Its name. Unset: the name of the workload's objects if created, else the namespace's `default`."""
    annotations: dict[AnnotationKey, str] = {}
    """Its annotations, such as eks.amazonaws.com/role-arn or iam.gke.io/gcp-service-account."""


def service_account_name(account: ServiceAccount, release: Any) -> Any:
    """Name of the ServiceAccount that pods run as."""
    return or_else(account.name, pick(account.create, release.fullname, "default"))


def service_account(v: Any, release: Any) -> Any:
    """The ServiceAccount, if it is to be created. `v` is the workload's values, with `service_account`."""
    account = v.service_account
    about = metadata(v, release)
    return when(
        account.create,
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {
                **about,
                "name": service_account_name(account, release),
                "annotations": {...: spread(account.annotations)},
            },
            "automountServiceAccountToken": False,
        },
    )
