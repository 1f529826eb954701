"""Models: what a sensor gave goes in, an observation comes out."""
