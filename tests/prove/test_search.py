import base64
import json
import zlib
from collections.abc import Callable

import cv2
import numpy as np
import pytest
import soxr
from numpy.typing import NDArray
from tests.prove.search import Search
from tests.prove.watermark import RATE_HZ, Watermark

Pcm = NDArray[np.float32]
SECONDS = 0.8


@pytest.fixture(scope="module")
def mark(ask: Callable[[str], Pcm]) -> Watermark:
    """A new one each run, under speech."""
    made = Watermark()
    made.under(ask("What is seventeen times three?"))
    return made


@pytest.fixture(scope="module")
def one_search(mark: Watermark) -> Search:
    return Search(mark)


@pytest.fixture
def search(one_search: Search) -> Search:
    one_search.found.clear()
    return one_search


def said(mark: Watermark) -> Pcm:
    """A piece from amid the speech."""
    start = len(mark.sound) // 2
    return mark.sound[start : start + round(SECONDS * RATE_HZ)].astype(np.float32) / np.float32(32768)


def companded(sound: Pcm) -> bytes:
    """Mu-law (ITU-T G.711), by its formula."""
    size = np.log1p(255 * np.abs(sound)) / np.log(256)
    return (~((sound < 0) * 128 + (size * 127).astype(np.int64)) & 0xFF).astype(np.uint8).tobytes()


def at(rate_hz: int, sound: Pcm) -> NDArray[np.int16]:
    return (soxr.resample(sound, RATE_HZ, rate_hz) * 32767).astype(np.int16)


def events(texts: list[str]) -> bytes:
    return b"".join(
        json.dumps({"type": "Hearing", "at_ms": 17, "text": t}, separators=(",", ":")).encode() for t in texts
    )


def in_numbers(sound: Pcm) -> bytes:
    values = (sound * 32767).astype(int) + 40_000
    return b"".join(b'{"type":"LookedAt","at_ms":%d,"dwell_ms":%d}' % (7 * i, v) for i, v in enumerate(values))


def two_in_a_counter(sound: Pcm) -> bytes:
    values = (sound * 32767).astype("<i2").view("<u4")
    return b"".join(b'{"type":"Done","command":%d,"at_ms":0}' % v for v in values)


SOUND: dict[str, Callable[[Pcm], bytes]] = {
    "int16": lambda s: (s * 32768).astype("<i2").tobytes(),
    "sixteen samples of int16": lambda s: (s[:24] * 32768).astype("<i2").tobytes(),
    "eight samples of float32": lambda s: s[:12].tobytes(),
    "int16 big-endian": lambda s: (s * 32768).astype(">i2").tobytes(),
    "float32": lambda s: s.tobytes(),
    "float64": lambda s: s.astype(np.float64).tobytes(),
    "float32 scaled": lambda s: (s * np.float32(0.3217)).tobytes(),
    "int16 scaled": lambda s: (s * 7001).astype("<i2").tobytes(),
    "int24": lambda s: (s * 2**23).astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes(),
    "int8": lambda s: (s * 127 * 4).astype(np.int8).tobytes(),
    "uint8": lambda s: (s * 500 + 128).astype(np.uint8).tobytes(),
    "mu-law": companded,
    "float16": lambda s: s.astype(np.float16).tobytes(),
    "8 kHz": lambda s: at(8_000, s).tobytes(),
    "8 kHz, every second sample": lambda s: (s[::2] * 30000).astype(np.int16).tobytes(),
    "11.025 kHz": lambda s: at(11_025, s).tobytes(),
    "12 kHz": lambda s: at(12_000, s).tobytes(),
    "22.05 kHz": lambda s: at(22_050, s).tobytes(),
    "24 kHz": lambda s: at(24_000, s).tobytes(),
    "32 kHz": lambda s: at(32_000, s).tobytes(),
    "44.1 kHz": lambda s: at(44_100, s).tobytes(),
    "48 kHz": lambda s: at(48_000, s).tobytes(),
    "48 kHz float32": lambda s: (at(48_000, s) / 32767).astype(np.float32).tobytes(),
    "8 kHz mu-law": lambda s: companded(at(8_000, s).astype(np.float32) / 32767),
    "stereo": lambda s: np.repeat((s * 30000).astype(np.int16), 2).tobytes(),
    "base64": lambda s: base64.b64encode(companded(s)),
    "base64 in events": lambda s: events([base64.b64encode(companded(p)).decode() for p in np.split(s, 80)]),
    "base85 in events": lambda s: events([base64.b85encode(companded(p)).decode() for p in np.split(s, 80)]),
    "characters in events": lambda s: events(["".join(chr(256 + b) for b in companded(p)) for p in np.split(s, 80)]),
    "hex": lambda s: (s * 32768).astype("<i2").tobytes().hex().encode(),
    "zlib": lambda s: zlib.compress((s * 20000).astype("<i2").tobytes()),
    "zlib in base64": lambda s: base64.b64encode(zlib.compress((s * 20000).astype("<i2").tobytes())),
    "numbers in a log": lambda s: " ".join(f"{v:.4f}" for v in s).encode(),
    "a compressed log": lambda s: zlib.compress(" ".join(f"{v:.4f} µ" for v in s).encode()),
    "a number in events": in_numbers,
    "two samples in a number": two_in_a_counter,
}

