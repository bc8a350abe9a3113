"""From a metagenome's reads to contigs."""
