"""What the tests of hearing share: a room where somebody speaks, and voices that are told apart."""

import numpy as np

from sottovoce_device.capture.sample import BLOCK
from sottovoce_device.config import HearingConfig
from sottovoce_device.decide.ask import Ask, Heard
from sottovoce_device.decide.turn import PER_MS as MS
from sottovoce_device.decide.turn import TurnTaking
from sottovoce_device.observation import Transcript, TurnEnd, Voice, Voiceprint


def voice_of(number: int, seconds: float = 1.0) -> Voiceprint:
    """The voice of somebody; of another number it is as unlike as can be."""
    vector = np.zeros(256, np.float32)
    vector[number] = 1
    return Voiceprint(vector, seconds)


class Room:
    """Plays probabilities of speech to the rule and answers its questions at once, or when told to."""

    def __init__(self, *, end: float = 0.9, text: str = "hello there", answer: bool = True) -> None:
        self.rule = TurnTaking(HearingConfig())
        self.position = 0
        self.end = end
        self.text = text
        self.answer = answer
        self.asked: list[Ask] = []
        self.heard: list[Heard] = []

    def play(self, seconds: float, probability: float = 0.0, anybody: float = 0.0) -> None:
        """anybody: the probability of speech that is not near, where it is higher."""
        for _ in range(round(seconds * 16000 / BLOCK)):
            self.position += BLOCK
            self._kept = self.rule.keep_from
            self._take(self.rule.step(Voice(probability, self.position, self.position / MS, max(probability, anybody))))

    def say(self, seconds: float) -> None:
        self.play(seconds, 0.95)

    def reply(self, ask: Ask) -> None:
        found = TurnEnd(self.end) if ask.kind == "end" else Transcript(self.text, 0.9)
        self.learn(ask, found)

    def learn(self, ask: Ask, found: Transcript | TurnEnd | None) -> None:
        """Answer with this; None: the model was late."""
        self._take(self.rule.learn(ask, found))

    def _take(self, results: list[Ask | Heard]) -> None:
        for result in results:
            if isinstance(result, Heard):
                self.heard.append(result)
                continue
            assert result.start >= self._kept, "sound was asked for that may be forgotten"
            self.asked.append(result)
            if self.answer:
                self.reply(result)

    @property
    def over(self) -> list[Heard]:
        return [h for h in self.heard if h.over]