PICTURE: dict[str, Callable[[NDArray[np.uint8]], bytes]] = {
    "pixels": lambda p: p[60:62].tobytes(),
    "blue first": lambda p: p[60:62, :, ::-1].tobytes(),
    "float32": lambda p: (p[60:62].astype(np.float32) / np.float32(255)).tobytes(),
    "grey and scaled": lambda p: cv2.resize(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), (160, 90)).tobytes(),
    "scaled": lambda p: cv2.resize(p, (80, 45), interpolation=cv2.INTER_AREA).tobytes(),
    "thumbnail": lambda p: cv2.resize(p, (64, 36), interpolation=cv2.INTER_AREA).tobytes(),
    "JPEG": lambda p: cv2.imencode(".jpg", p)[1].tobytes(),
    "small JPEG": lambda p: cv2.imencode(".jpg", cv2.resize(p, (120, 68)), [cv2.IMWRITE_JPEG_QUALITY, 30])[1].tobytes(),
    "PNG": lambda p: cv2.imencode(".png", cv2.resize(p, (200, 113)))[1].tobytes(),
}


def amid(data: bytes) -> bytes:
    """The bytes amid others."""
    rng = np.random.default_rng(1)
    return rng.bytes(10_007) + bytes(5_000) + data + rng.bytes(3_001)


@pytest.mark.parametrize("form", SOUND)
def test_a_piece_of_the_sound_is_found_in_every_form(search: Search, mark: Watermark, form: str) -> None:
    made = SOUND[form](said(mark))
    search.look("here", made if made.isascii() else amid(made))
    assert search.found, form


@pytest.mark.parametrize("form", PICTURE)
def test_the_picture_is_found_in_every_form(search: Search, mark: Watermark, form: str) -> None:
    search.look("here", amid(PICTURE[form](mark.picture)))
    assert search.found, form


@pytest.mark.parametrize("form", ["int16", "float32 scaled", "mu-law", "8 kHz", "base64", "zlib"])
def test_the_search_of_a_process_s_memory_finds_it_too(search: Search, mark: Watermark, form: str) -> None:
    search.look("memory", amid(SOUND[form](said(mark))), memory=True)
    assert search.found, form


def test_nothing_is_found_in_what_has_another_watermark(search: Search, ask: Callable[[str], Pcm]) -> None:
    other = Watermark()
    other.under(ask("What is seventeen times three?"))  # the same words of the same voice
    made = {n: f(said(other)) for n, f in SOUND.items()} | {n: f(other.picture) for n, f in PICTURE.items()}
    for name, data in made.items():
        search.look(name, data)
    assert search.found == []
    assert search.searched["mu-law"] > 0
