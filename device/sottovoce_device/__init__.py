"""The glasses: sense has the sensors and no network, gate has the network and no sensors."""

__version__ = "0.1.0"
