"""Whose voice is near: the wearer's mouth is a hand's breadth from the microphone, everybody else's is not.

Sound pressure falls with distance, by 12 dB from 13 cm to half a metre in the open, less in a room, where the
reverberation holds it up (Kuttruff, Room Acoustics, ch. 5); what comes from afar is blurred; and two microphones,
where there are two, hear it alike, and not from where the mouth is.
"""

import math
from collections import deque
from typing import Final

from msgspec import Struct

from sottovoce_device.decide.wearer_level import PEAK_BLOCKS, SURE, VOICED, WearerLevel
from sottovoce_device.observation import Level, Parallax, Texture

LEARN_EVERY: Final = 16
"""Blocks of speech for each lesson, half a second: syllables nearer than that tell the same again."""
TEXTURE_TEACHES: Final = 0.6
"""Of its log odds in a lesson: one room and one voice bend the texture, and the parallax, of all lessons alike."""
OPENS: Final = 1.0
"""Log odds from which a voice is near enough to be listened to. Fitted on scenes of side train, where lower lets
others in and higher loses the wearer: of 100 sentences 8 of others' (0: 20) and 3 of the wearer's (2: 6)."""
TAUGHT: Final = 4
"""Lessons that are given anew when it is known whose voice they were."""
_KNOWN: Final = 0.97
TEXTURE_BLOCKS: Final = 15
"""Texture and parallax are averaged over the last half second of speech; more would outlive a change of voices."""
NEXT_VOICE_BLOCKS: Final = 4
"""After 130 ms without speech it may be another who goes on: gaps between turns are 200 ms (Stivers et al. 2009)."""
NEARER_DB: Final = 8.0
"""A syllable louder than those before it by so much is another voice, nearer: syllables of one differ by 3.6."""
HOLD_BLOCKS: Final = 9
"""Sentences end softly: 290 ms after the last surely near syllable, softer ones still count."""
SOFTER_DB: Final = 6.0
"""By how much the ends of sentences are softer (declination)."""
_QUIETEST_DB: Final = -120.0
_MOST: Final = 3.0
"""Neither texture nor parallax outweighs this: rooms, voices and microphones are there that nobody has measured."""
SLOW_START: Final = 6
"""Blocks: of this much speech half of the texture and the parallax is believed, two thirds of twice as much."""
SILENT: Final = 0.1
"""Probability of speech below which a block is noise; its level is the noise's."""
NOISE_RISES: Final = 0.01
NOISE_FALLS: Final = 0.1
"""How much of the way to its level a block moves it: upwards slowly, for what follows a sentence is the room's echo."""
MASKED_DB: Final = 20.0
CLEAR_DB: Final = 28.0
"""How far the wearer's syllables are expected to stand out of the noise where texture tells nothing of distance, and
where all it can. Noise fills the gaps of a near voice as an echo fills those of a far one: 16 dB above it, on average
of a sentence, the wearer's texture has log odds of -2.6, 24 dB above it 1.7, in quiet 3; others' has -4 (sentences of
sides train and dev; syllables peak some 4 dB above the mean). What seems near through noise is near."""


class TextureWeights(Struct, frozen=True):
    """The log odds of a near voice: bias + kurtosis * ln(kurtosis) + fall * fall_db. Learnt on simulated rooms."""

    bias: float = -22.0
    kurtosis: float = 10.9
    fall: float = -5.0


class ParallaxWeights(Struct, frozen=True):
    """The log odds of a near voice: bias + nearer * nearer + towards_mouth * towards_mouth.

    Learnt on simulated rooms of side train by `python -m tests.scenes.verifiers --fit`, beside what level and texture
    say (-21, 7.7, 21), and believed two fifths: faces and heads are there that nobody has simulated, and on side dev it
    makes no difference. Reasoning comes near: `nearer` is 0.9 apart between the wearer and others, with a spread of
    0.33 (faces, microphones, heads' shadows), so that alone it would weigh 0.9 / 0.33^2 = 8.
    """

    bias: float = -9.0
    nearer: float = 3.5
    towards_mouth: float = 9.0


class _Lesson(Struct, frozen=True):
    """The level of half a second of a turn, and whether it seemed near."""

    db: float
    near: bool


