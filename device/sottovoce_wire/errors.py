"""The one exception tree of sottovoce."""


class SottovoceError(Exception):
    """What went wrong, where, and what to do about it.

    Every error that a user can cause or cure is one of these, and its text is one clear line:
    a command prints it without a traceback.
    """


class WireError(SottovoceError):
    """A message that is not a message of wire version 1: its shape, size or a range is wrong."""
