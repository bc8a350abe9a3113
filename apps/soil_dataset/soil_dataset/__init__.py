"""Soil samples and their spectra, in Parquet: one format for the data API and for the spectral network."""

from soil_dataset.dataset import Axis, Dataset, read

__all__ = ["Axis", "Dataset", "read"]
