import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner
from hearing import voice_of
from numpy.typing import NDArray

from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.cli import main
from sottovoce_device.config import AttentionConfig, Config
from sottovoce_device.decide.ask import Ask
from sottovoce_device.decide.wearer import Wearer, enrolled
from sottovoce_device.enrolment import Enroller, keep_voice, read_aloud
from sottovoce_device.errors import EnrolmentError
from sottovoce_device.learnt import VOICE, KnownVoice, forget, read_voice, state_of, voice_to_bytes
from sottovoce_device.observation import Transcript, Voiceprint
from sottovoce_device.perceive.moonshine import Moonshine
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.replay import Replay
from sottovoce_device.sense.verification import Verification
from sottovoce_wire import Attended, Said

Pcm = NDArray[np.float32]
Recorded = Callable[[str, float, float], Pcm]
Scene = Callable[..., Path]
READER, ACTORS = "two_cities.wav", "endgame.wav"
MS = 16
TOO_LOUD = voice_to_bytes(KnownVoice([1 / 16] * 256, 12.0))
VOWELS = ((700, 1200, 2500), (300, 2200, 2900), (400, 800, 2400))
"""Resonances of three of them, in Hz."""


@pytest.fixture(scope="module")
def enroller(weights: Weights) -> Enroller:
    return Enroller(weights)


def test_a_voice_is_like_itself_and_unlike_another(enroller: Enroller, recording: Recorded) -> None:
    reader = Wearer(enroller.learn(recording(READER, 0, 10), "reader").embedding)
    for start_s in (12, 20, 30):
        himself = enroller.ge2e.infer(Sample(recording(READER, start_s, start_s + 2), 0))
        other = enroller.ge2e.infer(Sample(recording(ACTORS, start_s - 10, start_s - 7), 0))
        assert himself is not None
        assert other is not None
        assert reader.likeness(himself) > 2
        assert reader.likeness(other) < -2


def test_too_little_speech_to_tell_gives_no_voiceprint(enroller: Enroller, recording: Recorded) -> None:
    assert enroller.ge2e.infer(Sample(recording(READER, 1, 1.1), 0)) is None
    assert enroller.ge2e.infer(Sample(np.zeros(0, np.float32), 0)) is None


