"""Programs that stand for everyday images."""
