from collections.abc import Callable

import numpy as np
import pytest
from tests.scenes.loudspeaker import WORST, Leak, Looped
from tests.scenes.mixer import Mixer, write_pcm
from tests.scenes.rooms import Acoustics, Place, Room
from tests.scenes.script import Line, Person, Script
from tests.scenes.voices import SYNTHESIS_HZ, Cast

from sottovoce_device.config import Config
from sottovoce_device.replay import Left
from sottovoce_host.voice.envelope import foretold
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_wire import Interrupted, Said

FURNISHED, BARE, OUTDOORS = Room(rt60_s=0.25), Room("room", (7.0, 5.0, 3.0), 0.8), Room("outdoors")
Talk = Callable[..., tuple[list[Left], list[tuple[float, float]]]]


@pytest.fixture(scope="module")
def talk(synthesiser: Synthesiser, tmp_path_factory: pytest.TempPathFactory) -> Talk:
    acoustics = Acoustics()
    mixer = Mixer(Cast(synthesiser), acoustics)
    dry = np.concatenate(list(synthesiser.stream(WORST)))
    looped = Looped(Config(), lambda _: None)

    def talked(leak: Leak, *lines: Line, told: bool = False) -> tuple[list[Left], list[tuple[float, float]]]:
        """What leaves, and when replies sounded, where everything that opens the gate is answered in this room."""
        path = tmp_path_factory.mktemp("loop") / "scene.wav"
        script = Script("loop", (Person("wearer", "synthetic:5"),), (Line("", after_s=1.5), *lines), leak.room)
        write_pcm(path, mixer.mix(script).pcm)
        sound = leak.arrived(dry, SYNTHESIS_HZ, acoustics)
        looped.answers = lambda _: sound
        looped.foretold = tuple(foretold(dry, 0.0)) if told else ()
        return looped.talk(path), looped.heard

    return talked


ASKS = Line("wearer", "device", "what is the time in tokyo")
LONGER = Line("", after_s=12.0)


def kinds(left: list[Left]) -> list[str]:
    return [type(e.event).__name__ for e in left if isinstance(e.event, Said | Interrupted)]


@pytest.mark.parametrize("room", [FURNISHED, BARE, OUTDOORS], ids=["furnished", "bare", "outdoors"])
def test_a_reply_from_a_loudspeaker_in_the_room_is_neither_answered_nor_an_interruption(talk: Talk, room: Room) -> None:
    left, heard = talk(Leak(room), ASKS, LONGER, ASKS, LONGER)
    assert kinds(left) == ["Said", "Said"]
    assert [round(ends - starts) > 8_000 for starts, ends in heard] == [True, True], "both replies sounded to their end"


def test_the_wearer_stops_a_reply_that_the_glasses_hear_and_what_was_said_is_answered(talk: Talk) -> None:
    left, heard = talk(Leak(FURNISHED), ASKS, Line("wearer", "device", "what day is it tomorrow", after_s=3.0), LONGER)
    assert kinds(left) == ["Said", "Interrupted", "Said"]
    (starts, ends), (_, last) = heard
    assert ends - starts < 3_500
    assert last - ends > 8_000, "the second reply sounds to its end"


@pytest.mark.parametrize("room", [FURNISHED, BARE, OUTDOORS], ids=["furnished", "bare", "outdoors"])
def test_a_reply_that_was_foretold_may_be_nearly_as_loud_as_the_wearer_and_the_wearer_still_stops_it(
    talk: Talk, room: Room
) -> None:
    loud = Leak(room, level_db=-6.0)
    left, heard = talk(loud, ASKS, LONGER, ASKS, Line("wearer", "device", "never mind", after_s=3.0), LONGER, told=True)
    assert kinds(left)[:4] == ["Said", "Said", "Interrupted", "Said"]
    (starts, ends), (again, stopped) = heard[:2]
    assert ends - starts > 8_000, "nobody spoke into the first reply"
    assert stopped - again < 3_500


def test_a_reply_at_the_wearer_s_ear_and_as_loud_as_the_wearer_would_be_taken_for_the_wearer(talk: Talk) -> None:
    left, _ = talk(Leak(Room("anechoic"), Place(0.2), level_db=0.0), ASKS, LONGER)
    assert "Interrupted" in kinds(left), "this loop can tell a reply that is heard from one that is not"
