"""The one way out of sense: a Unix socket to the gate, one message a packet."""

import contextlib
import socket
import time
from pathlib import Path
from typing import Final

from sottovoce_device.errors import GateError
from sottovoce_wire import MESSAGE_LIMIT_BYTES, AnyEvent, decode_command, encode
from sottovoce_wire.commands import AnyCommand

PATIENCE_S: Final = 15.0
"""How long the gate may take to appear: a Pi starts it in five."""


class Outlet:
    """Events out, commands in. SOCK_SEQPACKET keeps packets apart, so there is no framing to get wrong.

    dropped: events that the gate was too slow to take.
    """

    def __init__(self, path: Path) -> None:
        self._socket = _connect(path)
        self.dropped = 0

    @property
    def descriptor(self) -> int:
        """The socket's number, which the seal leaves open."""
        return self._socket.fileno()

    def send(self, event: AnyEvent) -> None:
        """Send without waiting: context that is late is wrong, so what does not fit is dropped and counted."""
        try:
            self._socket.send(encode(event), socket.MSG_DONTWAIT)
        except BlockingIOError:
            self.dropped += 1
        except OSError as error:
            raise _gone() from error

    def receive(self) -> AnyCommand:
        """Wait for the gate's next command. Raises GateError when the gate has gone, WireError for nonsense."""
        try:
            data = self._socket.recv(MESSAGE_LIMIT_BYTES + 1)
        except OSError as error:
            raise _gone() from error
        if not data:
            raise _gone()
        return decode_command(data)

    def close(self) -> None:
        """Hang up; a thread that waits in receive() is let go."""
        with contextlib.suppress(OSError):  # the gate may have been quicker
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def _gone() -> GateError:
    return GateError("the gate has gone; sense ends with it and starts anew when the gate is there")


def _connect(path: Path) -> socket.socket:
    until = time.monotonic() + PATIENCE_S
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            connection.connect(str(path))
        except OSError as error:
            connection.close()
            if time.monotonic() > until:
                raise GateError(
                    f"{path}: no gate answers there ({error.strerror}); start `sottovoce-device gate`"
                ) from None
            time.sleep(0.05)
        else:
            return connection
