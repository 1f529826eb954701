from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from tests.scenes.mixer import Mixer, write_scene
from tests.scenes.rooms import MOUTH, Acoustics, Place, Room
from tests.scenes.script import Line, Noise, Person, Script, ScriptError, read_script, write_script
from tests.scenes.voices import Cast

from sottovoce_host.voice.hibari import Synthesiser

QUIET = (Noise("none"),)
ROOM = Room("room", (4.0, 3.2, 2.5), 0.3)


@pytest.fixture(scope="module")
def mixer(synthesiser: Synthesiser) -> Mixer:
    return Mixer(Cast(synthesiser))


def talk(noises: tuple[Noise, ...] = QUIET, gain_db: float = 0.0, distance_m: float = 2.0) -> Script:
    people = (
        Person("wearer", "synthetic:1"),
        Person("anna", "synthetic:2", Place(distance_m, 20.0)),
    )
    lines = (
        Line("wearer", "device", words="what time is it", after_s=1.0),
        Line("anna", "other", words="what time is it", after_s=1.0),
    )
    return Script("request-1", people, lines, ROOM, noises, gain_db=gain_db)


def level_db(pcm: np.ndarray, start_s: float, end_s: float) -> float:  # type: ignore[type-arg]
    part = pcm[0, round(start_s * 16_000) : round(end_s * 16_000)].astype(np.float64) / 32768
    return float(10 * np.log10(np.mean(part**2) + 1e-12))


def test_the_wearer_s_mouth_is_at_13_centimetres_and_the_direct_sound_falls_with_distance() -> None:
    acoustics = Acoustics()
    free = Room("anechoic")
    direct = {d: float(np.linalg.norm(acoustics.response(free, Place(d)))) for d in (0.0, 1.0, 2.0, 4.0)}
    assert direct[0.0] == pytest.approx(1 / 0.128, rel=0.05)
    assert direct[1.0] == pytest.approx(1, rel=0.1)
    assert direct[4.0] == pytest.approx(0.25, rel=0.1)


def test_a_bare_room_rings_longer_than_a_furnished_one() -> None:
    acoustics = Acoustics()
    ringing = [acoustics.response(Room("room", (4.0, 3.2, 2.5), rt), Place(2.0)).shape[1] for rt in (0.2, 0.5)]
    assert ringing[1] > 1.5 * ringing[0]


def test_two_microphones_hear_the_same_voice_from_two_places() -> None:
    near = Acoustics().response(ROOM, MOUTH, microphones=2)
    side = Acoustics().response(ROOM, Place(2.0, 80.0), microphones=2)
    assert near.shape[0] == side.shape[0] == 2
    assert not np.array_equal(side[0], side[1])


def test_a_second_microphone_changes_nothing_for_the_first_and_hears_the_wearer_louder(mixer: Mixer) -> None:
    script = talk((Noise("pink", 40.0), Noise("babble", 40.0)))
    one, two = mixer.mix(script), mixer.mix(replace(script, microphones=2))
    assert two.pcm.shape[0] == 2
    assert np.array_equal(two.pcm[0], one.pcm[0])
    wearer, anna = two.truth
    own, other = (
        level_db(two.pcm[1:], t.start_s, t.end_s) - level_db(two.pcm, t.start_s, t.end_s) for t in (wearer, anna)
    )
    assert own > other + 1.5


def test_the_wearer_is_louder_than_somebody_at_two_metres_and_the_truth_says_when_each_spoke(mixer: Mixer) -> None:
    mixed = mixer.mix(talk())
    wearer, anna = mixed.truth
    assert (wearer.who, wearer.to, anna.who, anna.to) == ("wearer", "device", "anna", "other")
    assert anna.start_s == pytest.approx(wearer.end_s + 1.0, abs=0.01)
    near, far = (level_db(mixed.pcm, t.start_s, t.end_s) for t in (wearer, anna))
    assert 8 < near - far < 24
    assert level_db(mixed.pcm, 0.1, 0.9) < far - 15


def test_noise_is_as_loud_as_the_script_says_and_gain_lifts_all(mixer: Mixer) -> None:
    noisy = mixer.mix(talk((Noise("hum", 50.0),))).pcm
    louder = mixer.mix(talk((Noise("hum", 50.0),), gain_db=6.0)).pcm
    assert level_db(noisy, 0.1, 0.9) == pytest.approx(50 - 106, abs=1.5)
    assert level_db(louder, 0.1, 0.9) == pytest.approx(56 - 106, abs=1.5)


def test_a_microphone_that_is_shouted_at_clips(mixer: Mixer) -> None:
    pcm = mixer.mix(talk(gain_db=35.0)).pcm
    assert np.abs(pcm).max() == 32767
    assert np.count_nonzero(np.abs(pcm) == 32767) > 100


def test_a_hesitation_makes_the_sentence_longer_and_silent_inside(mixer: Mixer) -> None:
    people = (Person("wearer", "synthetic:1"),)
    whole, halting = (
        mixer.mix(Script("x", people, (Line("wearer", "device", words=w),), noises=QUIET)).truth[0]
        for w in ("set a timer for ten minutes", "set a timer for | ten minutes")
    )
    assert halting.end_s - halting.start_s > whole.end_s - whole.start_s + 0.2
    assert halting.text == whole.text


def test_the_same_script_gives_the_same_samples_and_survives_being_written_as_toml(
    mixer: Mixer, tmp_path: Path
) -> None:
    script = talk((Noise("pink", 40.0), Noise("impacts", 50.0), Noise("babble", 40.0), Noise("music", 40.0)))
    first = mixer.mix(script)
    place = write_scene(tmp_path, script, first)
    again = read_script(place / "script.toml")
    assert again == script
    assert np.array_equal(mixer.mix(again).pcm, first.pcm)
    assert write_script(again) == (place / "script.toml").read_text()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lines = 3", "lines"),
        ("people = []\n[[lines]]\nwho = 'bob'\nwords = 'hi'", "'bob' speaks but is not among the people"),
        ("lines = []\n[[people]]\nname = 'wearer'\nvolume = 3", "volume"),
    ],
)
def test_a_script_that_cannot_be_played_is_refused_with_its_file_and_the_reason(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "bad-1.toml"
    path.write_text(text)
    with pytest.raises(ScriptError) as error:
        read_script(path)
    assert "bad-1.toml" in str(error.value)
    assert says in str(error.value)


def test_words_that_make_no_sound_are_refused_by_name(mixer: Mixer) -> None:
    script = replace(talk(), lines=(Line("wearer", "device", words="{}"),))
    with pytest.raises(ScriptError, match=r"the words '\{\}' make no sound"):
        mixer.mix(script)
