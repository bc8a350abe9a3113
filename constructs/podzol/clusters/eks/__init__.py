"""What is generated for EKS: an eksctl ClusterConfig, Helm values, manifests and two scripts."""
