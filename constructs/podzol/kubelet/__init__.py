"""Pods that really run: a node of the embedded cluster whose containers are processes of this machine, without a
container engine and without root. Not a sandbox: it is for one's own programs.
"""
