import shutil
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.config import Config, models_folder
from sottovoce_device.decide.addressee import Addressee
from sottovoce_device.errors import ModelError
from sottovoce_device.observation import Transcript
from sottovoce_device.perceive.blazeface import FaceFinder
from sottovoce_device.perceive.level import LevelMeter
from sottovoce_device.perceive.litert import LiteModel
from sottovoce_device.perceive.mel import LogMel
from sottovoce_device.perceive.moonshine import Moonshine, Size, larger, said_again
from sottovoce_device.perceive.runtime import open_model
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.smart_turn import SmartTurn
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.ear import Ear
from sottovoce_device.words import read_words

Recording = Callable[[str, float, float], NDArray[np.float32]]
ROOT = Path(__file__).parents[2]
BASE = ("moonshine_base_encoder.onnx", "moonshine_base_decoder.onnx")
NO_BASE = "the larger recogniser is not there: npm could not bring it, see what `make models` says"


def test_voice_activity_is_high_in_speech_and_low_in_noise_hum_and_silence(
    weights: Weights, recording: Recording
) -> None:
    def mean(sound: NDArray[np.float32]) -> float:
        vad = SileroVad(weights)
        blocks = [Sample(sound[i : i + BLOCK].copy(), 0.0) for i in range(0, len(sound) - BLOCK + 1, BLOCK)]
        return float(np.mean([vad.infer(block) for block in blocks]))

    noise = np.random.default_rng(0).normal(0, 0.05, 48_000).astype(np.float32)
    hum = np.sin(2 * np.pi * 50 * np.arange(48_000) / 16_000).astype(np.float32) * np.float32(0.3)
    assert mean(recording("two_cities.wav", 1.2, 4.2)) > 0.8
    assert max(mean(noise), mean(hum), mean(np.zeros(48_000, np.float32))) < 0.1


def test_a_voice_activity_that_is_reset_remembers_nothing(weights: Weights, recording: Recording) -> None:
    vad = SileroVad(weights)
    block = recording("two_cities.wav", 2.0, 2.032)
    first = vad.infer(Sample(block.copy(), 0.0))
    for _ in range(20):
        vad.infer(Sample(np.zeros(BLOCK, np.float32), 0.0))
    vad.reset()
    assert vad.infer(Sample(block.copy(), 0.0)) == first


@pytest.fixture(params=get_args(Size))
def moonshine(request: pytest.FixtureRequest, weights: Weights) -> Moonshine:
    if request.param == "base" and not all(map(weights.holds, BASE)):
        pytest.skip(NO_BASE)
    return Moonshine(weights, request.param)


def test_the_recogniser_writes_what_was_read_aloud(moonshine: Moonshine, recording: Recording) -> None:
    found = moonshine.infer(Sample(recording("two_cities.wav", 0.8, 4.9), 0.0))
    assert found is not None
    assert found.text == "It was the best of times, it was the worst of times."
    assert found.confidence > 0.8


def test_the_recogniser_takes_ten_seconds_and_more_and_does_not_repeat_itself(
    moonshine: Moonshine, recording: Recording
) -> None:
    found = moonshine.infer(Sample(recording("two_cities.wav", 0.8, 16.0), 0.0))
    assert isinstance(found, Transcript)
    assert found.text.lower().count("it was") == 8


def test_the_recogniser_invents_nothing_for_a_moment_of_sound_and_gives_up_when_asked(moonshine: Moonshine) -> None:
    assert moonshine.infer(Sample(np.zeros(3200, np.float32), 0.0)) == Transcript("", 0.0)
    assert moonshine.infer(Sample(np.zeros(32_000, np.float32), 0.0), give_up=lambda: True) is None


@pytest.mark.parametrize("seconds", [1.0, 2.0, 3.0])
def test_the_recogniser_hears_words_after_a_silence(moonshine: Moonshine, recording: Recording, seconds: float) -> None:
    room = np.random.default_rng(0).normal(0, 0.0003, round(seconds * 16_000)).astype(np.float32)
    found = moonshine.infer(Sample(np.concatenate((room, recording("two_cities.wav", 0.8, 2.9))), 0.0))
    assert found is not None
    assert found.text.lower().startswith("it was the best of times")


@pytest.mark.parametrize("loudness", [0.0001, 0.003, 0.1])
def test_the_larger_recogniser_hears_no_words_in_noise(weights: Weights, loudness: float) -> None:
    base = larger(weights, "best")
    if base is None:
        pytest.skip(NO_BASE)
    for seed in range(4):
        noise = np.random.default_rng(seed).normal(0, loudness, 24_000).astype(np.float32)
        assert base.infer(Sample(noise, 0.0)) == Transcript("", 0.0)


def test_a_phrase_that_comes_three_times_in_a_row_is_cut_to_once_and_a_short_one_is_left() -> None:
    phrase = [7, 8, 9, 10, 11]
    assert said_again([1, *phrase, *phrase, *phrase]) == 10
    assert said_again([1, *phrase, *phrase]) == 0
    assert said_again([1, *phrase, *phrase, *phrase, 5]) == 0
    assert said_again([1, 4, 4, 4, 4, 4]) == 0, "no, no, no"


