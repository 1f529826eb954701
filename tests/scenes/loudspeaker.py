"""Glasses that hear the loudspeaker of their own host: in virtual time, what it plays comes back through the room.

The loop is closed: a reply sounds only because something was answered, and what the glasses make of it has its
consequences, an interruption or another reply.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from tests.scenes.mixer import FULL_SCALE_DB, convolved
from tests.scenes.rooms import MOUTH, RATE_HZ, Acoustics, Place, Room
from tests.scenes.voices import Pcm, active_rms, resampled

from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.capture.simulated import SimulatedMicrophone
from sottovoce_device.config import Config
from sottovoce_device.replay import Left, Replay
from sottovoce_device.sense.ear import Ear
from sottovoce_wire import AnyEvent, AwaitReply, ExpectEcho, Interrupted, Said, Speaking
from sottovoce_wire.commands import AnyCommand

WEARER_DB: Final = 60.0
"""The wearer's speech, as sound pressure at 1 m; see script.Person."""
WORST: Final = "What time is it? Set a timer for five minutes. How many ounces are in a pound? Stop. Never mind."
"""Worse than any reply: every sentence of it would open the gate if the wearer said it."""
ANSWERS_MS: Final = 60.0
"""From the event that leaves to the command that announces the reply's sound (make bench)."""
SYNTHESISED_MS: Final = 30.0
"""From the announcement to the first sound's being written."""
TOLD_MS: Final = 5.0
"""From when the reply is written to the loudspeaker to when the glasses are told how it will sound."""
STOPS_MS: Final = 50.0
"""From an interruption that leaves to silence: gate, broker, host, and what the loudspeaker's buffer still holds. That
is 35 ms in half of the cases, and 50 to 70 in one of twenty (tests/bench/falls_silent.py, two busy cores)."""
FOLLOW_UP_MS: Final = 8_000

Answers = Callable[[str], Pcm | None]
"""What is played in answer to these words: [n], 16 kHz, as it arrives at the glasses; None where nothing is."""


class Leak(Struct, frozen=True):
    """How a loudspeaker gets to the glasses: the room, the way, and its level there against the wearer's own voice."""

    room: Room = Room()
    place: Place = Place(1.0, 30.0, 0.8)
    level_db: float = -10.0

    def arrived(self, dry: Pcm, rate_hz: int, acoustics: Acoustics) -> Pcm:
        """Sound as it is synthesised, [n], as the glasses hear it: [m], 16 kHz."""
        sound = convolved(resampled(dry, rate_hz), acoustics.response(self.room, self.place))[0]
        nearby = float(np.abs(acoustics.response(self.room, MOUTH)).max())
        level = 10 ** ((WEARER_DB - FULL_SCALE_DB + self.level_db) / 20) * nearby
        scaled: Pcm = sound * np.float32(level / max(active_rms(sound), 1e-9))
        return scaled


class _Playing(Struct):
    """A reply: its sound at the glasses, from when to when (ms) it is heard there, and whether its end was told."""

    sound: Pcm
    starts_ms: float
    ends_ms: float
    told: bool = False


class Looped(Replay):
    """Replay with a host that speaks aloud.

    heard: from when to when (ms) each reply sounded at the glasses. foretold: what the host tells of every reply, as if
    it began at 0 ms; nothing by default. later_ms: by how much later than it is written, and told, it is heard.
    """

    def __init__(self, config: Config, answers: Answers) -> None:
        super().__init__(config)
        self.answers = answers
        self.heard: list[tuple[float, float]] = []
        self.foretold: Sequence[ExpectEcho] = ()
        self.later_ms = 70.0
        self._playing: _Playing | None = None
        self._listens: Ear | None = None

    def talk(self, scene: Path) -> list[Left]:
        """What leaves while this file and the replies to it are heard."""
        self.heard.clear()
        self._playing = None
        return list(self.run(scene, self._host))

    def _host(self, event: AnyEvent, at_ms: float) -> list[tuple[float, AnyCommand]]:
        if isinstance(event, Interrupted) and self._playing is not None:
            self._playing.ends_ms = min(self._playing.ends_ms, at_ms + STOPS_MS)
        if not isinstance(event, Said) or event.continues:
            return []
        sound = self.answers(event.text)
        if sound is None:
            return []
        self._silence(at_ms)
        written = at_ms + ANSWERS_MS + SYNTHESISED_MS
        starts = written + self.later_ms
        lasts = len(sound) / RATE_HZ * 1000
        self._playing = _Playing(sound, starts, starts + lasts)
        told = [replace(one, starts_ms=one.starts_ms + round(written), sent_ms=round(written)) for one in self.foretold]
        announced: list[tuple[float, AnyCommand]] = [
            (at_ms + ANSWERS_MS, Speaking(speaking=True, lasts_ms=round(2 * lasts + 2_000)))
        ]
        return announced + [(written + TOLD_MS, one) for one in told]

    def _ear(self, emit: Callable[[AnyEvent], None], wearer: Path | None) -> Ear:
        self._listens = super()._ear(emit, wearer)
        return self._listens

    def _blocks(self, microphone: SimulatedMicrophone) -> Iterator[Sample]:
        for block in super()._blocks(microphone):
            self._mix_in(block)
            yield block
            playing, ear = self._playing, self._listens
            if playing is None or ear is None:
                continue
            if not playing.told and block.at_ms >= playing.ends_ms - self.later_ms:
                # All is written, or the host fell silent; its buffer and the air still hold the rest.
                playing.told = True
                ear.obey(Speaking(speaking=False), block.at_ms)
                ear.obey(AwaitReply(window_ms=FOLLOW_UP_MS), block.at_ms)
            if block.at_ms >= playing.ends_ms:
                self._silence(block.at_ms)

    def _mix_in(self, block: Sample) -> None:
        playing = self._playing
        if playing is None:
            return
        first = round((block.at_ms - playing.starts_ms) * RATE_HZ / 1000) - BLOCK
        last = round((playing.ends_ms - playing.starts_ms) * RATE_HZ / 1000)
        where = np.arange(first, first + BLOCK)
        sounds = (where >= 0) & (where < min(last, len(playing.sound)))
        block.data[sounds] += playing.sound[where[sounds]]

    def _silence(self, now_ms: float) -> None:
        if self._playing is not None:
            self.heard.append((self._playing.starts_ms, min(now_ms, self._playing.ends_ms)))
        self._playing = None
