"""The gate process: it has the network, and no sensor and no model."""
