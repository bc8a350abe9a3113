"""What is generated for GKE: two scripts that call gcloud, and storage classes."""