@pytest.mark.parametrize(
    ("spoil", "cure"),
    [
        (lambda pcm: pcm[:32_000], "say three sentences"),
        (lambda pcm: np.random.default_rng(1).normal(0, 0.05, len(pcm)).astype(np.float32), "say three sentences"),
        (lambda pcm: np.clip(pcm * 40, -1, 1), "turn the microphone down"),
        (np.zeros_like, "say three sentences"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused_with_the_cure(
    enroller: Enroller, recording: Recorded, spoil: Callable[[Pcm], Pcm], cure: str
) -> None:
    with pytest.raises(EnrolmentError, match=cure):
        enroller.learn(spoil(recording(READER, 0, 10)), "it")


def test_how_loud_the_wearer_is_on_this_microphone_is_learnt_too(enroller: Enroller, recording: Recorded) -> None:
    loud = enroller.learn(recording(READER, 0, 10), "it").syllable_db
    soft = enroller.learn(recording(READER, 0, 10) * np.float32(0.1), "it").syllable_db
    assert loud is not None
    assert -40 < loud < -5
    assert soft == pytest.approx(loud - 20, abs=1.0)


def test_the_sound_that_was_learnt_from_is_overwritten(enroller: Enroller, recording: Recorded) -> None:
    sound = recording(READER, 0, 10)
    enroller.learn(sound, "it")
    assert not sound.any()


def test_a_sentence_read_aloud_ends_with_the_silence_after_it(weights: Weights, recording: Recorded) -> None:
    silence = np.zeros(32_000, np.float32)
    heard = np.concatenate([silence, recording(READER, 1, 4), silence, recording(READER, 6, 9), silence])
    blocks = (Sample(heard[s : s + BLOCK].copy(), 0) for s in range(0, len(heard) - BLOCK, BLOCK))
    vad = SileroVad(weights)
    sentences = [read_aloud(blocks, vad), read_aloud(blocks, vad)]
    assert all(2.5 < len(s) / 16_000 < 4.5 for s in sentences)
    with pytest.raises(EnrolmentError, match="nobody read"):
        read_aloud(blocks, vad)


def test_what_is_kept_is_256_numbers_and_a_level_for_the_owner_alone_and_comes_back(tmp_path: Path) -> None:
    voice = np.random.default_rng(1).normal(size=256).astype(np.float32)
    voice /= np.linalg.norm(voice)
    assert read_voice(tmp_path) is None
    path = keep_voice(tmp_path / "wearer", KnownVoice(voice.tolist(), -31.26))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size < 2_600
    kept = read_voice(tmp_path / "wearer")
    assert kept is not None
    assert float(np.dot(kept.embedding, voice)) > 0.999
    assert kept.syllable_db == -31.3


@pytest.mark.parametrize(
    "broken", [b"", b"{}", b'{"model":"ge2e","embedding":[1,2]}', b"\xff\x00", b'{"model":"x"', TOO_LOUD]
)
def test_a_broken_voice_file_is_named_with_its_cure(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / VOICE).write_bytes(broken)
    with pytest.raises(EnrolmentError, match=r"voice\.json.*enrol anew"):
        read_voice(tmp_path)


def test_learning_and_forgetting_change_the_state_that_sense_watches(tmp_path: Path) -> None:
    voice = np.full(256, 1 / 16, np.float32)
    states = [state_of(tmp_path)]
    for _ in range(2):
        keep_voice(tmp_path, KnownVoice(voice.tolist()))
        states.append(state_of(tmp_path))
    assert forget(tmp_path, "everything")
    states.append(state_of(tmp_path))
    assert len(set(states[:3])) == 3
    assert states[3] == states[0]
    assert not forget(tmp_path, "voice")


def spoken(pitch_hz: float, tract: float) -> Pcm:
    """A made voice: pulses through resonances, another vowel every quarter of a second."""
    at = np.arange(3 * 16_000)
    swing = 1 + 0.1 * np.sin(2 * np.pi * 2.5 * at / 16_000)
    pulses = np.diff(np.floor(np.cumsum(pitch_hz * swing) / 16_000), prepend=0.0)
    sound, tail = np.zeros(len(at) + 800), at[:800] / 16_000
    for turn, start in enumerate(range(0, len(at), 4_000)):
        ring = np.exp(-280 * tail) * sum(np.sin(2 * np.pi * tract * hz * tail) for hz in VOWELS[turn % 3])
        sound[start : start + 4_799] += np.convolve(pulses[start : start + 4_000] * np.hanning(4_000), ring)
    return (0.1 * sound / np.abs(sound).max()).astype(np.float32)


def test_a_voice_that_was_enrolled_with_the_network_in_float_is_known_in_8_bits(
    enroller: Enroller, tmp_path: Path
) -> None:
    """float_voice.json is what GE2E in float made of spoken(110, 1.0)."""
    (tmp_path / VOICE).write_bytes(Path(__file__).with_name("float_voice.json").read_bytes())
    kept = read_voice(tmp_path)
    assert kept is not None
    himself, other = (enroller.ge2e.infer(Sample(spoken(*how), 0)) for how in ((110, 1.0), (210, 1.2)))
    assert himself is not None
    assert other is not None
    assert himself.embedding.shape == (256,)
    assert float(np.linalg.norm(himself.embedding)) == pytest.approx(1, abs=1e-4)
    assert float(np.dot(kept.embedding, himself.embedding)) > 0.997
    assert float(np.dot(kept.embedding, other.embedding)) < 0.8


@pytest.fixture(scope="module")
def glasses() -> Replay:
    return Replay(Config(attention=AttentionConfig(open_at=0.0)))


class Counting:
    """The recogniser, with a count of its passes."""

    def __init__(self, model: Moonshine) -> None:
        self._model = model
        self.passes = 0

    def infer(self, speech: Sample) -> Transcript | None:
        self.passes += 1
        return self._model.infer(speech)


def test_no_word_of_a_stranger_is_recognised_however_near_they_are(glasses: Replay, scene: Scene) -> None:
    wearer, stranger = scene((READER, 0, 10)), scene(1.0, (ACTORS, 0, 12), 1.0)
    counting = Counting(glasses.moonshine)
    glasses.moonshine = counting  # type: ignore[assignment]
    unknown = [left.event for left in glasses.run(stranger)]
    assert counting.passes > 5, "unenrolled glasses take a near voice for the wearer's"
    assert any(isinstance(event, Said) for event in unknown)
    counting.passes = 0
    known = [left.event for left in glasses.run(stranger, wearer=wearer)]
    assert counting.passes == 0
    assert {type(event) for event in known} == {Attended}
    assert all(e.evidence[0].name == "wearer_voice" for e in known if isinstance(e, Attended))


def test_a_soft_wearer_is_heard_once_it_is_known_how_soft(glasses: Replay, scene: Scene, enroller: Enroller) -> None:
    """The same voice at the same level, enrolled by this microphone or by one that made it 25 dB louder."""
    pcm, rate_hz = soundfile.read(scene(1.0, (READER, 20, 26), 1.0), dtype="float32")
    soft = scene(1.0, 1.0).with_name("soft.wav")
    rng = np.random.default_rng(1)
    soundfile.write(soft, 0.03 * pcm + rng.normal(0, 2e-4, len(pcm)), rate_hz)
    here = enroller.from_file(soft)
    assert here.syllable_db is not None
    elsewhere = KnownVoice(here.embedding, here.syllable_db + 25)

    def nearness(voice: KnownVoice) -> float:
        events = [left.event for left in glasses.run(soft, wearer=voice)]
        first = next(e for e in events if isinstance(e, Attended))
        return sum(reason.weight for reason in first.evidence if reason.name == "near_field")

    assert nearness(here) > nearness(elsewhere)


def test_the_enrolled_wearer_is_heard_as_before_and_named_as_the_speaker(glasses: Replay, scene: Scene) -> None:
    wearer, speech = scene((READER, 0, 10)), scene(1.0, (READER, 20, 30), 1.0)
    words = [left.event.text for left in glasses.run(speech) if isinstance(left.event, Said)]
    enrolled_to = [left.event for left in glasses.run(speech, wearer=wearer) if isinstance(left.event, Said)]
    assert [event.text for event in enrolled_to] == words
    assert {event.speaker for event in enrolled_to} == {"wearer"}


def test_words_wait_for_the_voice_and_go_with_it() -> None:
    check = Verification(Wearer(enrolled([voice_of(1)])))
    words = Ask("words", 1, 0, 0, 0, 1_000 * MS, 1_000 * MS)
    final = Ask("final", 1, 0, 0, 0, 1_100 * MS, 1_100 * MS)
    (voice,) = check.admit(words, 500 * MS)
    assert (voice.kind, voice.start, voice.end) == ("voice", 500 * MS, 1_000 * MS)
    assert check.admit(final, 500 * MS) == []
    likeness, asks = check.learn(voice, voice_of(1))
    assert likeness is not None
    assert likeness > 3
    assert [a.kind for a in asks] == ["words", "final"]
    again = check.admit(Ask("words", 1, 0, 0, 0, 1_200 * MS, 1_200 * MS), 500 * MS)
    assert [a.kind for a in again] == ["words"], "known for now"
    later = check.admit(Ask("words", 1, 0, 0, 0, 2_000 * MS, 2_000 * MS), 500 * MS)
    assert [a.kind for a in later] == ["voice"], "and asked again when there is twice as much"


def test_a_voice_that_cannot_be_told_is_let_through_but_not_on_the_heels_of_a_stranger() -> None:
    check = Verification(Wearer(enrolled([voice_of(1)])))
    heard = [(1_000, voice_of(2), []), (2_000, None, []), (9_000, None, ["final"])]
    for turn, (at_ms, found, kinds) in enumerate(heard):
        final = Ask("final", turn, 0, 0, at_ms * MS, (at_ms + 300) * MS, (at_ms + 500) * MS)
        (voice,) = check.admit(final, at_ms * MS)
        assert [a.kind for a in check.learn(voice, found)[1]] == kinds


def test_muting_forgets_that_a_stranger_was_heard_and_not_the_enrolled_voice() -> None:
    check = Verification(Wearer(enrolled([voice_of(1)])))

    def heard(turn: int, found: Voiceprint | None) -> list[str]:
        final = Ask("final", turn, 0, 0, turn * 1_000 * MS, (turn * 1_000 + 500) * MS, (turn * 1_000 + 600) * MS)
        (voice,) = check.admit(final, final.start)
        assert check.held_from == final.start
        return [a.kind for a in check.learn(voice, found)[1]]

    assert heard(1, voice_of(2)) == []
    check.forget()
    assert check.held_from is None
    assert heard(2, None) == ["final"], "nothing is known of a stranger"
    assert heard(3, voice_of(2)) == []


def test_enrol_on_the_command_line_learns_keeps_and_forgets(scene: Scene, tmp_path: Path) -> None:
    settings = tmp_path / "device.toml"
    settings.write_text(f'[device]\nwearer = "{tmp_path / "wearer"}"\n')
    said = CliRunner().invoke(main, ["enrol", str(scene((READER, 0, 12))), f"--config={settings}"])
    assert said.exit_code == 0, said.output
    assert read_voice(tmp_path / "wearer") is not None
    heard = CliRunner().invoke(main, ["replay", str(scene(1.0, (ACTORS, 0, 5), 1.0)), f"--config={settings}"])
    assert f"heard as the wearer's who is enrolled in {tmp_path / 'wearer'}" in heard.stderr
    assert "it is not the wearer's voice" in heard.stdout, "what would leave these glasses"
    gone = CliRunner().invoke(main, ["enrol", "--erase", f"--config={settings}"])
    assert "forgotten" in gone.output
    assert read_voice(tmp_path / "wearer") is None


def test_replay_on_the_command_line_takes_the_wearer_s_voice_and_prints_the_ledger(scene: Scene) -> None:
    wearer, stranger = scene((READER, 0, 10)), scene(1.0, (ACTORS, 0, 5), 1.0)
    said = CliRunner().invoke(main, ["replay", str(stranger), "--wearer", str(wearer)])
    assert said.exit_code == 0, said.output
    assert "Attended" in said.output
    assert "it is not the wearer's voice" in said.output
    assert "Said" not in said.output


def test_muted_glasses_learn_no_voice(scene: Scene, tmp_path: Path) -> None:
    switch = tmp_path / "switch"
    switch.write_text("1")
    settings = tmp_path / "device.toml"
    settings.write_text(f'[mute]\ndriver = "simulated"\npath = "{switch}"\n[device]\nwearer = "{tmp_path / "w"}"\n')
    said = CliRunner().invoke(main, ["enrol", f"--config={settings}", f"--scene={scene((READER, 0, 12))}"])
    assert said.exit_code == 2
    assert "muted" in said.output
