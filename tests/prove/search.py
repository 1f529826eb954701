"""Looks for the watermark in whatever a run left behind, and counts what was looked at."""

from collections import Counter
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from tests.prove.exact import Copies
from tests.prove.likeness import Likeness, Likenesses
from tests.prove.watermark import Watermark
from tests.prove.wrappings import numbers_in, packed, pictures_in, unwrapped

LAYERS: Final = 3
"""Wrappings within wrappings: zlib in base64 in a field is three."""
ALIKE: Final = 0.15
"""Of a decoded picture: nine standard deviations of the likeness of any other picture (80 x 45 squares)."""


class Found(Struct, frozen=True):
    """A trace of the watermark: in what, in which form, and how sure. Never the bytes themselves.

    size: bytes that are an exact copy; 0 where it is a likeness. strength: for the reader.
    """

    where: str
    form: str
    strength: str
    size: int = 0


class Search:
    """One watermark, many places. found: what was found; searched: bytes looked at, by place."""

    def __init__(self, mark: Watermark) -> None:
        self._mark = mark
        self._copies = Copies(mark)
        self._likenesses = Likenesses(mark)
        self._seen: dict[bytes, int] = {}
        self.found: list[Found] = []
        self.searched: Counter[str] = Counter()

    def look(self, where: str, data: bytes, *, memory: bool = False) -> None:
        """Look at bytes in every way. memory: they are a process's memory, which is looked at in fewer forms."""
        self.searched[where] += len(data)
        self._seen.clear()
        self._look(where, "", data, memory=memory, layers=LAYERS)

    def _look(self, where: str, how: str, data: bytes, *, memory: bool, layers: int) -> None:
        depth = 2 * layers + (not memory)
        if self._seen.get(data, -1) >= depth:  # two ways of unwrapping often come to the same
            return
        self._seen[data] = depth
        copies = Counter[str]()
        for copy in self._copies.find(data):
            copies[copy.form] += copy.size
        for form, size in copies.items():
            self._note(where, how, {form: f"{size} bytes, exact"}, size)
        self._note_likenesses(where, how, self._likenesses.find(data, memory=memory))
        self._look_at_pictures(where, how, data)
        if not memory and layers > 1:
            self._look_at_numbers(where, f"{how} numbers in text", numbers_in(data))
        if layers == 0:
            return
        for one in unwrapped(data, singly=not memory):
            if one.numbers is not None:
                self._look_at_numbers(where, f"{how} {one.how}", one.numbers)
            elif len(one.data) > 0:
                self._look(where, f"{how} {one.how}", one.data, memory=memory, layers=layers - 1)

    def _look_at_pictures(self, where: str, how: str, data: bytes) -> None:
        for picture in pictures_in(data):
            if (alike := self._mark.resembles(picture)) > ALIKE:
                self._note(where, how, {"picture, encoded": f"likeness {alike:.2f}"})

    def _look_at_numbers(self, where: str, how: str, numbers: NDArray[np.float64]) -> None:
        self._note_likenesses(where, how, self._likenesses.find_in_numbers(numbers))
        for one in packed(numbers):
            self._look(where, f"{how} {one.how}", one.data, memory=True, layers=0)

    def _note_likenesses(self, where: str, how: str, hits: list[Likeness]) -> None:
        """Note the surest of each kind."""
        surest = {hit.what: hit.sigmas for hit in sorted(hits, key=lambda hit: hit.sigmas)}
        self._note(where, how, {what: f"{sigmas:.0f} standard deviations" for what, sigmas in surest.items()})

    def _note(self, where: str, how: str, found: dict[str, str], size: int = 0) -> None:
        for form, strength in found.items():
            told = f"{form} in {how.strip()}" if how else form
            if not any(f.where == where and f.form == told for f in self.found):
                self.found.append(Found(where, told, strength, size))
