"""Drivers: one vendor library a file, and the only types that hold what a sensor gave."""
