import copy
import pickle
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sottovoce_device.capture.lookback import Lookback
from sottovoce_device.capture.mailbox import Mailbox
from sottovoce_device.capture.microphone import open_microphone
from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.capture.simulated import SimulatedMicrophone, check_sound_file
from sottovoce_device.config import MicrophoneConfig
from sottovoce_device.errors import ConfigError, SampleError, SensorError


def sample(value: float = 0.5, length: int = BLOCK) -> Sample:
    return Sample(np.full(length, value, np.float32), 0.0)


def test_a_sample_cannot_be_pickled_copied_or_printed() -> None:
    secret = sample(0.123)
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(SampleError):
            leak(secret)
    assert "0.123" not in repr(secret) + str(secret)
    assert not hasattr(secret, "__dict__")


def test_a_sample_whose_turn_is_over_is_overwritten_and_refuses_to_be_read() -> None:
    values = np.full(BLOCK, 0.5, np.float32)
    block = Sample(values, 0.0)
    block.wipe()
    block.wipe()
    assert not values.any()
    with pytest.raises(SampleError):
        block.data  # noqa: B018 -- reading is what is refused


def test_a_full_mailbox_overwrites_the_oldest_counts_it_and_takes_the_newest() -> None:
    box: Mailbox[Sample] = Mailbox(2)
    first, second, third = sample(1), sample(2), sample(3)
    values = first.data
    for block in (first, second, third):
        box.put(block)
    assert box.dropped == 1
    assert not values.any()
    assert [box.take(), box.take(), box.take(timeout_s=0)] == [second, third, None]


def test_closing_a_mailbox_overwrites_what_waits_and_lets_the_reader_go() -> None:
    box: Mailbox[Sample] = Mailbox(2)
    waiting = sample()
    values = waiting.data
    got: list[Sample | None] = []
    box.put(waiting)
    box.close()
    assert not values.any()
    reader = threading.Thread(target=lambda: got.append(box.take()))
    reader.start()
    reader.join(10)
    assert got == [None]
    late = sample()
    values = late.data
    box.put(late)
    assert not values.any()


def test_lookback_gives_what_was_heard_and_overwrites_what_is_no_longer_wanted() -> None:
    ring = Lookback(seconds=0.1)
    for n in range(5):
        ring.write(sample(n + 1))
    assert ring.position == 5 * BLOCK
    cut = ring.cut(3 * BLOCK - 1, 4 * BLOCK + 1, 0.0).data
    assert list(cut[[0, 1, -2, -1]]) == [3, 4, 4, 5]
    assert len(ring.cut(0, 99 * BLOCK, 0.0).data) == 1600
    ring.forget_before(4 * BLOCK)
    assert set(ring._ring) == {0.0, 5.0}
    assert len(ring.cut(0, 99 * BLOCK, 0.0).data) == BLOCK
    ring.wipe()
    assert not ring._ring.any()


@pytest.mark.parametrize(
    ("rate", "channels", "kind"), [(8000, 1, "wav"), (44100, 2, "flac"), (48000, 1, "wav"), (96000, 4, "wav")]
)
def test_a_sound_file_of_any_rate_is_heard_at_sixteen_kilohertz_in_whole_blocks(
    tmp_path: Path, rate: int, channels: int, kind: str
) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype(np.float32) * 0.5
    path = tmp_path / f"tone.{kind}"
    soundfile.write(path, np.stack([tone] * channels, axis=1), rate)
    blocks = list(SimulatedMicrophone(path, real_time=False, at_end="stop").blocks())
    assert all(len(b.data) == BLOCK for b in blocks)
    assert [b.at_ms for b in blocks[:3]] == [32.0, 64.0, 96.0]
    heard = np.concatenate([b.data for b in blocks])[:16000]
    spectrum = np.abs(np.fft.rfft(heard[4000:12000]))
    assert spectrum.argmax() * 2 == 440
    assert abs(float(np.sqrt(np.mean(heard[4000:12000] ** 2))) - 0.5 / np.sqrt(2)) < 0.01


def test_the_end_of_a_file_is_silence_a_stop_or_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "short.wav"
    soundfile.write(path, np.full(BLOCK, 0.5), 16000)
    stopped = list(SimulatedMicrophone(path, real_time=False, at_end="stop").blocks())
    assert len(stopped) == 1
    silent = SimulatedMicrophone(path, real_time=False, at_end="silence").blocks()
    assert [bool(next(silent).data.any()) for _ in range(4)] == [True, False, False, False]
    looped = SimulatedMicrophone(path, real_time=False, at_end="loop").blocks()
    assert [bool(next(looped).data.any()) for _ in range(4)] == [True, True, True, True]


def _truncated_wav(path: Path) -> None:
    soundfile.write(path, np.zeros(16000), 16000)
    path.write_bytes(path.read_bytes()[:9000])


def _truncated_flac(path: Path) -> None:
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 16000), 16000, format="FLAC")
    path.write_bytes(path.read_bytes()[:9000])


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _: None, "no such sound file"),
        (lambda p: p.write_bytes(b""), "not a readable sound file"),
        (lambda p: p.write_bytes(b"RIFFnonsense" * 100), "not a readable sound file"),
        (lambda p: p.mkdir(), "no such sound file"),
        (lambda p: soundfile.write(p, np.zeros(0), 16000), "empty"),
        (lambda p: soundfile.write(p, np.zeros(100), 4000), "sample rate"),
        (_truncated_wav, "cut short"),
        (_truncated_flac, "breaks off|cut short|not a readable"),
    ],
    ids=["missing", "no bytes", "garbage", "folder", "empty", "wrong rate", "truncated wav", "truncated flac"],
)
def test_a_sound_file_that_cannot_be_heard_whole_is_refused_in_one_line(
    tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    path = tmp_path / "scene.wav"
    spoil(path)
    with pytest.raises(SensorError, match=says) as caught:
        list(SimulatedMicrophone(path, real_time=False, at_end="stop").blocks())
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_of_floats_beyond_full_scale_is_heard_within_it(tmp_path: Path) -> None:
    path = tmp_path / "wild.wav"
    wild = np.array([np.nan, np.inf, -np.inf, 1e38, 0.5] * 200, np.float32)
    soundfile.write(path, wild, 16000, subtype="FLOAT")
    heard = np.concatenate([b.data for b in SimulatedMicrophone(path, real_time=False, at_end="stop").blocks()])
    assert list(heard[:5]) == [0, 1, -1, 1, 0.5]


def test_a_sound_file_tells_how_long_it_is(tmp_path: Path) -> None:
    path = tmp_path / "scene.wav"
    soundfile.write(path, np.zeros(24000), 16000)
    assert check_sound_file(path) == 1.5


def test_a_driver_that_is_not_in_the_table_is_refused_with_the_names_of_those_that_are() -> None:
    with pytest.raises(ConfigError, match="simulated, pyaudio"):
        open_microphone(MicrophoneConfig(driver="alsa"))
    with pytest.raises(SensorError, match="needs a path"):
        open_microphone(MicrophoneConfig(driver="simulated"))
