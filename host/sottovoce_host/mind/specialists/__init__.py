"""The specialists: each one file, each sure of what it answers."""