class Kept(Moonshine):
    """Keeps hold of the sound that the encoder was given."""

    def _encode(self, sound: NDArray[np.float32], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        self.sound, self.loudest = sound, float(np.abs(sound).max())
        return super()._encode(sound, mask)


def test_the_recogniser_s_own_copy_of_the_sound_ends_in_silence_and_is_overwritten(
    weights: Weights, recording: Recording
) -> None:
    kept = Kept(weights)
    kept.infer(Sample(recording("two_cities.wav", 0.8, 2.0), 0.0))
    assert kept.loudest > 0.01
    assert kept.sound.shape == (1, round(1.2 * 16_000) + round(0.1 * 16_000))
    assert not kept.sound.any()


def test_the_larger_recogniser_is_taken_where_it_was_fetched_and_missed_only_where_it_is_asked_for(
    weights: Weights, tmp_path: Path
) -> None:
    assert larger(weights, "tiny") is None
    shutil.copy(ROOT / "models/manifest.toml", tmp_path)
    without = Weights(tmp_path)
    assert larger(without, "best") is None
    with pytest.raises(ModelError, match=r"moonshine_base_encoder.onnx.*`make models`"):
        larger(without, "base")
    if not all(map(weights.holds, BASE)):
        pytest.skip(NO_BASE)
    assert larger(weights, "best") is not None


def test_a_finished_sentence_sounds_finished_and_half_of_one_does_not(weights: Weights, recording: Recording) -> None:
    smart_turn = SmartTurn(weights)
    finished = smart_turn.infer(Sample(recording("two_cities.wav", 0.8, 4.9), 0.0))
    half = smart_turn.infer(Sample(recording("two_cities.wav", 0.8, 3.4), 0.0))
    assert finished.probability > 0.7
    assert half.probability < 0.3


def test_the_end_of_turn_takes_any_length_of_sound(weights: Weights) -> None:
    for length in (0, 1, 16_000, 200_000):
        assert 0 <= SmartTurn(weights).infer(Sample(np.zeros(length, np.float32), 0.0)).probability <= 1


def test_a_pure_tone_lights_the_mel_band_that_holds_it() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000).astype(np.float32)
    features = LogMel(seconds=1).of(tone)
    assert features.shape == (1, 80, 100)
    # 1 kHz is mel 15 of Slaney's scale, of 45.25 at 8 kHz; 80 bands have 81 steps between their edges.
    assert abs(int(features[0, :, 50].argmax()) - (15 / 45.25 * 81 - 1)) <= 1
    with pytest.raises(ValueError, match="expected 16000"):
        LogMel(seconds=1).of(tone[:-1])


def test_a_model_of_sight_keeps_no_copy_of_what_it_was_given(weights: Weights) -> None:
    model = LiteModel(weights.path("face_points.tflite"))
    model.run(np.full((1, 192, 192, 3), 0.5, np.float32))
    assert not model._model.get_tensor(model._input).any()


def test_hearing_keeps_no_sound_once_it_is_quiet_again(weights: Weights) -> None:
    vad = SileroVad(weights)
    ear = Ear(Config(), vad, lambda _, speech: speech.wipe(), lambda _: None, Addressee(read_words()))
    quiet, loud = np.random.default_rng(0).normal(0, [[[1e-4]], [[0.2]]], (2, 1500, BLOCK)).astype(np.float32)
    kept = []
    for number, block in enumerate([*quiet, *loud[:20], *quiet[:60]]):
        ear.hear(Sample(block.copy(), 32.0 * (number + 1)))
        kept.append(vad._input.any() or ear._texture._before.any())
    assert kept[1519], "it does not listen when it is loud"
    assert not kept[-1]


def test_the_level_is_in_decibels_of_full_scale() -> None:
    meter = LevelMeter()
    assert meter.infer(Sample(np.ones(BLOCK, np.float32), 0.0)).db == pytest.approx(0, abs=1e-6)
    assert meter.infer(Sample(np.full(BLOCK, 0.1, np.float32), 0.0)).db == pytest.approx(-20, abs=1e-4)
    assert meter.infer(Sample(np.zeros(BLOCK, np.float32), 0.0)).db == pytest.approx(-120)


def test_a_missing_a_changed_and_a_foreign_model_are_each_one_line_that_names_the_cure(tmp_path: Path) -> None:
    shutil.copy(ROOT / "models/manifest.toml", tmp_path)
    weights = Weights(tmp_path)
    with pytest.raises(ModelError, match=r"silero_vad.onnx: No such file.*make models"):
        weights.path("silero_vad.onnx")
    (tmp_path / "weights").mkdir()
    good = (ROOT / "models/weights/silero_vad.onnx").read_bytes()
    (tmp_path / "weights/silero_vad.onnx").write_bytes(good[:-1] + b"x")
    with pytest.raises(ModelError, match=r"not the file that the manifest promises.*make models"):
        weights.path("silero_vad.onnx")
    with pytest.raises(ModelError, match="no manifest"):
        Weights(tmp_path / "nowhere")
    foreign = tmp_path / "foreign.onnx"
    foreign.write_bytes(b"not a model")
    with pytest.raises(ModelError, match="make models"):
        open_model(foreign)


def test_an_accelerator_that_is_not_there_is_one_line_that_names_the_setting_and_the_cure(weights: Weights) -> None:
    for provider in ("cuda", "tensorrt"):
        with pytest.raises(ModelError, match=rf'\[models\] onnx = "{provider}".*onnxruntime-gpu.*set it to "cpu"'):
            open_model(weights.path("silero_vad.onnx"), provider)


def test_faces_are_found_alike_with_xnnpack_and_without() -> None:
    frame = Frame(skimage.data.astronaut().copy(), 0.0)
    found = []
    for way in ("xnnpack", "plain"):
        (spot,) = FaceFinder(Weights(models_folder(Config()), lite=way)).infer(frame)
        found.append((spot.x, spot.y, spot.side))
    assert found[0] == pytest.approx(found[1], abs=0.5)
