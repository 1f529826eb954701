"""The memory of a live process, read from outside as a debugger would: all of it that can hold what it has made."""

import re
import resource
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

PAGE: Final = 4096
STACK: Final = "stack of a thread"
_LIMIT: Final = resource.getrlimit(resource.RLIMIT_STACK)[0]
_STACK_BYTES: Final = _LIMIT if _LIMIT != resource.RLIM_INFINITY else 2 << 20
"""A mapping of just this size is what pthread_create(3) makes for a thread."""
_AT_ONCE: Final = 1 << 24
_LINE: Final = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ (\S+) (\d+) *(.*)")
_KERNELS: Final = ("[vvar", "[vdso", "[vsyscall")


class Stretch(NamedTuple):
    """Bytes that lie together, where, and what the kernel calls the place."""

    start: int
    name: str
    data: bytes


def stretches(pid: int) -> Iterator[Stretch]:
    """All that is readable and not a file's own unchanged bytes. Raises PermissionError, naming the cure.

    A mapping of a file that cannot be written is that file, and is left out.
    """
    try:
        maps = Path(f"/proc/{pid}/maps").read_text()
        memory = Path(f"/proc/{pid}/mem").open("rb", buffering=0)  # noqa: SIM115 -- closed below
    except PermissionError:
        raise PermissionError(f"the memory of process {pid} cannot be read: run as root") from None
    with memory:
        for line in maps.splitlines():
            match = _LINE.fullmatch(line)
            if match is None or match[6].startswith(_KERNELS) or "r" not in match[3]:
                continue
            if match[5] != "0" and "w" not in match[3]:
                continue
            start, end = int(match[1], 16), int(match[2], 16)
            name = STACK if not match[6] and end - start == _STACK_BYTES else match[6] or "without a name"
            for place in range(start, end, _AT_ONCE):
                memory.seek(place)
                try:
                    yield Stretch(place, name, memory.read(min(_AT_ONCE, end - place)))
                except OSError:  # a guard page
                    continue


Pages = dict[int, int]
"""A hash of each page that is not empty (SipHash, 64 bits, with a key of this process), by address."""


def pages(pid: int) -> Pages:
    """What the memory of this process is now."""
    found: Pages = {}
    empty = bytes(PAGE)
    for stretch in stretches(pid):
        for place in range(0, len(stretch.data), PAGE):
            page = stretch.data[place : place + PAGE]
            if page != empty:
                found[stretch.start + place] = hash(page)
    return found


def changed(pid: int, before: Pages) -> tuple[int, dict[str, bytes]]:
    """How many bytes all pages are together; and those that are not as they were, by what the kernel calls the place.

    A page that is to the bit what it was before the watermark reached the sensors holds nothing of it.
    """
    size, found = 0, defaultdict[str, list[bytes]](list)
    empty = bytes(PAGE)
    for stretch in stretches(pid):
        for place in range(0, len(stretch.data), PAGE):
            page = stretch.data[place : place + PAGE]
            size += len(page)
            known = before.get(stretch.start + place)
            if page != empty and known != hash(page):
                found[stretch.name].append(page)
    return size, {name: b"".join(some) for name, some in found.items()}
