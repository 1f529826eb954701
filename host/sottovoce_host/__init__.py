"""The host: reasons over the context that the glasses send, and speaks the reply."""

__version__ = "0.1.0"
