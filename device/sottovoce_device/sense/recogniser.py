"""What hears the words that were said: Moonshine, or a recogniser of the builder's own, which is one file."""

import unicodedata
from numbers import Real
from typing import Any, Final, Protocol, get_args

import numpy as np

from sottovoce_device.capture.own_files import is_own, no_such, opened_own, tried
from sottovoce_device.capture.sample import RATE_HZ, Sample
from sottovoce_device.errors import DriverError
from sottovoce_device.observation import Transcript
from sottovoce_device.perceive.moonshine import Wanted, larger
from sottovoce_device.perceive.weights import Weights

SETTING: Final = "[models] recogniser"
RECOGNISERS: Final[tuple[str, ...]] = get_args(Wanted)
"""Ours, by name."""
MOST: Final = 2_000
"""Characters of one answer: in the longest turn nobody says as many."""


class Recogniser(Protocol):
    """Speech to text."""

    def infer(self, speech: Sample) -> Transcript | None:
        """speech: float32 at 16 kHz mono, from a few tenths of a second to half a minute; overwritten afterwards."""


class OwnRecogniser:
    """A recogniser of the builder's own, whose answers are looked through before anything is made of them."""

    def __init__(self, theirs: Recogniser, path: str) -> None:
        self._theirs = theirs
        self._path = path

    def infer(self, speech: Sample) -> Transcript:
        """As `Recogniser`. Raises DriverError for an answer that is none, and whatever theirs raises."""
        found: Any = self._theirs.infer(speech)
        if flaw := _flaw(found):
            raise DriverError(f"{self._path}: infer() gave {flaw}")
        return Transcript(found.text, float(found.confidence))


def open_recogniser(wanted: str, weights: Weights) -> Recogniser | None:
    """What hears final words, where tiny shall not. wanted: `[models] recogniser`.

    One of the builder's own is tried on a second of silence. Raises ConfigError for a name or a file that is none, and
    ModelError where the files of ours are missing.
    """
    if not is_own(wanted):
        if wanted not in RECOGNISERS:
            raise no_such(SETTING, wanted, RECOGNISERS)
        return larger(weights, wanted)  # type: ignore[arg-type]
    own = OwnRecogniser(opened_own(SETTING, wanted, "open_recogniser", weights.folder, ("infer",)), wanted)
    tried(SETTING, wanted, lambda: own.infer(Sample(np.zeros(RATE_HZ, np.float32), 0.0)))
    return own


def _flaw(found: Any) -> str:  # noqa: ANN401 -- whatever a recogniser of theirs gives
    """What is wrong with an answer; "" where nothing is. Not what it says: in it is what was said."""
    if not isinstance(found, Transcript):
        return f"a {type(found).__name__}, and not a Transcript"
    if not isinstance(found.text, str) or not isinstance(found.confidence, Real):
        kinds = f"{type(found.text).__name__} and {type(found.confidence).__name__}"
        return f"a Transcript of {kinds}, and not of a text and a number"
    if not 0 <= found.confidence <= 1:
        return "a confidence that is not from 0 to 1"
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in found.text):
        return "characters that are none: control characters, or halves of one"
    return f"{len(found.text)} characters, and {MOST} are the most" if len(found.text) > MOST else ""
