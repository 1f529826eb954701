"""Router and specialists: what was said, and what is remembered, to a reply."""
