"""What the reply sounds like at the microphone, by the levels that the host foretold: the rest is somebody's voice.

Each way from loudspeaker to microphone that comes into question is a delay, and a reverberation that decays
exponentially (Kuttruff, Room Acoustics, ch. 4). For each, how much of the reply arrives in each band is learnt as it
sounds; the one whose prediction has been nearest is believed.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.observation import Bands
from sottovoce_wire import ExpectEcho, Lateness
from sottovoce_wire.echo import BANDS, FRAME_MS, QUIETEST_DB

Array = NDArray[np.float64]
PER_BLOCK: Final = 2
"""Frames in a block of hearing."""
DELAYS: Final = 27
"""Delays that come into question, in frames: 0 to 400 ms, buffers, the air, and what the network varies."""
ROOMS: Final = ((0.1, 0.0), (0.25, 0.7), (0.25, 2.0), (0.45, 0.7), (0.45, 2.0), (0.8, 0.7), (0.8, 2.0))
"""Seconds in which the reverberation falls by 60 dB, and its energy against that of the direct sound."""
HISTORY: Final = 50
"""Frames that reverberation is followed for, beyond the longest delay: 0.8 s."""
MOST_FRAMES: Final = 16_384
"""Four minutes; what is foretold beyond is not believed to come."""
AHEAD_MS: Final = 600_000.0
"""The longest reply; what shall sound later, or sounded longer ago, is not believed."""
FORGETS: Final = 64
"""Blocks: two seconds of the reply outweigh all before."""
KNOWN: Final = 12
"""Blocks in which the reply was heard before its coupling is believed: 0.4 s."""
CARRIED: Final = 16
"""Blocks that what was learnt of the reply before counts for."""
COUNTS_DB: Final = (-3.0, 12.0)
"""Between these a band's excess counts: one band alone, a chair or a glass, is not a voice."""
STRAYS_DB: Final = 2.5
"""A block of the reply alone, 6 dB softer than the wearer, is louder than foretold by more, on average over the bands,
in 1.4 % of blocks (36 rooms and voices of side train)."""
ENOUGH_DB: Final = 2.0
"""What exceeds that in all is somebody's voice."""
MOST_DB: Final = 8.0
"""More evidence than this is forgotten: a pause between syllables ends it in some blocks, a consonant does not."""
SOFTER_DB: Final = 8.0
"""By how much softer than the wearer's syllables what is not the reply's may be: others are 13 dB softer."""
CLIP_DB: Final = 10.0
"""A band that is softer than foretold by more than this tells no more."""
RISES_DB: Final = 3.0
"""And a louder one tells less: it may be somebody's voice, which must not be learnt as the reply's."""
FITS_DB: Final = 3.2
"""How far off the nearest prediction may be on average. After 0.4 s a reply in the room is at 2.2 to 3.1, a
voice that is not the reply's at 3.4 or more (a dozen scenes of side train)."""
SOUNDS: Final = 1e-5
"""Power from which a reply counts as sounding: -50 dB of full scale, 30 below its syllables."""
AUDIBLE: Final = 4.0
"""Nothing is learnt from a block that is not 6 dB above the noise: the reply may not have arrived yet."""
FIRST: Final = 2
"""Blocks whose mean level begins what is learnt."""
JITTER: Final = 4
"""Frames by which blocks may come early or late before some are taken for lost."""
UNHEARD: Final = 6
"""Blocks in which the reply should have been heard by any delay, and was not: no loudspeaker is in the room."""
FLOOR_RISE: Final = 0.003
"""Share of the difference by which the noise floor follows a louder band, a block: ten seconds."""
_TINY: Final = 1e-12
_NEVER: Final = -(2**60)


