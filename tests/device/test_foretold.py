"""What the reply sounds like at the microphone, by what the host foretold, and what does not belong to it."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from sottovoce_device.decide.foretold import MOST_FRAMES, Foretold
from sottovoce_device.observation import Bands
from sottovoce_wire import ExpectEcho
from sottovoce_wire.echo import BANDS, FRAME_MS, FRAMES

Array = NDArray[np.float64]
WEARER_DB = -24.0
SECONDS = 6.0
STEPS = np.random.default_rng(3)
REPLY_DB = np.repeat(STEPS.uniform(-55, -18, (int(SECONDS * 1000 / FRAME_MS / 8), BANDS)), 8, axis=0)
"""Syllables of 128 ms, each band as loud as it likes: [frames, bands], in dB of full scale."""
REPLY_DB[200:230] = -96.0  # a pause of half a second
PAUSE_MS = 200 * FRAME_MS


def told(starts_ms: float, levels_db: Array = REPLY_DB) -> list[ExpectEcho]:
    """What a host says of it when it begins to sound."""
    levels = np.rint(np.clip(levels_db + 96, 0, 96)).astype(int)
    names = ("low", "middle", "high", "top")
    parts = [levels[at : at + FRAMES] for at in range(0, len(levels), FRAMES)]
    bands = [{name: tuple(int(v) for v in band) for name, band in zip(names, p.T, strict=True)} for p in parts]
    now = round(starts_ms)
    every = FRAMES * FRAME_MS
    return [ExpectEcho(session=1, sent_ms=now, starts_ms=now + n * every, **one) for n, one in enumerate(bands)]


def echo(delay_ms: float, coupling_db: float, rt60_s: float) -> Array:
    """Power at the microphone, block by block from the reply's beginning: [blocks, bands]."""
    dry = 10 ** ((REPLY_DB + coupling_db) / 10)
    decay = 10 ** (-6 * FRAME_MS / 1000 / rt60_s)
    tail = np.stack([np.convolve(band, (1 - decay) * decay ** np.arange(80))[: len(dry)] for band in dry.T], axis=1)
    arrived = np.concatenate([np.zeros((round(delay_ms / FRAME_MS), BANDS)), dry + tail]) + 1e-8
    return arrived[: len(arrived) // 2 * 2].reshape(-1, 2, BANDS).mean(axis=1)


def said(glasses: Foretold, heard: Array, from_ms: float) -> list[bool | None]:
    """What the rule says of each block."""
    return [glasses.step(Bands(power), from_ms + 32 * (n + 1), WEARER_DB) for n, power in enumerate(heard)]


def expecting(starts_ms: float) -> Foretold:
    glasses = Foretold()
    for one in told(starts_ms):
        glasses.expect(one, starts_ms + 5)
    return glasses


ROOMS = [(0, -20.0, 0.1), (130, -12.0, 0.3), (260, -6.0, 0.6), (390, 0.0, 0.8)]


@pytest.mark.parametrize(("delay_ms", "coupling_db", "rt60_s"), ROOMS)
def test_the_reply_alone_is_nobody_s_voice_however_late_and_loud_it_arrives(
    delay_ms: float, coupling_db: float, rt60_s: float
) -> None:
    found = said(expecting(1000.0), echo(delay_ms, coupling_db, rt60_s), 1000.0)
    assert True not in found
    assert found.count(False) > len(found) * 0.7, "and that is known for most of it"


@pytest.mark.parametrize(("delay_ms", "coupling_db", "rt60_s"), ROOMS)
def test_a_voice_into_a_pause_of_the_reply_is_told_by_its_second_block(
    delay_ms: float, coupling_db: float, rt60_s: float
) -> None:
    heard = echo(delay_ms, coupling_db, rt60_s)
    begins = round((PAUSE_MS + delay_ms + 200) / 32)
    heard[begins : begins + 6] += 10 ** (WEARER_DB / 10) / BANDS
    found = said(expecting(1000.0), heard, 1000.0)
    assert True not in found[:begins]
    assert found[begins + 1] is True


def test_what_is_far_softer_than_the_wearer_is_not_taken_for_them() -> None:
    heard = echo(130, -12.0, 0.3)
    heard[120:150] += 10 ** ((WEARER_DB - 14) / 10) / BANDS
    assert True not in said(expecting(1000.0), heard, 1000.0)


def test_a_host_whose_clock_goes_slower_is_understood_after_hours() -> None:
    """30 parts in a million, in six hours: 648 ms, and what the loudspeaker takes comes on top."""
    glasses = expecting(1000.0)
    later = 6 * 3_600_000.0
    slow = later * (1 - 30e-6)
    for one in told(slow):
        glasses.expect(one, later + 5)
    assert said(glasses, echo(130, -12.0, 0.3), later)[60] is False


def test_how_the_reply_arrives_is_remembered_for_the_next_reply() -> None:
    glasses = expecting(1000.0)
    heard = echo(130, -12.0, 0.3)
    said(glasses, heard, 1000.0)
    glasses.forget()
    for one in told(20_000.0):
        glasses.expect(one, 20_005.0)
    assert said(glasses, heard, 20_000.0)[10] is False


def test_without_a_host_that_foretells_nothing_is_said_nor_once_the_reply_has_ended() -> None:
    heard = echo(130, -12.0, 0.3)
    assert set(said(Foretold(), heard, 0.0)) == {None}
    glasses = expecting(0.0)
    said(glasses, heard[:60], 0.0)
    glasses.forget()
    assert set(said(glasses, heard[60:], 60 * 32.0)) == {None}


def test_a_host_that_foretells_nonsense_changes_nothing_and_fills_no_memory() -> None:
    heard = echo(130, -12.0, 0.3)
    glasses = expecting(1000.0)
    first = told(1000.0)[0]
    for starts_ms in (0, 2**48 - 1, 700_000):
        glasses.expect(replace(first, starts_ms=starts_ms, sent_ms=60_000_000), 60_000_000.0 + 5)
    uneven = replace(first, starts_ms=1000 + len(REPLY_DB) * FRAME_MS, low=first.low[:3], top=())
    glasses.expect(uneven, 1005.0)
    assert True not in said(glasses, heard, 1000.0)
    for n in range(2 * MOST_FRAMES // FRAMES):
        glasses.expect(replace(first, starts_ms=1000 + n * FRAMES * FRAME_MS), 1005.0)
    assert glasses.foretold_frames <= MOST_FRAMES
