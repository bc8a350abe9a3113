"""A workload becomes a chart folder, a package, and an entry of a Helm repository. Only `lint` starts Helm."""
