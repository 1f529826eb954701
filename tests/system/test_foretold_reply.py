"""A real host foretells its replies, and sealed glasses that were told take what sounds so for the reply."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from stage import NAME, Stage, wait_until
from tests.scenes.voices import resampled

from sottovoce_device.capture.sample import RATE_HZ
from sottovoce_host.demo.scene import write_pcm
from sottovoce_host.voice.envelope import foretold
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_host.voice.pauses import spoken
from sottovoce_host.voice.sink import RATE_HZ as VOICE_HZ
from sottovoce_wire import ExpectEcho, Interrupted, Said, Speaking, encode
from sottovoce_wire.commands import AnyCommand
from sottovoce_wire.topics import command_topic

Pcm = NDArray[np.float32]
QUESTION = "What is seventeen times three?"
REPLY = "What time is it? Set a timer for five minutes. How many ounces are in a pound?"
AFTER_S = 2.5
"""From the question's end to the reply that sounds in the scene."""


def now_ms() -> int:
    return round(time.monotonic() * 1000)


@pytest.fixture(scope="module")
def reply(synthesiser: Synthesiser) -> Pcm:
    """At 24 kHz."""
    return np.concatenate(list(spoken(synthesiser.stream(REPLY))))


@pytest.fixture(scope="module")
def loud(ask: Callable[[str], Pcm], reply: Pcm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wearer's question, and the reply out of a loudspeaker that is as loud as the wearer."""
    question = ask(QUESTION)
    question = question[: np.flatnonzero(np.abs(question) > 0.05 * np.abs(question).max())[-1]]
    heard = resampled(reply, VOICE_HZ)
    heard *= np.sqrt(np.mean(question**2) / np.mean(heard**2))
    quiet = [np.zeros(round(seconds * RATE_HZ), np.float32) for seconds in (1.0, AFTER_S, 1.0)]
    path = tmp_path_factory.mktemp("loud") / "scene.wav"
    write_pcm(path, np.concatenate([quiet[0], question, quiet[1], heard, quiet[2]]))
    return path


def test_a_host_foretells_its_reply_once_it_is_announced(stage: Stage, scene: Callable[..., Path]) -> None:
    stage.host()
    watch = stage.watch()
    stage.device(scene(1.0, QUESTION, 3.0))
    wait_until(lambda: len(watch.all(Speaking)) == 2, "the reply has sounded")
    order = watch.all(Speaking | ExpectEcho)
    assert isinstance(order[0], Speaking)
    assert isinstance(order[-1], Speaking)
    told = order[1:-1]
    assert told
    assert all(isinstance(one, ExpectEcho) for one in told)
    assert max(max(one.low) for one in told) > 60, "the levels of a voice"
    assert order[0].sent_ms <= told[0].starts_ms <= told[0].sent_ms


@pytest.mark.parametrize("told", [True, False])
def test_sealed_glasses_that_were_told_do_not_take_a_loud_reply_for_the_wearer(
    stage: Stage, loud: Path, reply: Pcm, *, told: bool
) -> None:
    stage.broker()
    watch = stage.watch()
    stage.device(loud)

    def tell(command: AnyCommand) -> None:
        signed = replace(command, session=9, seq=len(sent) + 1, sent_ms=now_ms())
        sent.append(signed)
        watch.publish(command_topic(NAME, signed), encode(signed))

    sent: list[AnyCommand] = []
    said = wait_until(lambda: watch.all(Said), "the question is heard")[0]
    starts_ms = said.ended_ms + AFTER_S * 1000 - 200  # as if buffers took so long; glasses and test share a clock
    tell(Speaking(speaking=True, lasts_ms=20_000))
    for one in foretold(reply, starts_ms) if told else ():
        tell(one)
    over_ms = starts_ms + len(reply) / VOICE_HZ * 1000
    wait_until(lambda: now_ms() > over_ms or watch.all(Interrupted), "it has sounded, or was taken for the wearer")
    assert bool(watch.all(Interrupted)) != told
