"""What the host remembers: one sqlite file, durable before it is confirmed."""
