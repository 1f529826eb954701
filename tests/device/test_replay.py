import gc
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.config import AttentionConfig, Config, HearingConfig
from sottovoce_device.decide.addressee import Addressee
from sottovoce_device.decide.ask import Ask
from sottovoce_device.gate.budget import BURST_BITS, BitBudget
from sottovoce_device.gate.judge import text_of
from sottovoce_device.perceive.moonshine import Moonshine
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.replay import Left, Replay
from sottovoce_device.sense.ear import Ear
from sottovoce_device.sense.tally import Tally
from sottovoce_device.words import read_words
from sottovoce_wire import Attended, Hearing, Said, decode_event
from sottovoce_wire.capacity import event_bits

Scene = Callable[..., Path]
RECORDINGS = Path(__file__).parents[2] / "models/weights"


@pytest.fixture(scope="module")
def replay() -> Replay:
    return Replay(Config())


@pytest.fixture(scope="module")
def hold() -> Replay:
    return Replay(Config(attention=AttentionConfig(mode="everything")))


def said(left: list[Left]) -> list[str]:
    return [e.event.text for e in left if isinstance(e.event, Said)]


def test_a_question_is_heard_whole_and_leaves_as_text_and_reading_aloud_does_not(replay: Replay, scene: Scene) -> None:
    path = scene(1.0, "What time is it in Tokyo?", 2.0, ("two_cities.wav", 1.0, 5.5), 1.0)
    left = list(replay.run(path))
    assert said(left) == ["What time is it in Tokyo?"]
    verdicts = [e.event.opened for e in left if isinstance(e.event, Attended)]
    assert verdicts[0] is True
    assert verdicts[1:]
    assert not any(verdicts[1:])
    words = left[-1].event
    assert any(isinstance(e.event, Hearing) for e in left), "nothing was told while the wearer was speaking"
    assert isinstance(words, Attended)


def test_speech_that_begins_with_the_scene_loses_no_word(hold: Replay, scene: Scene) -> None:
    assert said(list(hold.run(scene(("two_cities.wav", 1.15, 4.8), 1.0))))[0].startswith("It was the best of times")


def test_the_times_of_a_turn_are_those_of_its_sound(replay: Replay, scene: Scene) -> None:
    path = scene(2.0, "What time is it in Tokyo?", 2.0)
    sound, rate = soundfile.read(path)
    loud = np.nonzero(np.abs(sound) > 0.02)[0] / rate * 1000
    event = next(e.event for e in replay.run(path) if isinstance(e.event, Said))
    assert abs(event.started_ms - loud[0]) < 200
    assert abs(event.ended_ms - loud[-1]) < 200
    assert 150 <= event.at_ms - event.ended_ms <= 1000


def test_a_wearer_who_talks_on_without_a_pause_is_far_from_the_budget(hold: Replay, scene: Scene) -> None:
    left, before, budget = [], "", BitBudget()
    for event, at_s in ((e.event, e.at_s) for e in hold.run(scene(("two_cities.wav", 1.0, 21.0), 1.0))):
        left.append(event)
        assert budget.spend(event_bits(event, before), at_s * 1000, keep_bits=BURST_BITS * 0.75)
        before = text_of(event) or before
    assert len(left) > 30


