"""Models that are late: what they let go is answered for, and no turn waits for it."""

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

import numpy as np
import pytest
from hearing import MS, Room
from numpy.typing import NDArray

from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.config import Config, HearingConfig
from sottovoce_device.decide.addressee import Addressee
from sottovoce_device.decide.ask import Ask
from sottovoce_device.decide.wearer import Wearer
from sottovoce_device.enrolment import Enroller
from sottovoce_device.observation import Transcript, TurnEnd
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.ear import Ear
from sottovoce_device.sense.worker import WAITING, Found, Worker, Workers
from sottovoce_device.words import read_words

Pcm = NDArray[np.float32]
Recorded = Callable[[str, float, float], Pcm]
READER = "two_cities.wav"


def final(number: int) -> Ask:
    return Ask("final", number, 0, 0, 0, 0, 0)


class Slow:
    """A model that hears nothing until it is let; and what its worker answers."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.answers: SimpleQueue[tuple[int, Found | None]] = SimpleQueue()
        self.worker = Worker("slow", self._infer, lambda ask, found: self.answers.put((ask.turn, found)), pytest.fail)

    def _infer(self, _speech: Sample, _given_up: Callable[[], bool]) -> Found:
        self.begun.set()
        self.go_on.wait(30)
        return TurnEnd(0.5)


@pytest.fixture
def slow() -> Iterator[Slow]:
    model = Slow()
    yield model
    model.go_on.set()
    model.worker.close()


def sounds(count: int) -> list[Pcm]:
    return [np.full(BLOCK, 0.5, np.float32) for _ in range(count)]


def test_what_is_let_go_because_the_model_is_late_is_answered_with_nothing(slow: Slow) -> None:
    slow.worker.submit(final(0), Sample(sounds(1)[0], 0.0))
    assert slow.begun.wait(30)
    waiting = sounds(WAITING + 1)
    for number, sound in enumerate(waiting, start=1):
        slow.worker.submit(final(number), Sample(sound, 0.0))
    assert slow.answers.get(timeout=30) == (1, None)
    assert slow.worker.dropped == 1
    assert not waiting[0].any()
    slow.go_on.set()
    assert [slow.answers.get(timeout=30)[0] for _ in range(WAITING + 1)] == [0, *range(2, WAITING + 2)]


def test_a_model_that_stays_at_one_stretch_is_told_to_hang_and_one_that_goes_on_is_not(slow: Slow) -> None:
    workers = Workers({"words": slow.worker})
    assert not workers.stalled(0, 1_000)
    workers.submit(final(0), Sample(sounds(1)[0], 0.0))
    assert slow.begun.wait(30)
    assert not workers.stalled(10_000, 1_000), "it has only been seen to begin"
    assert not workers.stalled(11_000, 1_000)
    assert workers.stalled(11_001, 1_000)
    slow.begun.clear()
    slow.go_on.set()
    assert slow.answers.get(timeout=30)[0] == 0
    slow.go_on.clear()
    workers.submit(final(1), Sample(sounds(1)[0], 0.0))
    assert slow.begun.wait(30)
    assert not workers.stalled(12_000, 1_000), "it is at another one"
    assert workers.stalled(13_001, 1_000)


def test_muting_overwrites_what_waits_for_the_model(slow: Slow) -> None:
    slow.worker.submit(final(0), Sample(sounds(1)[0], 0.0))
    assert slow.begun.wait(30)
    waiting = sounds(3)
    for number, sound in enumerate(waiting, start=1):
        slow.worker.submit(final(number), Sample(sound, 0.0))
    slow.worker.forget()
    assert not any(sound.any() for sound in waiting)
    slow.worker.submit(final(9), Sample(sounds(1)[0], 0.0))
    slow.go_on.set()
    assert [slow.answers.get(timeout=30)[0] for _ in range(2)] == [0, 9]


def newest(room: Room, kind: str, piece: int) -> Ask:
    return [a for a in room.asked if a.kind == kind and a.piece == piece][-1]


def test_a_turn_ends_with_what_is_known_when_the_words_of_a_piece_are_lost() -> None:
    room = Room(answer=False)
    room.say(15.0)
    room.learn(newest(room, "words", 0), Transcript("it was the best of", 0.9))
    room.say(2.0)
    room.learn(newest(room, "final", 0), None)
    room.play(0.25)
    room.learn(newest(room, "final", 1), Transcript("times.", 0.9))
    assert room.over == [], "it has not been told to be over yet"
    room.learn(newest(room, "end", 1), TurnEnd(0.9))
    assert [h.text for h in room.over] == ["it was the best of times."]


def test_a_turn_whose_only_words_are_lost_ends_in_silence() -> None:
    room = Room(answer=False)
    room.say(1.0)
    room.play(0.25)
    room.learn(newest(room, "end", 0), None)
    room.learn(newest(room, "final", 0), None)
    assert room.rule.turn is not None
    room.play(3.0)
    assert room.rule.turn is None
    assert room.over == []


def test_words_that_wait_for_a_late_voice_are_heard_whole(weights: Weights, recording: Recorded) -> None:
    """Three pieces of a turn have passed when it is known who speaks; their sound is still there."""
    enroller = Enroller(weights)
    wearer = Wearer(enroller.learn(recording(READER, 0, 10), "reader").embedding)
    late: list[Ask] = []
    given: list[tuple[Ask, Pcm]] = []

    def submit(ask: Ask, speech: Sample) -> None:
        if ask.kind == "voice":
            late.append(ask)
        elif ask.kind == "final":
            given.append((ask, speech.data.copy()))
            ear.learn(ask, Transcript("it was the best of times", 0.9))

    ear = Ear(Config(hearing=HearingConfig(turn_over=1.0)), SileroVad(weights), submit, lambda _: None,
              Addressee(read_words()), wearer)  # fmt: skip
    sound = np.concatenate([np.zeros(16_000, np.float32), recording(READER, 12, 26)])
    for start in range(0, len(sound) - BLOCK, BLOCK):
        ear.hear(Sample(sound[start : start + BLOCK].copy(), (start + BLOCK) / MS))
    assert not given, "nobody knows whose voice it is"
    (voice,) = late
    ear.learn(voice, enroller.ge2e.infer(Sample(sound[voice.start : voice.end], 0.0)))
    assert len({ask.piece for ask, _ in given}) >= 2, "all pieces"
    for ask, heard in given:
        whole = sound[ask.start : ask.end]
        assert len(heard) == len(whole)
        assert np.mean(heard == whole) > 0.9, "but for what seemed somebody else's"
