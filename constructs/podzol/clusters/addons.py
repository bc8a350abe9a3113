"""Defines the add-ons of a spec and their names on each cloud, from `tables/addons.yaml`."""

import functools
from collections.abc import Mapping

from podzol.clusters import tables


@functools.cache
def addons() -> Mapping[str, Mapping[str, str]]:
    """Every add-on by the name that a spec uses; `eks` and `gke` are the clouds' names where they have one."""
    found: Mapping[str, Mapping[str, str]] = tables.document("addons.yaml")
    return found
