"""Elasticity shown: each scenario installs Helm charts on an elastic cluster, drives it, and checks what it claims."""
