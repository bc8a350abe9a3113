"""The embedded cluster: its programs, a control plane on this machine, simulated nodes, and Helm on it."""
