"""The soil data service."""
