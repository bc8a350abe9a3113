"""What is generated for the local cluster: Karpenter's instance types and NodePools, floor nodes, storage, CRDs."""
