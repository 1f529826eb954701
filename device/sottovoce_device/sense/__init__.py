"""The sensing process: it has the sensors and the models, and no network."""
