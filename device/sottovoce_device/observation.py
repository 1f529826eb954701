"""What a model saw or heard: typed, without PCM and without pixels."""

from msgspec import Struct


class Level(Struct, frozen=True):
    """How loud a block is: `db`, root mean square in dB of full scale, -120 for digital silence."""

    db: float


class Texture(Struct, frozen=True):
    """How blurred a block of speech is.

    kurtosis: of the residual of linear prediction; 3 for noise, more for a voice close by.
    fall_db: how steeply the tones above 1.7 kHz fall, in dB each 8 ms, averaged with the rises as 0; never positive.
    """

    kurtosis: float
    fall_db: float


class Voice(Struct, frozen=True):
    """How likely a block is speech.

    probability: 0 to 1.
    position: where the block ends, in samples since the start.
    at_ms: when its last sample was heard.
    """

    probability: float
    position: int
    at_ms: float


class Transcript(Struct, frozen=True):
    """What the recogniser made of a stretch of sound: `text`, and `confidence`, the mean probability of its tokens."""

    text: str
    confidence: float


class TurnEnd(Struct, frozen=True):
    """How likely the speaker has finished: `probability`, 0 to 1."""

    probability: float
