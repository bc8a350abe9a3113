"""The programs of the embedded cluster: found, downloaded or built, into a cache that survives."""

from podzol.local.toolchain.cache import find, require

__all__ = ["find", "require"]
