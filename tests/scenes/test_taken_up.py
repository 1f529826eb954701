"""The same question, amid the same talk: somebody takes it up, or nobody does."""

from pathlib import Path

import pytest
from tests.scenes.mixer import Mixer, write_scene
from tests.scenes.rooms import Place, Room
from tests.scenes.script import Line, Person, Script
from tests.scenes.voices import Cast

from sottovoce_device.config import Config
from sottovoce_device.replay import Replay
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_wire import Attended, Said
from sottovoce_wire.because import because

PEOPLE = (Person("wearer", "synthetic:1", level_db=63.0), Person("anna", "synthetic:9", Place(1.0), facing=True))
QUESTION = "can you turn that down a little"
TALK = (
    Line("", after_s=1.5),
    Line("anna", "other", "we went there in the summer with the whole family"),
    Line("wearer", "other", "my brother was there and he said it was lovely", after_s=0.3),
    Line("anna", "other", "I want to go back there next year", after_s=0.3),
    Line("wearer", "other", QUESTION, after_s=1.8),
)
ANSWER = Line("anna", "other", "yes of course I did not notice that it was so loud", after_s=0.3)


def heard(folder: Path, synthesiser: Synthesiser, *after: Line) -> tuple[list[str], Attended]:
    """What was said to the host, and the last line of the ledger about the question."""
    script = Script("table-001", PEOPLE, (*TALK, *after), Room("room", (4.4, 3.6, 2.5), 0.4), tail_s=2.0)
    place = write_scene(folder, script, Mixer(Cast(synthesiser)).mix(script))
    events = [left.event for left in Replay(Config()).run(place / "sound.wav")]
    lines = [e for e in events if isinstance(e, Attended) and {"question", "length"} & {r.name for r in e.evidence}]
    return [e.text for e in events if isinstance(e, Said)], lines[-1]


@pytest.mark.parametrize("answered", [True, False])
def test_what_somebody_takes_up_was_for_them_and_what_nobody_does_may_be_for_the_glasses(
    answered: bool, synthesiser: Synthesiser, tmp_path: Path
) -> None:
    said, line = heard(tmp_path, synthesiser, *([ANSWER] if answered else []))
    assert [text.strip(" ?.").lower() for text in said] == ([] if answered else [QUESTION])
    why = because(line)
    assert ("somebody else took it up" in why) == answered
    assert ("nobody else took it up" in why) == (not answered)
