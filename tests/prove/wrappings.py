"""Takes bytes out of what they may be wrapped in: compression, base64, hex, the fields of events, numbers in text."""

import base64
import bz2
import json
import lzma
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

MOST: Final = 1 << 24
"""Bytes of a compressed stream that are looked at."""
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{40,}")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_HEX: Final = re.compile(rb"[0-9A-Fa-f]{64,}")
_NUMBER: Final = re.compile(rb"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_EVENT: Final = re.compile(rb'\{"type":"')
_ZLIB: Final = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_GZIP: Final = re.compile(rb"\x1f\x8b\x08")
_BZIP: Final = re.compile(rb"BZh[1-9]1AY&SY")
_XZ: Final = re.compile(rb"\xfd7zXZ\x00")
_PICTURE: Final = re.compile(
    rb"\xff\xd8\xff(?:\xe0..JFIF|\xe1..Exif|\xee..Adobe|\xdb\x00[\x43\x84])|\x89PNG\r\n\x1a\n", re.DOTALL
)
_LEAST: Final = 64
SINGLY: Final = 120
"""Bytes of a part that is looked at by itself: fewer are no evidence."""


class Unwrapped(NamedTuple):
    """What came out: how, and bytes, or numbers in their order."""

    how: str
    data: bytes = b""
    numbers: NDArray[np.float64] | None = None


def unwrapped(data: bytes, *, singly: bool) -> Iterator[Unwrapped]:
    """Everything that may be wrapped in these bytes, one layer: the parts joined, and singly, too, where asked for.

    Joined, because what is cut into messages belongs together; singly, because a database keeps no order.
    """
    for found in [*_compressed(data), *_base64(data)]:
        yield Unwrapped(found[0].how, b"".join(part.data for part in found))
        if singly and len(found) > 1:
            yield from (part for part in found if len(part.data) > SINGLY)
    for offset in (0, 1):
        runs = [m.group()[offset:] for m in _HEX.finditer(data)]
        yield Unwrapped("hex", b"".join(bytes.fromhex(r[: len(r) // 2 * 2].decode()) for r in runs))
    yield from _fields(data)


def numbers_in(text: bytes) -> NDArray[np.float64]:
    """All numbers that are written in a text, in their order."""
    return np.array([float(m.group()) for m in _NUMBER.finditer(text)], np.float64)


def packed(numbers: NDArray[np.float64]) -> Iterator[Unwrapped]:
    """Numbers as the bytes that may have been packed into them."""
    whole = np.clip(np.nan_to_num(numbers), -(2.0**62), 2.0**62).astype(np.int64)
    for kind in ("<i2", ">i2", "<i4", ">i4"):
        yield Unwrapped(f"packed as {kind}", whole.astype(kind).tobytes())
    yield Unwrapped("packed as bytes", whole.astype(np.uint8).tobytes())


def pictures_in(data: bytes) -> Iterator[NDArray[np.uint8]]:
    """The JPEG and PNG pictures in these bytes."""
    for match in _PICTURE.finditer(data):
        seen = cv2.imdecode(np.frombuffer(data, np.uint8, offset=match.start()), cv2.IMREAD_COLOR)
        if seen is not None:
            yield np.asarray(seen, np.uint8)


def _compressed(data: bytes) -> Iterator[list[Unwrapped]]:
    for pattern, how, opener in _OPENERS:
        streams = (memoryview(data)[m.start() : m.start() + MOST] for m in pattern.finditer(data))
        parts = [Unwrapped(how, _inflated(opener(), stream)) for stream in streams]
        if whole := [part for part in parts if len(part.data) >= _LEAST]:
            yield whole


_OPENERS: Final[tuple[tuple[re.Pattern[bytes], str, Callable[[], Any]], ...]] = (
    (_ZLIB, "zlib", zlib.decompressobj),
    (_GZIP, "gzip", lambda: zlib.decompressobj(31)),
    (_BZIP, "bzip2", bz2.BZ2Decompressor),
    (_XZ, "xz", lzma.LZMADecompressor),
)


def _inflated(opened: Any, data: memoryview) -> bytes:
    """As much as comes out before it breaks off."""
    found = bytearray()
    try:
        for start in range(0, len(data), 4096):
            found += opened.decompress(data[start : start + 4096])
            if opened.eof or len(found) > MOST:
                break
    except (zlib.error, OSError, lzma.LZMAError, EOFError):
        pass
    return bytes(found)


def _base64(data: bytes) -> Iterator[list[Unwrapped]]:
    """Runs of base64, from each of the four places where a run may begin to count."""
    found = (m.group() for m in _BASE64.finditer(data))
    runs = [run.translate(_URL_SAFE) for run in found if not _HEX.fullmatch(run)]
    for offset in range(4 if runs else 0):
        yield [Unwrapped("base64", _from_base64(run[offset:])) for run in runs]


def _from_base64(run: bytes) -> bytes:
    whole = run[:-1] if len(run) % 4 == 1 else run
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _fields(data: bytes) -> Iterator[Unwrapped]:
    """Each field of each kind of event, through all events: texts as bytes and as characters, numbers as numbers."""
    texts: dict[str, list[str]] = defaultdict(list)
    numbers: dict[str, list[float]] = defaultdict(list)
    for match in _EVENT.finditer(data):
        text = data[match.start() : match.start() + 4096].decode("utf-8", "replace")
        try:
            event = json.JSONDecoder().raw_decode(text)[0]
        except ValueError:
            continue
        _sort(event, str(event.get("type")), texts, numbers)
    for name, parts in texts.items():
        joined = "".join(parts)
        if len(joined) >= _LEAST:
            yield from _text(f"{name} joined", joined)
    for name, values in numbers.items():
        if len(values) >= _LEAST:
            yield Unwrapped(f"{name} in a row", numbers=np.array(values, np.float64))


def _text(how: str, text: str) -> Iterator[Unwrapped]:
    yield Unwrapped(how, text.encode())
    codes = np.array([ord(c) for c in text], np.int64)
    yield Unwrapped(f"{how}, as characters", codes.astype(np.uint8).tobytes())
    yield Unwrapped(f"{how}, as characters", codes.astype("<u2").tobytes())
    yield Unwrapped(f"{how}, as characters", numbers=codes.astype(np.float64))
    for name, decode in (("base85", base64.b85decode), ("base32", base64.b32decode)):
        try:
            yield Unwrapped(f"{how}, {name}", decode(text[: len(text) // 40 * 40]))
        except ValueError:
            continue


def _sort(value: object, name: str, texts: dict[str, list[str]], numbers: dict[str, list[float]]) -> None:
    match value:
        case dict():
            for key, inner in value.items():
                _sort(inner, f"{name}.{key}", texts, numbers)
        case list():
            for inner in value:
                _sort(inner, name, texts, numbers)
        case str():
            texts[name].append(value)
        case bool() | None:
            numbers[name].append(float(bool(value)))
        case int() | float():
            numbers[name].append(float(value))
