"""A linear model of soil properties, learned batch by batch from a stream of tables."""