class Nearness:
    """Takes level, texture and parallax of each block and how likely it is speech; says whether the voice is near.

    logit: of the newest speech being the wearer's, natural logarithm of the odds. peak_db: its syllable's level.
    parallax: what of the logit two microphones tell; 0 where there is one.
    """

    def __init__(
        self,
        wearer: WearerLevel | None = None,
        texture: TextureWeights | None = None,
        parallax: ParallaxWeights | None = None,
    ) -> None:
        self._wearer = wearer or WearerLevel()
        self._weights = texture or TextureWeights()
        self._parallax_weights = parallax or ParallaxWeights()
        self._recent: deque[float] = deque(maxlen=PEAK_BLOCKS)
        self._peaks: deque[float] = deque(maxlen=PEAK_BLOCKS)
        self._textures: deque[float] = deque(maxlen=TEXTURE_BLOCKS)
        self._parallaxes: deque[float] = deque(maxlen=TEXTURE_BLOCKS)
        self._lesson: list[float] = []
        self._of_turn: list[float] = []
        self._levels: deque[_Lesson] = deque(maxlen=TAUGHT)
        self._noise_db = _QUIETEST_DB
        self._silent = 0
        self._since_near = HOLD_BLOCKS
        self.logit = 0.0
        self.peak_db = -120.0
        self.parallax = 0.0

    @property
    def wearer_db(self) -> float:
        """The level at which the wearer's syllables are expected, in dB of full scale."""
        return self._wearer.db

    def step(
        self,
        level: Level,
        texture: Texture | None,
        speech: float,
        parallax: Parallax | None = None,
        *,
        learns: bool = True,
    ) -> bool:
        """Whether the block holds near speech. speech: probability by voice activity detection.

        learns: whether it may tell how loud the wearer is; not while a loudspeaker speaks.
        """
        self._since_near += 1
        if speech < SILENT:
            self._hear_noise(level.db)
        if speech < VOICED or texture is None:
            self._recent.clear()
            self._silent += 1
            if self._silent > NEXT_VOICE_BLOCKS:
                self._forget_voice()
            return False
        self._silent = 0
        self._note(level, texture, parallax)
        self.parallax = _believed(self._parallaxes)
        way = _believed(self._textures) + self.parallax
        self.peak_db = self._peaks[-1]
        level_db, known = sum(self._peaks) / len(self._peaks), len(self._peaks)
        self.logit = self._wearer.logit(level_db, known) + way
        if speech >= SURE and learns:
            self._learn(self.peak_db, way)
        if self.logit > OPENS:
            self._since_near = 0
        softer = self._wearer.logit(level_db + SOFTER_DB, known) + way
        return self._since_near <= HOLD_BLOCKS and softer > OPENS

    def _note(self, level: Level, texture: Texture, parallax: Parallax | None) -> None:
        """Take the block in; what was before it counts no more where another voice is nearer."""
        self._recent.append(level.db)
        if self._peaks and level.db > sum(self._peaks) / len(self._peaks) + NEARER_DB:
            self._forget_voice()
        self._peaks.append(max(self._recent))
        self._textures.append(self._blur(texture))
        if parallax is not None:
            self._parallaxes.append(self._aside(parallax))

    def forget(self) -> None:
        """Forget what was heard last; how loud the wearer is stays known."""
        self._lesson.clear()
        self._levels.clear()
        self._of_turn.clear()
        self._recent.clear()
        self._forget_voice()
        self._since_near = HOLD_BLOCKS

    def _forget_voice(self) -> None:
        self._peaks.clear()
        self._textures.clear()
        self._parallaxes.clear()

    def begin(self) -> None:
        """A turn begins: what is taught from now on is taught of its voice, and of what was as near before."""
        self._levels = deque((lesson for lesson in self._levels if lesson.near), TAUGHT)
        self._of_turn.clear()

    def teach(self, *, own: bool) -> None:
        """The newest two seconds, of what begin() left and of the turn, were surely the wearer's, or surely not."""
        while self._levels:
            self._wearer.learn(self._levels.popleft().db, LEARN_EVERY, _KNOWN if own else 1 - _KNOWN)

    def _hear_noise(self, level_db: float) -> None:
        if self._noise_db == _QUIETEST_DB:
            self._noise_db = level_db
        apart = level_db - self._noise_db
        self._noise_db += apart * (NOISE_RISES if apart > 0 else NOISE_FALLS)

    def _blur(self, texture: Texture) -> float:
        """Log odds of the wearer's voice by the texture; no more is made of seeming far than their own voice allows."""
        weights = self._weights
        near = weights.bias + weights.kurtosis * math.log(max(texture.kurtosis, 1.0)) + weights.fall * texture.fall_db
        clear = (self.wearer_db - self._noise_db - MASKED_DB) / (CLEAR_DB - MASKED_DB)
        return near if near > 0 else near * max(0.0, min(1.0, clear))

    def _aside(self, parallax: Parallax) -> float:
        weights = self._parallax_weights
        return weights.bias + weights.nearer * parallax.nearer + weights.towards_mouth * parallax.towards_mouth

    def _learn(self, peak_db: float, way: float) -> None:
        """One lesson: the level of half a second. way: log odds of the wearer's voice by how it came."""
        if (level := _lesson(self._of_turn, peak_db)) is not None:
            self._levels.append(_Lesson(level, self.logit > OPENS))
        if (level := _lesson(self._lesson, peak_db)) is not None:
            self._wearer.learn(level, LEARN_EVERY, 1 / (1 + math.exp(-TEXTURE_TEACHES * way)))


def _lesson(peaks: list[float], peak_db: float) -> float | None:
    """The mean level of so many blocks as make a lesson, which ends them; None until there are so many."""
    peaks.append(peak_db)
    if len(peaks) < LEARN_EVERY:
        return None
    level = sum(peaks) / len(peaks)
    peaks.clear()
    return level


def _believed(logits: deque[float]) -> float:
    """Of the last half second's log odds by texture, or by parallax; 0 where there are none."""
    known = len(logits)
    mean = sum(logits) / max(known, 1)
    return max(-_MOST, min(_MOST, mean)) * known / (known + SLOW_START)
