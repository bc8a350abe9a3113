"""Manifests to files: what `podzol synth` writes, byte for byte what `cdk8s synth` writes. Never starts Node."""
