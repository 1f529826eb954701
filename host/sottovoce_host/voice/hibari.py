"""Text to sound: hibari (Apache-2.0), one English voice, 24 kHz."""

import os
import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Before the import: hibari runs on onnxruntime, which keeps a database of what it ran and uploads it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from hibari import Hibari

from sottovoce_host.errors import UnspeakableError

FIRST_CLAUSE: Final = 60
"""A first sentence longer than this many characters is parted at its first clause, so that sound starts sooner."""
LONGEST_WORD: Final = 60
BREATH: Final = 240
"""A stretch of more characters without a comma is given one: the model's memory grows with the square of a stretch."""
MOST_DIGITS: Final = 30
"""A number of more is told digit by digit: there are no words for it."""
_CLAUSE: Final = re.compile(r"(?<=[,;:])\s+")


class Synthesiser:
    """One voice, one thread, loaded once. The first call of all loads the lexicon: warm() has it behind."""

    def __init__(self) -> None:
        self._hibari = Hibari(threads=1)

    def warm(self) -> None:
        """Load everything: about a second."""
        for _ in self.stream("Ready."):
            pass

    def stream(self, text: str, speed: float = 1.0) -> Iterator[NDArray[np.float32]]:
        """Sound of the first clause as soon as it is made, then sentence by sentence: [n], 24 kHz mono.

        speed: 1 is the voice's own pace, 2 is twice as quick. Raises UnspeakableError where there is none, or where
        the voice fails; not with its text, in which is the reply's.
        """
        silent = True
        try:
            for part in parts(sayable(text)):
                for sound in self._hibari.stream(part, speed):
                    silent = silent and not len(sound)
                    yield np.asarray(sound, np.float32)
        except Exception as error:  # noqa: BLE001 -- whatever it makes of a text
            raise UnspeakableError(f"the voice failed at a reply: {type(error).__name__}") from None
        if silent:
            raise UnspeakableError("there is nothing in a reply that the voice can speak")


def sayable(text: str) -> str:
    """The same text with nothing in it that the voice cannot take: no endless number, word or stretch."""
    text = re.sub(rf"(?:\d,?){{{MOST_DIGITS + 1},}}", lambda found: " ".join(re.findall(r"\d", found[0])), text)
    text = re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", r"\1 ", text)
    return re.sub(rf"([^.!?,;:\n]{{{BREATH - LONGEST_WORD},{BREATH}}})\s", r"\1, ", text)


def parts(text: str) -> list[str]:
    """The text, parted after its first clause where the first sentence is long."""
    first = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    clause = _CLAUSE.split(first, maxsplit=1)[0]
    if len(first) <= FIRST_CLAUSE or len(clause) == len(first) or len(clause.split()) < 3:  # noqa: PLR2004 -- "Well,"
        return [text]
    return [clause, text[len(clause) :].strip()]
