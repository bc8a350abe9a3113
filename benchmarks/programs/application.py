"""The benchmark's services as a platform, for `podzol synth`."""

from services import NAMESPACE, RELEASE, services

from podzol import CpuAutoscaledService, Platform

SERVICES = Platform(
    "services",
    {alias: (CpuAutoscaledService, values) for alias, values in services().items()},
    release=RELEASE,
    namespace=NAMESPACE,
)
