"""Tells whoever started this process that it is ready and alive: systemd's notification protocol, sd_notify(3)."""

import os
import socket


def notify(state: str) -> None:
    """Say `state` ("READY=1", "WATCHDOG=1", …) where somebody asked for it by $NOTIFY_SOCKET; else do nothing."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    path = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told:
        try:
            told.sendto(state.encode(), path)
        except OSError:  # whoever asked has gone, and cannot be told that either
            return


def watchdog_s() -> float | None:
    """How often to say WATCHDOG=1: half of what $WATCHDOG_USEC allows; None where nobody watches this process."""
    allowed, watched = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not allowed.isdigit() or (watched and watched != str(os.getpid())):
        return None
    return int(allowed) / 2_000_000
