"""Turns of which words have left already: the rest follows them, or the ledger says why it does not."""

from collections.abc import Callable, Iterator
from itertools import chain, repeat

import numpy as np
import pytest
from hearing import voice_of
from numpy.typing import NDArray

from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.config import Config
from sottovoce_device.decide.addressee import Addressee
from sottovoce_device.decide.ask import Ask
from sottovoce_device.decide.wearer import Wearer, enrolled
from sottovoce_device.observation import Transcript, TurnEnd, Voiceprint
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.ear import Ear
from sottovoce_device.words import read_words
from sottovoce_wire import AnyEvent, Attended, Hearing, Said

Pcm = NDArray[np.float32]
MS = 16
WORDS = "Set a timer for six minutes."


class Glasses:
    """Real hearing up to the recogniser; what it hears of a voice, and who that is, is told."""

    def __init__(self, weights: Weights, voices: Iterator[Voiceprint] | None = None, over: float = 0.9) -> None:
        self.events: list[AnyEvent] = []
        self._voices, self._over = voices, over
        wearer = None if voices is None else Wearer(enrolled([voice_of(1)]))
        self.ear = Ear(Config(), SileroVad(weights), self._submit, self.events.append, Addressee(read_words()), wearer)
        self._at = self._passes = 0

    def _submit(self, ask: Ask, speech: Sample) -> None:
        speech.wipe()
        if ask.kind == "voice":
            assert self._voices is not None
            self.ear.learn(ask, next(self._voices))
        else:
            self._passes += ask.kind == "words"
            words = WORDS.split()[: 2 + self._passes] if ask.kind == "words" else WORDS.split()
            self.ear.learn(ask, TurnEnd(self._over) if ask.kind == "end" else Transcript(" ".join(words), 0.9))

    def hear(self, pcm: Pcm, until: type[AnyEvent] | None = None) -> None:  # type: ignore[valid-type]
        """Hear it, up to the first event of a kind."""
        for start in range(0, len(pcm) - BLOCK, BLOCK):
            if until is not None and any(isinstance(e, until) for e in self.events):
                return
            self._at += BLOCK
            self.ear.hear(Sample(pcm[start : start + BLOCK].copy(), self._at / MS))


@pytest.fixture
def speech(recording: Callable[[str, float, float], Pcm]) -> Pcm:
    return np.concatenate([np.zeros(16_000, np.float32), recording("two_cities.wav", 1.0, 5.0)])


QUIET = np.zeros(3 * 16_000, np.float32)


def test_the_end_of_a_turn_is_heard_though_its_voice_seems_far_by_then(weights: Weights, speech: Pcm) -> None:
    glasses = Glasses(weights)
    glasses.hear(speech, until=Hearing)
    assert isinstance(glasses.events[-1], Hearing)
    glasses.ear._voice.hear(-1_000.0, 0.0, -40.0)
    glasses.hear(QUIET)
    (said,) = [e for e in glasses.events if isinstance(e, Said)]
    assert said.text == WORDS


def test_a_turn_that_a_stranger_goes_on_with_is_closed_again_in_the_ledger(weights: Weights, speech: Pcm) -> None:
    glasses = Glasses(weights, chain([voice_of(1)] * 3, repeat(voice_of(2))), over=0.1)
    glasses.hear(np.concatenate([speech, QUIET]))
    lines = [e for e in glasses.events if isinstance(e, Attended)]
    opened = next(line for line in lines if line.opened)
    closed = next(line for line in lines if line.turn == opened.turn and not line.opened)
    assert [(e.name, e.weight < 0) for e in closed.evidence] == [("wearer_voice", True)]
    assert not any(isinstance(e, Said) and e.turn == opened.turn for e in glasses.events)
