"""Broker and subscription: where events come in and commands go out."""
