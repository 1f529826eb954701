"""The socket that systemd made for the gate before it started it: sd_listen_fds(3).

Sense and gate run as two users. So it is systemd that makes the socket between them (sottovoce-gate.socket), for the
one group that may connect; and it outlives the gate, so that a sense that starts first waits and is not refused.
"""

import os
import socket
from typing import Final

from sottovoce_device.errors import GateError

FIRST: Final = 3
"""SD_LISTEN_FDS_START: descriptors are handed over from here on."""
_CURE: Final = "the gate needs the one ListenSequentialPacket= of systemd/sottovoce-gate.socket"


def handed_over() -> socket.socket | None:
    """The listening socket, not inherited any further; None where systemd handed none to this process.

    Raises GateError, saying what came instead, where it is not one listening SOCK_SEQPACKET Unix socket.
    """
    told = {name: os.environ.pop(name, "") for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")}
    if told["LISTEN_PID"] != str(os.getpid()):  # nothing, or meant for the process that started this one
        return None
    if told["LISTEN_FDS"] != "1":
        raise GateError(f"systemd hands over {told['LISTEN_FDS']} sockets: {_CURE}")
    try:
        listener = socket.socket(fileno=FIRST)
    except OSError as error:
        raise GateError(f"descriptor {FIRST}, from systemd, is no socket ({error.strerror}): {_CURE}") from None
    fits = (listener.family, listener.type) == (socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if not fits or not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        listener.close()
        raise GateError(f"descriptor {FIRST}, from systemd, is another kind of socket: {_CURE}")
    listener.setblocking(False)
    listener.set_inheritable(False)
    return listener
