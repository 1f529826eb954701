"""Where sound goes: a WAV file, or the audio device (miniaudio's null device keeps time as one does)."""

import time
import wave
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from stage import wait_until

from sottovoce_host.config import VoiceConfig
from sottovoce_host.errors import VoiceError
from sottovoce_host.voice.sink import RATE_HZ, open_sink
from sottovoce_host.voice.speaker import Speaker
from sottovoce_host.voice.wav import WavFile

GAP = round(0.4 * RATE_HZ)


def level(value: float, seconds: float) -> NDArray[np.float32]:
    return np.full(round(seconds * RATE_HZ), value, np.float32)


def read(path: Path) -> NDArray[np.int16]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        assert file.getnframes() * 2 == path.stat().st_size - 44, "the header tells of another length than the file has"
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


@pytest.fixture
def speaker() -> Iterator[Speaker]:
    with closing(Speaker(silent_device=True)) as made:
        yield made


def test_a_wav_file_is_whole_and_playable_after_every_write_though_nobody_closed_it(tmp_path: Path) -> None:
    sink = WavFile(tmp_path / "new" / "folder" / "replies.wav")
    for count in (1, 2, 3):
        sink.write(level(0.5, 0.1))
        heard = read(sink.path)
        assert np.count_nonzero(heard == round(0.5 * 32767 - 0.5)) == count * 2400
    sink.close()
    assert len(read(sink.path)) == len(heard)


def test_pieces_of_one_reply_follow_without_a_gap_and_replies_with_one(tmp_path: Path) -> None:
    with closing(WavFile(tmp_path / "replies.wav")) as sink:
        sink.write(level(0.1, 0.3))
        sink.write(level(0.2, 0.3))
        sink.stop()
        sink.write(level(0.3, 0.3))
        heard = read(sink.path)
    quiet, first, second, pause, third = np.split(heard, np.cumsum([GAP, 7200, 7200, GAP]))
    assert not quiet.any()
    assert not pause.any()
    assert [set(part) for part in (first, second, third)] == [{3276}, {6553}, {9830}]
    assert len(third) == 7200


def test_a_wav_file_sounds_for_as_long_as_a_loudspeaker_would(tmp_path: Path) -> None:
    with closing(WavFile(tmp_path / "replies.wav")) as sink:
        assert sink.remaining_s() == 0
        began = time.monotonic()
        sink.write(level(0.1, 0.2))
        sink.write(level(0.1, 0.2))
        assert 0 < sink.remaining_s() <= 0.4
        wait_until(lambda: sink.remaining_s() == 0, "it has sounded", 5)
        assert time.monotonic() - began >= 0.4
        sink.write(level(0.1, 9))
        sink.stop()
        assert sink.remaining_s() == 0


def test_sound_that_is_too_loud_is_clipped_and_does_not_wrap_round(tmp_path: Path) -> None:
    with closing(WavFile(tmp_path / "replies.wav")) as sink:
        sink.write(np.array([2.0, -2.0], np.float32))
        assert list(read(sink.path)[-2:]) == [32767, -32767]


@pytest.mark.parametrize("path", ["/proc/none/replies.wav", "/dev/null/replies.wav", "/tmp"])  # noqa: S108 -- a folder
def test_a_wav_file_that_cannot_be_opened_is_refused_in_one_line_with_the_cure(path: str) -> None:
    with pytest.raises(VoiceError) as caught:
        WavFile(Path(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert "set [voice] path" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_full_disk_is_told_in_one_line_each_time_and_closing_is_still_quiet() -> None:
    sink = WavFile(Path("/dev/full"))
    for _ in range(2):
        with pytest.raises(VoiceError, match=r"^/dev/full: .*No space left on device.*make room$"):
            sink.write(level(0.5, 1))
    assert sink.remaining_s() == 0, "what could not be kept does not sound"
    sink.close()


def test_the_device_plays_what_was_written_in_its_own_time(speaker: Speaker) -> None:
    began = time.monotonic()
    for _ in range(3):
        speaker.write(level(0.5, 0.2))
    assert 0 < speaker.remaining_s() <= 0.65
    wait_until(lambda: speaker.remaining_s() == 0, "it has sounded", 5)
    assert time.monotonic() - began > 0.3, "a device that starts takes some buffers ahead, not half of the sound"


def test_a_stopped_device_has_nothing_left_to_play_at_once_and_plays_what_comes_next(speaker: Speaker) -> None:
    speaker.write(level(0.5, 60))
    speaker.stop()
    assert speaker.remaining_s() == 0
    speaker.write(level(0.5, 0.1))
    assert speaker.remaining_s() > 0
    wait_until(lambda: speaker.remaining_s() == 0, "the next has sounded", 5)


def test_the_device_gets_sound_in_the_order_in_which_it_was_written_whatever_it_asks_for(speaker: Speaker) -> None:
    speaker.close()  # from here on, the test asks for frames in the device's place
    written = np.arange(1, 1001, dtype=np.float32) / 1000
    for piece in np.split(written, [1, 10, 400, 401]):
        speaker.write(piece)
    asked = [speaker._take(frames) for frames in (5, 300, 1, 694, 100)]
    assert np.array_equal(np.concatenate(asked), np.concatenate([written, np.zeros(100, np.float32)]))


def has_audio_device() -> bool:
    try:
        Speaker().close()
    except VoiceError:
        return False
    return True


def test_where_there_is_no_audio_device_auto_says_so_and_speaks_into_a_wav_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if has_audio_device():
        pytest.skip("this machine has an audio device")
    path = tmp_path / "replies.wav"
    with closing(open_sink(VoiceConfig(sink="auto", path=str(path)))) as sink:
        assert isinstance(sink, WavFile)
        sink.write(level(0.5, 0.1))
    assert capfd.readouterr().err == f"host: there is no audio device to speak through; replies go into {path}\n"
    assert read(path).any()


def test_where_there_is_no_audio_device_speaker_insists_and_leaves_no_file(tmp_path: Path) -> None:
    if has_audio_device():
        pytest.skip("this machine has an audio device")
    with pytest.raises(VoiceError, match=r"no audio device .*; connect one, or set \[voice\] sink"):
        open_sink(VoiceConfig(sink="speaker", path=str(tmp_path / "replies.wav")))
    assert not list(tmp_path.iterdir())


def test_wav_is_a_wav_file_even_where_there_is_an_audio_device(tmp_path: Path) -> None:
    with closing(open_sink(VoiceConfig(sink="wav", path=str(tmp_path / "replies.wav")))) as sink:
        assert isinstance(sink, WavFile)
