"""What is open in this process just before it is sealed: everything must be known, or sense does not start.

The filter decides by number of descriptor and kind of call. So nothing may be open that leads out: no file that can be
written, no socket but the gate's, no pipe whose other end somebody else holds, no memory shared with anybody.
"""

import fcntl
import os
import re
import socket
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from sottovoce_device.errors import SealError

STANDARD: Final = (0, 1, 2)
"""These become /dev/null when the seal is on: a log is a file."""
SENSORS: Final = re.compile(r"/dev/(snd/(pcmC\d+D\d+c|controlC\d+|timer)|video\d+|v4l-subdev\d+|media\d+|gpiochip\d+)")
"""Devices that only give. Of sound cards that is the capture side (…c); a playback device (…p) could speak."""
_HARMLESS: Final = re.compile(r"/dev/(null|zero|urandom|random)|anon_inode:\[?(eventfd|eventpoll|timerfd|gpio-line)\]?")
_SHARED_WITH_SENSORS: Final = re.compile(r"/dev/(snd|video|media|dri|dma_heap)|/dmabuf")
_SHARED_WITH_SERVER: Final = re.compile(r"/memfd:pulseaudio|/dev/shm/pulse-shm|/dev/zero|/memfd:pipewire")


class Open(NamedTuple):
    """A descriptor: its number, what it is (a path or the kernel's name for it), its mode, if it can be written."""

    number: int
    name: str
    mode: int
    writable: bool


def opened() -> Iterator[Open]:
    """Every descriptor of this process beyond the standard ones."""
    for number in sorted(int(n) for n in os.listdir("/proc/self/fd")):  # noqa: PTH208 -- names, not paths
        try:
            mode = os.fstat(number).st_mode
            flags = fcntl.fcntl(number, fcntl.F_GETFL)
            name = str(Path(f"/proc/self/fd/{number}").readlink())
        except OSError:  # the one that listed the folder
            continue
        if number not in STANDARD:
            yield Open(number, name, mode, flags & os.O_ACCMODE != os.O_RDONLY)


class Found(NamedTuple):
    """The descriptors that the filter must know: sockets of a sound server, and pipes within this process."""

    sockets: tuple[int, ...]
    pipes: tuple[int, ...]


def inspect(gate: int, *, sound_server: bool, known: Iterable[int] = ()) -> Found:
    """Look at everything that is open. Raises SealError, naming it, for what could be a way out.

    gate: the socket to the gate. sound_server: whether the microphone may come through one, by a Unix socket.
    known: descriptors that the filter has a rule of its own for.
    """
    there = list(opened())
    sockets, pipes = [], []
    for one in there:
        if one.number == gate or one.number in known:
            continue
        if stat.S_ISSOCK(one.mode):
            _check_socket(one, sound_server=sound_server)
            sockets.append(one.number)
        elif stat.S_ISFIFO(one.mode):
            _check_pipe(one, there)
            pipes.append(one.number)
        elif one.writable and not SENSORS.fullmatch(one.name) and not _HARMLESS.fullmatch(one.name):
            raise SealError(f"{one.name} is open for writing (descriptor {one.number}); sense starts without it only")
        elif "eventfd" in one.name:
            pipes.append(one.number)
    _check_mappings(Path("/proc/self/maps").read_text().splitlines(), sound_server=sound_server)
    return Found(tuple(sockets), tuple(pipes))


def _check_socket(one: Open, *, sound_server: bool) -> None:
    with socket.socket(fileno=os.dup(one.number)) as same:
        if same.family != socket.AF_UNIX:
            raise SealError(f"a network socket is open (descriptor {one.number}): sense must have none")
    if not sound_server:
        raise SealError(f"a socket that is not the gate's is open (descriptor {one.number}): sense must have none")


def _check_pipe(one: Open, there: list[Open]) -> None:
    ends = {o.writable for o in there if o.name == one.name}
    if ends != {True, False}:
        raise SealError(f"a pipe to another process is open (descriptor {one.number}): start sense without it")


def _check_mappings(lines: list[str], *, sound_server: bool) -> None:
    for line in lines:
        fields = line.split(maxsplit=5)
        shared, name = fields[1].startswith("rw") and fields[1].endswith("s"), fields[5] if len(fields) > 5 else ""  # noqa: PLR2004
        allowed = _SHARED_WITH_SENSORS.match(name) or (sound_server and _SHARED_WITH_SERVER.match(name))
        if shared and not allowed:
            raise SealError(
                f"memory is shared with other processes ({name or 'without a name'}): sense must share none"
            )
