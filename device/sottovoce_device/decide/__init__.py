"""Rules: pure functions and small state machines; no clock, no device, no model."""
