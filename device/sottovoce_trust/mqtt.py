"""The connection to the broker, the same on both sides: nothing is kept for a client that is away."""

import logging
import socket
import ssl
from typing import Any, Final

import aiomqtt

KEEPALIVE_S: Final = 10
"""The broker leaves the last will after one and a half of these without a sign of life."""
ANSWERS_S: Final = 5
"""How long the broker may take to answer anything."""
RETRY_S: Final = (0.25, 0.5, 1, 2, 4)
"""Waits between attempts, each at all addresses; the last one repeats."""
HELD_S: Final = 3
"""A connection that has held this long is followed by the first, short wait again."""
_NODELAY: Final = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]


class _Client(aiomqtt.Client):
    """aiomqtt, but that a connection may break in the moment in which something is sent.

    aiomqtt has the loop watch the socket a turn later, whether or not it is closed by then: an error of nobody's, or
    another's socket that is watched.
    """

    def _on_socket_register_write(self, client: Any, userdata: object, sock: Any) -> None:  # noqa: ANN401 -- paho's
        del userdata
        self._loop.call_soon_threadsafe(self._watch, client, sock)

    def _watch(self, client: Any, sock: Any) -> None:  # noqa: ANN401
        if client.socket() is sock and client.want_write():
            self._loop.add_writer(sock.fileno(), self._write, client)

    def _write(self, client: Any) -> None:  # noqa: ANN401
        try:
            client.loop_write()
        except Exception as error:  # noqa: BLE001 -- as aiomqtt has it: the connection broke, and ends with the error
            if not self._disconnected.done():
                self._disconnected.set_exception(error)


def connection(
    host: str, port: int, name: str, *, tls: ssl.SSLContext | None, most_waiting: int, will: aiomqtt.Will | None = None
) -> aiomqtt.Client:
    """A connection that is made when it is entered.

    name: of this client at the broker. tls: None is plain. most_waiting: messages that come faster than they are taken,
    and are more than this, are let go.
    """
    logging.getLogger("mqtt").setLevel(logging.CRITICAL)  # a line a message, for whoever floods; ours tells it once
    return _Client(
        host,
        port,
        identifier=name,
        tls_context=tls,
        will=will,
        keepalive=KEEPALIVE_S,
        timeout=ANSWERS_S,
        clean_session=True,
        max_queued_incoming_messages=most_waiting,
        socket_options=_NODELAY,
    )