class Foretold:
    """Takes what the host foretells and what is heard; says whether it is more than the reply. 0.1 ms a block."""

    def __init__(self) -> None:
        self._frames: dict[int, tuple[float, ...]] = {}
        self._lateness = Lateness()
        self._offset_ms = 0.0
        self._at = _NEVER
        self._evidence_db = 0.0
        self._unheard = 0
        shape = (DELAYS, len(ROOMS))
        self._gain_db = np.zeros((*shape, BANDS))
        self._stray_db = np.full((*shape, BANDS), CLIP_DB / 2)
        self._known = np.zeros((*shape, 1))
        self._floor: Array | None = None
        self._ring = np.zeros((DELAYS + PER_BLOCK - 1, len(ROOMS), BANDS))
        self._tail = np.zeros((len(ROOMS), BANDS))
        decay = np.array([10 ** (-6 * FRAME_MS / 1000 / seconds) for seconds, _ in ROOMS])
        self._decay = decay[:, None]
        self._share = np.array([ratio for _, ratio in ROOMS])[:, None] * (1 - self._decay)

    @property
    def foretold_frames(self) -> int:
        """How many frames of the reply are known beforehand."""
        return len(self._frames)

    def expect(self, told: ExpectEcho, now_ms: float) -> None:
        """Take what the host foretells. now_ms: when it came."""
        late_ms = self._lateness.step(told.session, told.sent_ms, now_ms)
        self._offset_ms = now_ms - told.sent_ms - late_ms
        if abs(told.starts_ms - told.sent_ms) > AHEAD_MS:
            return
        first = round(told.starts_ms / FRAME_MS)
        for number, frame in enumerate(zip(told.low, told.middle, told.high, told.top, strict=False), first):
            if len(self._frames) >= MOST_FRAMES:
                break
            self._frames[number] = frame
        self._at = _NEVER

    def forget(self) -> None:
        """The reply has ended: what was foretold of it will not come. How it arrives is kept for the next."""
        self._frames.clear()
        self._at = _NEVER
        self._floor = None
        self._evidence_db = 0.0
        self._known = np.minimum(self._known, CARRIED if self._fits(self._nearest()) else 0)

    def step(self, bands: Bands, now_ms: float, wearer_db: float) -> bool | None:
        """Whether somebody near speaks into the reply; None where it is not foretold, or not heard.

        Of the first reply that is heard nobody's voice is told for 0.4 s: nothing is known of the loudspeaker.
        now_ms: the block's end. wearer_db: the level that the wearer's syllables are expected to have.
        """
        heard = bands.power
        self._floor = heard + _TINY if self._floor is None else _followed(self._floor, heard)
        if not self._frames:
            return None
        self._follow(now_ms)
        foretold = (self._ring[1:] + self._ring[:-1])[::-1] / PER_BLOCK
        arrives = 10 ** (self._gain_db / 10) * foretold
        expected = arrives + self._floor + _TINY
        over_db = 10 * np.log10((heard + _TINY) / expected)
        way = self._nearest()
        most = arrives[max(0, way[0] - 1) : way[0] + 2, way[1]].max(axis=0)
        known = self._fits(way)
        waits = self._unheard < UNHEARD and self._known[way][0] < KNOWN
        more_db = 10 * math.log10(max(float((heard - most - self._floor).sum()), _TINY))
        louder_db = 10 * np.log10((heard + _TINY) / (most + self._floor + _TINY))
        strays = float(np.clip(louder_db, *COUNTS_DB).mean()) - STRAYS_DB
        self._weigh(strays, near=more_db > wearer_db - SOFTER_DB, known=known)
        if heard.sum() > AUDIBLE * self._floor.sum():
            self._learn(over_db, arrives, expected, foretold)
        elif not self._known.any():
            self._unheard += bool(foretold[-1].sum() > SOUNDS)
        if known:
            self._unheard = 0
            return self._evidence_db >= ENOUGH_DB
        return False if waits else None

    def _nearest(self) -> tuple[int, int]:
        """The delay and the room whose predictions have been nearest."""
        late, room = np.unravel_index(np.argmin(self._stray_db.mean(axis=2)), self._stray_db.shape[:2])
        return int(late), int(room)

    def _fits(self, way: tuple[int, int]) -> bool:
        """Whether what is heard follows the reply at all: without a loudspeaker in the room, it is somebody's voice."""
        return bool(self._known[way][0] >= KNOWN and self._stray_db[way].mean() < FITS_DB)

    def _weigh(self, more: float, *, near: bool, known: bool) -> None:
        """Add up by how much the blocks are louder than the reply strays (a cumulative sum, Page 1954)."""
        if known and (near or more < 0):
            self._evidence_db = min(max(0.0, self._evidence_db + more), MOST_DB)
        elif not known:
            self._evidence_db = 0.0

    def _learn(self, over_db: Array, arrives: Array, expected: Array, windows: Array) -> None:
        """Of each way by which something sounds now: how much arrives, and how far its prediction was off."""
        sounds = (windows.sum(axis=2) > SOUNDS)[..., None]
        self._known = np.minimum(self._known + sounds, FORGETS)
        rate = sounds / np.maximum(self._known, 1)
        off_db = np.clip(over_db, -CLIP_DB, RISES_DB)
        self._stray_db += rate * (np.abs(off_db) - self._stray_db)
        first = sounds & (self._known <= FIRST)
        self._gain_db += np.where(first, over_db / np.maximum(self._known, 1), 2 * rate * off_db * arrives / expected)

    def _follow(self, now_ms: float) -> None:
        """Bring the ring to the frames that would sound now if there were no delay."""
        now = int((now_ms - self._offset_ms) // FRAME_MS)
        if abs(now - self._at - PER_BLOCK) > JITTER:
            self._at = now - PER_BLOCK - DELAYS - HISTORY
            self._tail[:] = 0
            while self._at < now - PER_BLOCK:
                self._push()
        for _ in range(PER_BLOCK):
            self._push()

    def _push(self) -> None:
        frame = self._frames.get(self._at)
        power = np.zeros(BANDS) if frame is None else 10 ** ((np.array(frame) + QUIETEST_DB) / 10)
        self._ring[:-1] = self._ring[1:]
        self._ring[-1] = power + self._tail
        self._tail = self._decay * (self._tail + self._share * power)
        self._at += 1


def _followed(floor: Array, heard: Array) -> Array:
    """The noise floor falls at once and rises slowly, in dB."""
    heard = heard + _TINY
    return np.where(heard < floor, heard, floor * (heard / floor) ** FLOOR_RISE)
