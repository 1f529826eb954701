"""What the glasses are told of a reply's sound before they hear it."""

import asyncio
from contextlib import closing
from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from sottovoce_host.voice.envelope import foretold, levels
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_host.voice.player import Player
from sottovoce_host.voice.sink import RATE_HZ
from sottovoce_host.voice.speaker import Speaker
from sottovoce_wire import ExpectEcho, encode
from sottovoce_wire.echo import FRAME_MS, FRAMES, QUIETEST_DB

REPLY = "I tell the time and the date, set timers and alarms, and keep notes and lists. Just say it."


class Kept(Speaker):
    """A speaker that remembers what was written to it."""

    def __init__(self, *, silent_device: bool) -> None:
        super().__init__(silent_device=silent_device)
        self.written: list[NDArray[np.float32]] = []

    def write(self, sound: NDArray[np.float32]) -> None:
        self.written.append(sound)
        super().write(sound)


@pytest.mark.parametrize(("hz", "band"), [(250, 0), (1000, 1), (2500, 2), (5000, 3)])
def test_a_tone_is_foretold_in_its_band_at_its_level(hz: int, band: int) -> None:
    tone = np.sqrt(2) * 0.1 * np.sin(2 * np.pi * hz * np.arange(RATE_HZ) / RATE_HZ)
    found = levels(tone.astype(np.float32))[3:-3].mean(axis=0) + QUIETEST_DB
    assert found[band] == pytest.approx(-20, abs=1)
    assert np.delete(found, band).max() < -45


def test_every_sound_is_foretold_from_its_first_frame_to_its_last_in_messages_that_the_wire_takes() -> None:
    for seconds in (0.0, 0.001, 2.0, 7.3):
        loud = np.full(round(seconds * RATE_HZ), 4.0, np.float32)  # beyond full scale: clipped, not refused
        told = list(foretold(loud, 1000.0))
        assert sum(len(one.low) for one in told) == -(-len(loud) * 1000 // (RATE_HZ * FRAME_MS))
        assert [one.starts_ms for one in told] == [1000 + n * FRAMES * FRAME_MS for n in range(len(told))]
        assert all(len(encode(one)) > 0 for one in told)


def test_a_player_foretells_the_whole_reply_and_when_each_sentence_of_it_begins(synthesiser: Synthesiser) -> None:
    told: list[ExpectEcho] = []
    said: list[bool] = []

    async def announce(speaking: bool, _: int) -> None:
        said.append(speaking)

    async def foretell(one: ExpectEcho) -> None:
        assert said == [True], "between the announcement of the reply's beginning and that of its end"
        told.append(one)

    with closing(Kept(silent_device=True)) as speaker:
        spoken = asyncio.run(Player(synthesiser, speaker, announce, foretell).say(REPLY))
    assert spoken.whole
    assert spoken.first_sound_ms is not None
    assert told[0].starts_ms == round(spoken.first_sound_ms)
    expected = [one for sound in speaker.written for one in foretold(sound, 0.0)]
    assert [replace(one, starts_ms=0) for one in told] == [replace(one, starts_ms=0) for one in expected]
    assert len(speaker.written) > 1
    for one, after in pairwise(told):
        assert after.starts_ms >= one.starts_ms + (len(one.low) - 1) * FRAME_MS - 1, "sentences do not overlap"
