"""The files of `podzol synth`: written whole, checked to the byte."""

APPLICATION = """
from podzol import CpuAutoscaledService, Platform

SOIL = Platform("soil", {"api": (CpuAutoscaledService, {"replicas": REPLICAS})}, release="soil", namespace="lab")
"""
