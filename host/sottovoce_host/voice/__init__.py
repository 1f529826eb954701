"""Text to sound: synthesis, and the sinks that sound."""
