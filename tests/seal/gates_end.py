"""The gate's end of the one socket, in a test's hand."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

from sottovoce_wire import Hearing, Mute, WireError, decode_event, encode


class Gate:
    """The other end of the one socket."""

    def __init__(self, path: Path) -> None:
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(str(path))
        self._listener.listen(1)
        self._listener.settimeout(60)
        self.events: list[object] = []

    def accept(self, *, muted: bool = False) -> None:
        self.peer, _ = self._listener.accept()
        self.peer.settimeout(60)
        self.mute(muted=muted)

    def mute(self, *, muted: bool) -> None:
        self.peer.send(encode(Mute(muted=muted)))

    def until(self, condition: Callable[[], object]) -> None:
        until = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < until, "waited in vain"
            data = self.peer.recv(65536)
            assert data, "sense has gone"
            try:
                self.events.append(decode_event(data))
            except WireError:  # an attempt that reached the gate: it is none of ours
                continue

    def texts(self) -> list[str]:
        return [e.text for e in self.events if isinstance(e, Hearing)]

    def close(self) -> None:
        self._listener.close()
        if hasattr(self, "peer"):
            self.peer.close()
