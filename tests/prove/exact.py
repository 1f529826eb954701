"""Finds copies: stretches of bytes that are the watermark's own, in any of the forms that programs keep sound in."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tests.prove.watermark import Watermark

WORD: Final = 8
WINDOW: Final = 2 * WORD
"""Bytes that are compared at a time, from each byte on: two words."""
LEAST: Final = 32
"""So many bytes in a row, in their order, make a copy: 8 samples of float32 or 16 of int16."""
_TABLE_BITS: Final = 24
_MIX, _MIX_AGAIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
"""Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4), and a second odd number of no pattern."""


class Copy(NamedTuple):
    """Where a copy lies in the bytes, which form it has, and how many bytes of it there are at least."""

    place: int
    form: str
    size: int


def forms_of(mark: Watermark) -> Iterator[tuple[str, bytes, int]]:
    """Each form: its name, the bytes, and how many bytes lie from one value to the next."""
    whole, share = mark.sound, mark.sound.astype(np.float32) / np.float32(32768)
    yield "int16", whole.astype("<i2").tobytes(), 2
    yield "int16, big-endian", whole.astype(">i2").tobytes(), 2
    yield "float32", share.astype("<f4").tobytes(), 4
    yield "float32, big-endian", share.astype(">f4").tobytes(), 4
    yield "float64", share.astype("<f8").tobytes(), 8
    grey = np.round(mark.picture @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
    yield "pixels", mark.picture.tobytes(), 1
    yield "pixels, blue first", mark.picture[..., ::-1].tobytes(), 1
    yield "pixels, grey", grey.tobytes(), 1
    yield "pixels as float32", (mark.picture.astype(np.float32) / np.float32(255)).tobytes(), 4


class Copies:
    """Looks for all forms at once, at every byte."""

    def __init__(self, mark: Watermark) -> None:
        self._names: list[str] = []
        keys, forms, places = [], [], []
        begins = 0
        for number, (name, data, step) in enumerate(forms_of(mark)):
            at_every = np.lib.stride_tricks.sliding_window_view(np.frombuffer(data, np.uint8), WINDOW)[::step]
            plain = np.diff(np.sort(at_every, axis=1), axis=1).astype(bool).sum(axis=1) < 3  # silence, white, black
            found = _keys_of(np.ascontiguousarray(at_every[~plain]).view(np.uint64))
            self._names.append(name)
            keys.append(found)
            forms.append(np.full(len(found), number, np.uint8))
            places.append(begins + np.flatnonzero(~plain) * step)
            begins += len(data) + WINDOW
        self._keys, first = np.unique(np.concatenate(keys), return_index=True)
        self._forms = np.concatenate(forms)[first]
        self._places = np.concatenate(places)[first]
        self._table: NDArray[np.bool_] = np.zeros(1 << _TABLE_BITS, bool)
        self._table[_hashed(self._keys)] = True

    def find(self, data: bytes | NDArray[np.uint8]) -> list[Copy]:
        """The copies in these bytes, in the order of their places."""
        raw = np.frombuffer(data, np.uint8)
        found = [hit for phase in range(WORD) for hit in self._find_at(raw, phase)]
        return sorted(_joined(sorted(found)))

    def _find_at(self, raw: NDArray[np.uint8], phase: int) -> Iterator[Copy]:
        length = (len(raw) - phase) // WORD * WORD
        if length < LEAST:
            return
        words = raw[phase : phase + length].copy().view(np.uint64)
        values = _keys_of(np.lib.stride_tricks.sliding_window_view(words, 2))
        likely = np.flatnonzero(self._table[_hashed(values)])
        rest = (LEAST - WINDOW) // WORD
        likely = likely[likely < len(values) - rest]
        before = self._place_of(values[likely])
        likely, before = likely[before >= 0], before[before >= 0]
        for ahead in range(1, rest + 1):
            follows = self._place_of(values[likely + ahead]) == before + ahead * WORD
            likely, before = likely[follows], before[follows]
        for place in likely:
            form = self._names[self._forms[np.searchsorted(self._keys, values[place])]]
            yield Copy(phase + int(place) * WORD, form, LEAST)

    def _place_of(self, values: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Where each of them is in the watermark; -1 where it is not."""
        nearest = np.minimum(np.searchsorted(self._keys, values), len(self._keys) - 1)
        return np.where(self._keys[nearest] == values, self._places[nearest], -1)


def _keys_of(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One number for each two words [n, 2]."""
    return (words[:, 0] * _MIX) ^ ((words[:, 1] >> np.uint64(7)) * _MIX_AGAIN) ^ words[:, 1]


def _hashed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (values * _MIX) >> np.uint64(64 - _TABLE_BITS)


def _joined(found: list[Copy]) -> list[Copy]:
    """Neighbours made one."""
    joined: list[Copy] = []
    for copy in found:
        last = joined[-1] if joined else None
        if last is not None and last.form == copy.form and copy.place <= last.place + last.size:
            joined[-1] = Copy(last.place, last.form, copy.place + copy.size - last.place)
        else:
            joined.append(copy)
    return joined
