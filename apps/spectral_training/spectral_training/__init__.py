"""A 1-D convolutional network that predicts soil properties from spectra."""
