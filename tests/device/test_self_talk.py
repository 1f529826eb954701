"""The glasses hear their own reply from a loudspeaker, 10 dB softer than the wearer, and the wearer in it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sottovoce_device.config import Config
from sottovoce_device.replay import Left, Replay
from sottovoce_host.demo.scene import SPEECH_RMS, across_a_room, write_pcm
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_host.voice.pauses import spoken
from sottovoce_wire import AnyEvent, AwaitReply, Interrupted, Said, Speaking
from sottovoce_wire.commands import AnyCommand

Pcm = NDArray[np.float32]
RATE = 16_000
QUESTION = "What is seventeen times three?"
REPLY = "What time is it? Set a timer for five minutes. How many ounces are in a pound?"
"""Worse than any reply: every sentence of it would open the gate if the wearer said it."""
REPLY_AFTER_S = 0.6
REPLY_DB = -10.0
"""Against the wearer's."""


@pytest.fixture(scope="module")
def glasses() -> Replay:
    return Replay(Config())


def dry(speech: Pcm) -> Pcm:
    """From a loudspeaker with no room around it."""
    return (speech / np.sqrt(np.mean(speech**2))).astype(np.float32)


@pytest.fixture(scope="module", params=[across_a_room, dry])
def reply(synthesiser: Synthesiser, request: pytest.FixtureRequest) -> Pcm:
    sound = np.concatenate(list(spoken(synthesiser.stream(REPLY))))
    at = np.arange(0, len(sound) - 1, 24_000 / RATE)
    arrived = request.param(np.interp(at, np.arange(len(sound)), sound).astype(np.float32))
    softer: Pcm = arrived / np.sqrt(np.mean(arrived**2)) * np.float32(SPEECH_RMS * 10 ** (REPLY_DB / 20))
    return softer


def replying(reply_ms: float) -> Callable[[AnyEvent, float], list[tuple[float, AnyCommand]]]:
    """A host that answers the first question, for so long, and stops when it is interrupted."""
    answered: list[float] = []

    def host(event: AnyEvent, at_ms: float) -> list[tuple[float, AnyCommand]]:
        if isinstance(event, Interrupted):
            return [(at_ms + 20, Speaking(speaking=False))]
        if not isinstance(event, Said) or answered:
            return []
        answered.append(at_ms)
        over = at_ms + 50 + reply_ms
        return [
            (at_ms + 50, Speaking(speaking=True, lasts_ms=round(reply_ms))),
            (over, Speaking(speaking=False)),
            (over, AwaitReply(window_ms=8_000)),
        ]

    return host


def heard(glasses: Replay, tmp_path: Path, reply: Pcm, *parts: tuple[float, Pcm]) -> list[Left]:
    """What leaves when the sounds are heard at these seconds."""
    length = max(round(at * RATE) + len(sound) for at, sound in parts) + RATE
    mixed = np.zeros(length, np.float32)
    for at, sound in parts:
        start = round(at * RATE)
        mixed[start : start + len(sound)] += sound
    write_pcm(tmp_path / "scene.wav", mixed)
    return list(glasses.run(tmp_path / "scene.wav", replying(len(reply) / RATE * 1000)))


def test_the_glasses_never_answer_their_own_reply(
    glasses: Replay, tmp_path: Path, ask: Callable[[str], Pcm], reply: Pcm
) -> None:
    question = ask(QUESTION)
    left = heard(glasses, tmp_path, reply, (1.0, question), (1.0 + len(question) / RATE + REPLY_AFTER_S, reply))
    assert len([e for e in left if isinstance(e.event, Said)]) == 1
    assert not [e for e in left if isinstance(e.event, Interrupted)]


def test_the_wearer_interrupts_a_sounding_reply_within_a_fifth_of_a_second_of_their_voice(
    glasses: Replay, tmp_path: Path, ask: Callable[[str], Pcm], reply: Pcm
) -> None:
    question, stop = ask(QUESTION), ask("Never mind, that is enough.")
    begins = 1.0 + len(question) / RATE + REPLY_AFTER_S
    loud = np.flatnonzero(np.abs(stop) > 0.1 * np.abs(stop).max())[0] / RATE
    spoken = begins + 2.0
    left = heard(glasses, tmp_path, reply, (1.0, question), (begins, reply), (spoken, stop))
    (interrupted,) = [e.at_s for e in left if isinstance(e.event, Interrupted)]
    assert 0 <= interrupted - (spoken + loud) <= 0.2
