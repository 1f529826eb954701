"""A request that falls in with somebody else's sentence: the end of that is in the memory that its words come from."""

from pathlib import Path

from tests.scenes.listening import Glasses, recordings
from tests.scenes.mixer import Mixer, write_scene
from tests.scenes.rooms import Place, Room
from tests.scenes.script import Line, Person, Script
from tests.scenes.voices import Cast

from sottovoce_host.voice.hibari import Synthesiser

PEOPLE = (Person("wearer", "synthetic:1"), Person("ben", "synthetic:9", Place(1.6), level_db=64.0))
LINES = (
    Line("", after_s=1.5),
    Line("wearer", "device", "what time is it in new york"),
    Line("ben", "other", "we went there in the summer with seven monkeys", after_s=10.0),
    Line("wearer", "device", "can you please tell me what the weather will be like tomorrow", after_s=0.1),
    Line("ben", "other", "and we came home again with seven donkeys", after_s=10.0),
    Line("wearer", "device", "could you please turn on the light in the kitchen", after_s=0.1),
)


def test_the_end_of_somebody_elses_sentence_is_not_heard_with_the_request_that_follows_at_once(
    synthesiser: Synthesiser, tmp_path: Path
) -> None:
    script = Script("table-001", PEOPLE, LINES, Room("room", (4.4, 3.6, 2.5), 0.4))
    write_scene(tmp_path, script, Mixer(Cast(synthesiser)).mix(script))
    glasses = Glasses()
    result = glasses.listen(*recordings(tmp_path))
    asked = [one for one in result.judged if one.addressed]
    assert [one.opened for one in result.judged] == [one.addressed for one in result.judged]
    assert all(last in one.said for one, last in zip(asked, ("York", "tomorrow", "kitchen"), strict=True))
    assert not any("key" in one.said for one in asked)
    assert result.recognised == 0
