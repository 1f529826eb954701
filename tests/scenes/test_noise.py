"""Noise is not distance: it fills the gaps between the pulses of a near voice as an echo fills those of a far one."""

from pathlib import Path

from tests.scenes.mixer import Mixer, write_pcm
from tests.scenes.rooms import Place, Room
from tests.scenes.script import Line, Noise, Person, Script
from tests.scenes.voices import Cast

from sottovoce_device.config import Config
from sottovoce_device.replay import Replay
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_wire import Said

WEARER = Person("wearer", "synthetic:56", level_db=60.0)
GUEST = Person("guest", "synthetic:14", Place(1.5, 30.0), level_db=60.0)
LOUD = Noise(level_db=65.0)
"""A room in which one has to raise one's voice, to be understood from a metre away."""
ASKS = "what is the time in tokyo"


def test_in_a_loud_room_the_wearer_is_heard_and_who_stands_beside_them_is_not(
    synthesiser: Synthesiser, tmp_path: Path
) -> None:
    lines = [Line("wearer", "device", ASKS, after_s=5.0)] * 4 + [Line("guest", "other", ASKS, after_s=5.0)] * 3
    room = Room("room", (4.5, 4.1, 3.1), 0.6)
    script = Script("loud", (WEARER, GUEST), (Line("", after_s=1.5), *lines), room, (LOUD,), seed=3, tail_s=2.0)
    mixed = Mixer(Cast(synthesiser)).mix(script)
    write_pcm(tmp_path / "scene.wav", mixed.pcm)
    said = [e.event.at_ms / 1000 for e in Replay(Config()).run(tmp_path / "scene.wav") if isinstance(e.event, Said)]
    guest_from_s = min(t.start_s for t in mixed.truth if t.who == "guest")
    assert len([s for s in said if s < guest_from_s]) >= 3, "the first may pass: nobody knows how loud the wearer is"
    assert not [s for s in said if s >= guest_from_s]
