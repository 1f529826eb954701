"""A wire that is listened to: every byte between the gate and the broker, both ways."""

import contextlib
import socket
import threading


class Relay:
    """Passes connections on to a port of this computer. up, down: all bytes to the broker, and from it."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.up = bytearray()
        self.down = bytearray()
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Hang up on everybody."""
        for end in [self._listener, *self._ends]:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                glasses, _ = self._listener.accept()
                broker = socket.create_connection(("127.0.0.1", self._to_port))
            except OSError:
                return
            for end in (glasses, broker):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._ends += [glasses, broker]
            for one, other, kept in ((glasses, broker, self.up), (broker, glasses, self.down)):
                threading.Thread(target=self._pass, args=(one, other, kept), daemon=True).start()

    @staticmethod
    def _pass(one: socket.socket, other: socket.socket, kept: bytearray) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                kept += data
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)
