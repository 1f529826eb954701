"""Unix sockets that only their own user can open."""

import os
import socket
from pathlib import Path


def bound(path: Path, kind: socket.SocketKind) -> socket.socket:
    """A listening, non-blocking socket of mode 0600. Raises OSError; its reason may be in the text alone.

    The umask is the whole process's: nothing else must run until it is as it was, or folders are made without the
    right to enter them.
    """
    listener = socket.socket(socket.AF_UNIX, kind)
    listener.setblocking(False)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
        listener.listen(1)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(before)
    return listener
