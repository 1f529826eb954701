import re
from pathlib import Path

import numpy as np
import pytest
from tests.bench.corpus import data_folder
from tests.scenes.draws import Draws
from tests.scenes.families import FAMILIES
from tests.scenes.generate import write
from tests.scenes.listening import recordings
from tests.scenes.mixer import Mixer
from tests.scenes.peers import WakeWord, with_wake_word
from tests.scenes.script import read_script
from tests.scenes.split import SHARES, Side
from tests.scenes.voices import Cast, dialogues, recorded, requests, speakers

from sottovoce_host.voice.hibari import Synthesiser

pytestmark = pytest.mark.skipif(not data_folder().is_dir(), reason="no development data: set SOTTOVOCE_DATA")
SIDES: tuple[Side, ...] = tuple(side for side, _ in SHARES)


def test_no_speaker_sentence_or_dialogue_is_on_two_sides() -> None:
    for kind in ("commands", "reading", "alexa", "synthetic"):
        names = [set(speakers(kind, side)) for side in SIDES]
        assert all(names)
        assert sum(map(len, names)) == len(set.union(*names))
    for texts in (requests, dialogues):
        found = [set(texts(side)) for side in SIDES]
        assert all(len(f) > 50 for f in found)
        assert sum(map(len, found)) == len(set.union(*found))


def test_every_turn_of_every_dialogue_has_words_to_be_spoken() -> None:
    assert [
        turn
        for side in SIDES
        for turns in dialogues(side)
        for turn in turns
        if not re.search("[a-z]", turn, re.IGNORECASE)
    ] == []


def test_every_kind_of_scene_can_be_written_and_says_to_whom() -> None:
    draws = Draws("dev")
    scripts = {name: make(draws, f"{name}-1").script for name, (make, _) in FAMILIES.items()}
    to = {name: {line.to for line in script.lines if line.who == "wearer"} for name, script in scripts.items()}
    assert to["request"] == to["request_noisy"] == {"device"}
    assert to["conversation"] == {"other"}
    assert to["mixed"] == {"device", "other"}
    assert to["telephone"] == {"phone"}
    assert to["reading"] == {"none"}
    assert to["muttering"] == {"self"}
    assert sum(share for _, share in FAMILIES.values()) == pytest.approx(1)


def test_the_same_side_and_number_give_the_same_scenes() -> None:
    first, again = (FAMILIES["mixed"][0](Draws("train", 3), "mixed-1") for _ in range(2))
    assert first == again
    assert first != FAMILIES["mixed"][0](Draws("train", 4), "mixed-1")


def test_written_scenes_are_read_back_with_sound_truth_and_the_wearer_s_enrolment(
    synthesiser: Synthesiser, tmp_path: Path
) -> None:
    write(tmp_path, "dev", 0.003, Mixer(Cast(synthesiser)))
    found = recordings(tmp_path)
    assert {r.family for r in found} == set(FAMILIES)
    for recording in found:
        assert recording.truth
        assert recording.truth[-1].end_s <= recording.seconds
        assert recording.wearer or recording.family == "reading"
        assert read_script(recording.path / "script.toml").name == recording.path.name


def test_the_wake_word_peer_hears_its_word_before_requests_and_nothing_in_reading() -> None:
    detector = WakeWord()

    def heard(clip: str) -> int:
        pcm = (np.pad(recorded(clip), 16_000) * 32767).astype(np.int16)
        return len(list(detector.detections(pcm.tobytes())))

    alexa = [clips[0].path for clips in list(speakers("alexa", "dev").values())[:6]]
    reading = [clips[0].path for clips in list(speakers("reading", "dev").values())[:3]]
    assert sum(heard(clip) == 1 for clip in alexa) >= 5
    assert not any(heard(clip) for clip in reading)
    script = with_wake_word(FAMILIES["mixed"][0](Draws("dev"), "mixed-1").script, "dev")
    assert {bool(line.before) for line in script.lines if line.to == "device"} == {True}
    assert not any(line.before for line in script.lines if line.to != "device")
