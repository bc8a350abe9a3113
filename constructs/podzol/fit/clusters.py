"""Defines which clusters a person means: a spec on one provider or on all of its own, or one that runs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from podzol.clusters import load_spec
from podzol.clusters.render import PROVIDERS, providers_of
from podzol.faults import Fault, UserError
from podzol.fit import live, planned
from podzol.fit.objects import Objects
from podzol.fit.offers import Cluster
from podzol.fit.workloads import workloads


def clusters(
    spec: str | None,
    provider: str | None,
    kubeconfig: Path | None,
    kubectl: Callable[[], Path],
    manifests: Sequence[dict[str, Any]],
    namespace: str,
) -> list[Cluster]:
    """The clusters to ask.

    Raises:
        UserError: neither or both are named, or the provider isn't one of the spec's.
        Failure: the running cluster doesn't answer.
    """
    if (spec is None) == (kubeconfig is None):
        fix = "name a spec such as soil, or the kubeconfig of a cluster that runs"
        raise UserError([Fault("--cluster", "must be given, or --kubeconfig, and not both", fix=fix)])
    if kubeconfig is not None:
        if provider is not None or not kubeconfig.is_file():
            wrong = [Fault("--provider", "must be left out with --kubeconfig", provider)] if provider else []
            gone = [] if kubeconfig.is_file() else [Fault("--kubeconfig", "must be a file", str(kubeconfig))]
            raise UserError([*wrong, *gone])
        asked = workloads(Objects(manifests, namespace), [])
        return [live.cluster_of(live.read(kubectl(), kubeconfig), str(kubeconfig), but=asked)]
    assert spec is not None
    found = load_spec(spec)
    offered = providers_of(found)
    if provider is not None and provider not in offered:
        rule = "must be one that the spec describes" if provider in PROVIDERS else "must be eks, gke or local"
        raise UserError([Fault("--provider", rule, provider, f"the spec {found.name} has {', '.join(offered)}")])
    return [planned.cluster_of(found, each) for each in offered if provider in (None, each)]