def test_the_same_file_gives_the_same_events_on_every_run_and_in_a_new_process(replay: Replay, scene: Scene) -> None:
    path = scene(0.5, "Set a timer for ten minutes.", 1.5, "How many ounces are in two pounds?", 1.0)
    first = [(e.event, e.at_s) for e in replay.run(path)]
    assert [(e.event, e.at_s) for e in replay.run(path)] == first
    command = [sys.executable, "-m", "sottovoce_device", "replay", str(path), "--json"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    parsed = [json.loads(line) for line in lines]
    assert [(p["type"], p["at"]) for p in parsed] == [(type(e).__name__, at) for e, at in first]
    for line, (event, _) in zip(parsed, first, strict=True):
        assert line.pop("cpu_ms") >= 0
        line.pop("at")
        assert decode_event(json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode()) == event


def test_the_file_s_rate_and_format_do_not_change_what_is_heard(replay: Replay, scene: Scene, tmp_path: Path) -> None:
    path = scene(0.5, "How many ounces are in two pounds?", 1.0)
    sound, _ = soundfile.read(path)
    louder = tmp_path / "scene.flac"
    doubled = np.fft.irfft(np.fft.rfft(sound), 3 * len(sound)) * 3
    soundfile.write(louder, np.stack([doubled, doubled], axis=1), 48_000)
    assert said(list(replay.run(louder))) == said(list(replay.run(path)))


def test_minutes_of_speech_neither_crash_nor_grow_and_every_clause_comes_out(hold: Replay, scene: Scene) -> None:
    once = said(list(hold.run(scene(("two_cities.wav", 0.5, 33.0)))))
    tally = Tally()
    before = tally.resident_mb()
    left = list(hold.run(scene(*[("two_cities.wav", 0.5, 33.0)] * 4)))
    gc.collect()
    words = " ".join(said(left)).lower().split()
    assert len(words) >= 0.93 * 4 * len(" ".join(once).split())
    assert tally.resident_mb() - before < 60, "two minutes of speech left memory behind"


def test_speech_without_any_pause_is_parted_and_recognised_all_the_same(scene: Scene, tmp_path: Path) -> None:
    sound, rate = soundfile.read(scene(("two_cities.wav", 1.1, 31.0)))
    window = np.convolve(np.abs(sound), np.ones(800) / 800, "same")
    dense = sound[window > 0.004]
    path = tmp_path / "dense.wav"
    soundfile.write(path, dense, rate)
    never = Config(attention=AttentionConfig(mode="everything"), hearing=HearingConfig(turn_over=1.0))
    left = [e.event for e in Replay(never).run(path) if isinstance(e.event, Said)]
    assert len(left) >= 2
    assert left[0].continues
    assert not left[-1].continues
    assert " ".join(e.text for e in left).lower().count("it was the") >= 5


def test_sound_is_overwritten_when_its_turn_is_over(weights: Weights, scene: Scene) -> None:
    path = scene(0.5, "What time is it in Tokyo?", 3.0)
    sound, _ = soundfile.read(path, dtype="float32")
    asked: list[np.ndarray] = []  # type: ignore[type-arg]
    moonshine = Moonshine(weights)
    blocks = []

    def submit(ask: Ask, speech: Sample) -> None:
        asked.append(speech.data)
        if ask.kind != "end" and (found := moonshine.infer(speech)) is not None:
            ear.learn(ask, found)
        speech.wipe()

    ear = Ear(Config(), SileroVad(weights), submit, lambda _: None, Addressee(read_words()))
    for start in range(0, len(sound) - BLOCK, BLOCK):
        values = sound[start : start + BLOCK].copy()
        blocks.append(values)
        ear.hear(Sample(values, start / 16))
    assert len(asked) > 3
    assert not any(values.any() for values in blocks)
    assert not any(values.any() for values in asked)
    kept = np.count_nonzero(ear._lookback._ring)
    assert kept <= 0.8 * 16_000, "more than the lead-in of the next turn is still there"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _: None, "no such sound file"),
        (lambda p: p.write_bytes(b""), "not a readable sound file"),
        (
            lambda p: p.write_bytes((Path(__file__).parents[2] / "models/weights/america.wav").read_bytes()[:50_000]),
            "cut short of what its header promises; copy or record it again, into a file and not through a pipe",
        ),
    ],
    ids=["missing", "empty", "truncated"],
)
def test_the_command_says_in_one_line_why_a_scene_cannot_be_heard(
    tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    path = tmp_path / "scene.wav"
    spoil(path)
    command = [sys.executable, "-m", "sottovoce_device", "replay", str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
