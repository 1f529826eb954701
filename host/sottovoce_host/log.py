"""The host's log: what is wrong, or what happened to the link; never what was said."""

import sys


def say(line: str) -> None:
    """A line of it."""
    sys.stderr.write(f"host: {line}\n")
