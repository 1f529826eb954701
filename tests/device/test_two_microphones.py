"""Two microphones, from the file that is heard to the line in the ledger."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from tests.scenes.rooms import LAYOUT, MOUTH, Acoustics, Place, Room

from sottovoce_device.capture.channels import ALIKE, Channels
from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.capture.simulated import SimulatedMicrophone
from sottovoce_device.config import Config, MicrophoneConfig
from sottovoce_device.decide.addressee import WEIGHTS, Addressee, Circumstances
from sottovoce_device.decide.attention import Attention
from sottovoce_device.decide.exchange import Around, Stretch
from sottovoce_device.decide.form import features
from sottovoce_device.decide.nearness import Nearness
from sottovoce_device.errors import ConfigError, SampleError, SensorError
from sottovoce_device.observation import Level, Parallax, Texture
from sottovoce_device.perceive.parallax import ParallaxMeter, layout
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.ear import Ear
from sottovoce_device.words import read_words
from sottovoce_wire import Attended, decode_event, encode
from sottovoce_wire.because import because

Pcm = NDArray[np.float32]
TWO = MicrophoneConfig(channels=2)
ROOM = Room("room", (4.0, 3.2, 2.5), 0.4)


WORDY = "Sotto, could you please tell me what time it is, or set a timer, because I said to them we went to the shop"


def at(place: Place, sound: Pcm) -> Pcm:
    """The sound from there, at both microphones: [2, n]."""
    heard = Acoustics().response(ROOM, place, microphones=2)
    pcm = np.stack([np.convolve(sound, row) for row in heard])
    noise = np.random.default_rng(1).normal(0, 1e-4, pcm.shape)
    return (0.1 * pcm / np.abs(pcm).max() + noise).astype(np.float32)


def blocks(pcm: Pcm) -> list[Sample]:
    starts = range(0, pcm.shape[1] - BLOCK + 1, BLOCK)
    return [Sample(pcm[0, s : s + BLOCK].copy(), 0.0, pcm[1, s : s + BLOCK].copy()) for s in starts]


def told(pcm: Pcm) -> Parallax:
    """What is told of a second and a half of it, on average."""
    meter = ParallaxMeter(LAYOUT)
    found = [p for block in blocks(pcm)[:48] if (p := meter.infer(block)) is not None]
    return Parallax(*np.mean([(p.nearer, p.towards_mouth) for p in found], axis=0))


def noise(n: int = 32_000) -> Pcm:
    return np.random.default_rng(0).normal(0, 0.1, n).astype(np.float32)


def test_wiping_a_sample_overwrites_what_both_microphones_heard() -> None:
    first, second = np.full((2, BLOCK), 0.5, np.float32)
    block = Sample(first, 0.0, second)
    assert block.second is second
    block.wipe()
    assert not first.any()
    assert not second.any()
    with pytest.raises(SampleError):
        block.second  # noqa: B018 -- reading is what is refused


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_the_first_two_channels_of_a_file_are_two_microphones_or_all_are_mixed_into_one(
    tmp_path: Path, rate: int
) -> None:
    path = tmp_path / "scene.wav"
    seconds = np.arange(rate) / rate
    tones = [0.3 * np.sin(2 * np.pi * hz * seconds) for hz in (300, 500, 700)]
    soundfile.write(path, np.stack(tones, axis=1), rate)

    def loudest(sound: Pcm) -> set[int]:
        spectrum = np.abs(np.fft.rfft(sound[:8000]))
        return {int(2 * n) for n in np.flatnonzero(spectrum > spectrum.max() / 3)}

    two = list(SimulatedMicrophone(path, real_time=False, at_end="stop", channels=2).blocks())
    assert loudest(np.concatenate([b.data for b in two])) == {300}
    assert loudest(np.concatenate([b.second for b in two if b.second is not None])) == {500}
    one = list(SimulatedMicrophone(path, real_time=False, at_end="stop").blocks())
    assert loudest(np.concatenate([b.data for b in one])) == {300, 500, 700}
    assert all(b.second is None for b in one)


def test_a_file_of_one_channel_is_refused_where_two_microphones_are_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "scene.wav"
    soundfile.write(path, np.zeros(16_000), 16_000)
    with pytest.raises(SensorError, match=r"1 channel, and .* channels = 2: .* or set channels = 1") as caught:
        SimulatedMicrophone(path, real_time=False, at_end="stop", channels=2)
    assert str(path) in str(caught.value)


def test_two_channels_that_are_the_same_sound_are_told_to_be_one_microphone(tmp_path: Path) -> None:
    path = tmp_path / "scene.wav"
    same = np.concatenate([np.zeros(16_000), noise()])
    soundfile.write(path, np.stack([same, same], axis=1), 16_000)
    with pytest.raises(SensorError, match=r"both channels are the same sound.*channels = 1"):
        list(SimulatedMicrophone(path, real_time=False, at_end="stop", channels=2).blocks())


def test_two_microphones_may_hear_the_same_once_they_have_been_told_apart() -> None:
    channels = Channels(2, "a microphone")
    channels.sample(noise(2 * BLOCK).reshape(-1, 2), 0.0)
    for _ in range(2 * ALIKE):
        assert channels.sample(np.full((BLOCK, 2), 0.5, np.float32), 0.0).second is not None


@pytest.mark.parametrize(
    ("second_m", "says"),
    [
        ((0.0, 0.01, 0.0), "second_m: 1 cm from the first"),
        ((0.0, 0.6, 0.0), "second_m: 60 cm from the first"),
        ((0.0, 0.11, 0.0), "as far from either"),
        ((0.03, 0.055, -0.112), "at one of them"),
    ],
    ids=["too near", "too far", "one at each temple", "in the mouth"],
)
def test_microphones_that_cannot_tell_a_mouth_are_refused_with_the_cure(
    second_m: tuple[float, float, float], says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        layout(second_m, MicrophoneConfig().mouth_m)


def test_the_mouth_is_louder_and_comes_from_elsewhere_than_people_around() -> None:
    own = told(at(MOUTH, noise()))
    assert own.nearer == pytest.approx(1.0, abs=0.2)
    assert own.towards_mouth > 0.85
    for bearing_deg in (-90.0, -15.0, 75.0):
        other = told(at(Place(0.8, bearing_deg), noise()))
        assert abs(other.nearer) < 0.45
        assert other.towards_mouth < own.towards_mouth - 0.1


def test_how_loud_both_are_says_nothing_and_a_covered_microphone_nothing_at_all() -> None:
    pcm = at(MOUTH, noise())
    loud, soft = told(pcm), told(pcm * np.float32(0.1))
    assert soft.nearer == pytest.approx(loud.nearer, abs=0.05)
    meter = ParallaxMeter(LAYOUT)
    pcm[1] *= np.float32(0.01)
    assert not any(meter.infer(block) for block in blocks(pcm))
    assert ParallaxMeter(LAYOUT).infer(Sample(noise(BLOCK), 0.0)) is None


@pytest.mark.parametrize(("parallax", "near"), [(Parallax(1.0, 0.95), True), (Parallax(0.0, 0.4), False)])
def test_two_microphones_decide_where_level_and_texture_leave_it_open(parallax: Parallax, near: bool) -> None:
    nearness, alone = Nearness(), Nearness()
    for _ in range(20):
        found = nearness.step(Level(-30.0), Texture(5.0, -0.58), 0.9, parallax)
        alone.step(Level(-30.0), Texture(5.0, -0.58), 0.9)
    assert found == near
    assert (nearness.parallax > 0) == near
    assert abs(nearness.parallax) <= 3
    assert alone.parallax == 0


def test_what_two_microphones_tell_stands_in_the_ledger_beside_what_one_tells() -> None:
    model = Addressee(read_words())
    sums = []
    for near, parallax in ((3.0, 0.0), (1.0, 0.0), (1.0, 2.5), (1.0, -2.5)):
        _, evidence = model.weigh("the red one", Circumstances(near=near, parallax=parallax))
        weights = {e.name: e.weight for e in evidence}
        sums.append(weights.get("near_field", 0) + weights.get("two_microphones", 0))
        assert ("two_microphones" in weights) == bool(parallax)
        assert weights.get("two_microphones", 0) * parallax >= 0
    assert sums == [0, -200, -200, -200]
    assert WEIGHTS["two_microphones"] == WEIGHTS["near_field"]


def test_however_much_there_is_to_say_the_ledger_s_line_holds_the_strongest_of_it() -> None:
    around = Circumstances(
        follow_up=True, own_reply=True, around=Around(other_ms=100), talking_on=3, near=1.0, parallax=1.0,
        likeness=1.0, looks_at_person=True, faced=True,
    )  # fmt: skip
    model = Addressee({"bias": 1.0, **dict.fromkeys(features(WORDY), 0.5)}, name="Sotto")
    probability, evidence = model.weigh(WORDY, around)
    line = Attended(at_ms=0, turn=1, opened=True, confidence=round(100 * probability), evidence=evidence)
    assert decode_event(encode(line)) == line
    assert {"own_reply", "name", "talking_on"} <= {e.name for e in evidence}


@pytest.mark.parametrize(
    ("logit", "parallax", "says"),
    [
        (-2.0, -3.0, "two microphones hear it come from elsewhere (-3.0), although the voice is near (+1.0)"),
        (-4.0, -1.5, "the voice is not near (-2.5); two microphones hear it come from elsewhere (-1.5)"),
        (-10.0, 3.0, "the voice is not near (-10.0), although two microphones hear it come from the mouth (+3.0)"),
        (-4.0, 0.0, "the voice is not near (-4.0)"),
    ],
)
def test_a_voice_that_was_never_recognised_is_explained_by_what_told_it(
    logit: float, parallax: float, says: str
) -> None:
    attention = Attention(Config().attention, Addressee(read_words()))
    (line,) = attention.refuse(1, 1000.0, Stretch(0.0, 900.0, logit, parallax=parallax))
    encode(line)
    assert isinstance(line, Attended)
    assert because(line).partition(": ")[2] == says


def test_hearing_with_two_microphones_keeps_no_sound_once_it_is_quiet_again(weights: Weights) -> None:
    ear = Ear(
        Config(microphone=TWO), SileroVad(weights), lambda _, s: s.wipe(), lambda _: None, Addressee(read_words())
    )
    assert ear._parallax is not None
    quiet = np.random.default_rng(0).normal(0, 1e-4, (2, 1600 * BLOCK)).astype(np.float32)
    ear._parallax.infer(blocks(at(MOUTH, noise()))[2])
    assert ear._parallax._before.any()
    ear.deafen()
    assert not ear._parallax._before.any()
    assert not ear._parallax._own.any()
    heard = blocks(quiet[:, : 4 * BLOCK])
    for block in heard:
        kept = block.second
        ear.hear(block)
        assert kept is not None
        assert not kept.any()


def test_glasses_with_two_microphones_tell_so_in_the_ledger(
    recording: Callable[[str, float, float], Pcm], weights: Weights
) -> None:
    said: list[Attended] = []
    ear = Ear(
        Config(microphone=TWO),
        SileroVad(weights),
        lambda _, s: s.wipe(),
        lambda event: said.append(event) if isinstance(event, Attended) else None,
        Addressee(read_words()),
    )
    voice = np.concatenate([np.zeros(16_000, np.float32), recording("two_cities.wav", 0.8, 4.9)])
    pcm = np.pad(at(Place(1.0, -45.0), voice), ((0, 0), (0, 32_000)))
    for number, block in enumerate(blocks(pcm)):
        ear.hear(Sample(block.data, 32.0 * (number + 1), block.second))
    names = {evidence.name: evidence.weight for line in said for evidence in line.evidence}
    assert not any(line.opened for line in said)
    assert names["two_microphones"] < 0
