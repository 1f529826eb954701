import pytest
from msgspec.structs import replace

from sottovoce_device.config import AttentionConfig
from sottovoce_device.decide.addressee import Addressee
from sottovoce_device.decide.ask import Heard
from sottovoce_device.decide.attention import Attention, Sounded
from sottovoce_device.decide.exchange import ECHO_MS, Around, Exchange, Stretch
from sottovoce_device.decide.presses import Act
from sottovoce_device.decide.sight_cues import SightCues
from sottovoce_device.words import read_words
from sottovoce_wire import Attended, Said

MODEL = Addressee(read_words())
SURE = "What time is it in Tokyo?"
UNSURE = "Can you turn that down a bit?"
HOPELESS = "Yeah, I think so too."
ENDS_MS = 11_000
TOGETHER = Around(other_ms=3_000)
NEAR = Sounded(3.0, talking_on=0.5)
BLOCK_MS = 32.0


def glasses(around: Around, **config: object) -> Attention:
    rule = Attention(AttentionConfig(**config), MODEL)  # type: ignore[arg-type]
    rule.begin(1, 10_000, 10_100, around, sure=True)
    return rule


def heard(text: str) -> Heard:
    return Heard(1, text, True, False, 10_000, ENDS_MS)


def waits_ms(rule: Attention, text: str, sounded: Sounded = NEAR) -> int:
    """For how much silence the verdict on these words waits."""
    quiet = range(200, 4_000, 20)
    return next(ms for ms in quiet if not rule.unsettled(heard(text), replace(sounded, quiet_ms=ms))) - 200


def verdict(rule: Attention, text: str, quiet_ms: int, sounded: Sounded) -> tuple[Attended, bool]:
    (line, *words) = rule.step(heard(text), ENDS_MS + 200, lambda at: at, replace(sounded, quiet_ms=quiet_ms))
    assert isinstance(line, Attended)
    return line, any(isinstance(one, Said) for one in words)


def test_only_what_nobody_is_sure_of_waits() -> None:
    assert waits_ms(glasses(Around()), SURE) == 0
    assert waits_ms(glasses(TOGETHER), HOPELESS) == 0
    assert waits_ms(glasses(Around()), UNSURE) == 0, "nobody is there"
    assert 600 <= waits_ms(glasses(TOGETHER), UNSURE) <= 800
    assert waits_ms(glasses(TOGETHER, waits_ms=2_000), UNSURE) > 800
    assert waits_ms(glasses(TOGETHER, waits_ms=0), UNSURE) == 0
    assert waits_ms(glasses(TOGETHER, mode="everything"), UNSURE) == 0


def test_somebody_else_s_words_end_the_wait_and_speak_against() -> None:
    answered = replace(NEAR, taken_up=True)
    assert waits_ms(glasses(TOGETHER), UNSURE, answered) == 0
    line, opened = verdict(glasses(TOGETHER), UNSURE, 500, answered)
    assert not opened
    assert {e.name for e in line.evidence if e.weight < 0} >= {"taken_up"}
    line, opened = verdict(glasses(TOGETHER), UNSURE, 1_000, NEAR)
    assert opened
    assert {e.name for e in line.evidence if e.weight > 0} >= {"not_taken_up"}


def test_silence_tells_the_more_the_longer_it_lasts_and_nothing_where_nobody_is_there() -> None:
    def told(around: Around, quiet_ms: int) -> int:
        line, _ = verdict(glasses(around), SURE, quiet_ms, NEAR)
        return sum(e.weight for e in line.evidence if e.name == "not_taken_up")

    assert 0 == told(TOGETHER, 190) < told(TOGETHER, 500) < told(TOGETHER, 900) < told(TOGETHER, 1_000)
    assert told(TOGETHER, 3_000) == told(TOGETHER, 1_000)
    assert told(Around(), 1_000) == 0
    assert told(Around(other_ms=31_000), 1_000) == 0


def test_the_silence_of_who_only_came_by_tells_nothing() -> None:
    def told(around: Around, *faced: bool) -> int:
        rule = glasses(around)
        for number, one in enumerate(faced):
            rule.see(SightCues(looks_at_person=False, faced_by_person=one, at_ms=9_000 + 500 * number))
        rule.begin(1, 10_000, 10_100, around, sure=True)
        line, _ = verdict(rule, UNSURE, 1_000, NEAR)
        return sum(e.weight for e in line.evidence if e.name == "not_taken_up")

    assert told(TOGETHER) == told(TOGETHER, True, True, True) > 0, "sight has weights of its own"
    assert told(Around(), True, False, False) == 0


def test_who_presses_the_button_is_not_kept_waiting() -> None:
    rule = Attention(AttentionConfig(), MODEL)
    rule.press(Act("held", 9_000), 9_400)
    rule.begin(1, 10_000, 10_100, TOGETHER, sure=True)
    assert waits_ms(rule, HOPELESS) == 0
    assert verdict(rule, HOPELESS, 200, replace(NEAR, taken_up=True))[1]


def test_who_speaks_on_leaves_nobody_the_time_to_answer() -> None:
    said = replace(heard(UNSURE), continues=True)
    for sounded in (NEAR, replace(NEAR, taken_up=True)):
        (line, *_) = glasses(TOGETHER).step(said, ENDS_MS + 1_000, lambda at: at, replace(sounded, quiet_ms=1_000))
        assert isinstance(line, Attended)
        assert not {"taken_up", "not_taken_up"} & {e.name for e in line.evidence}


class Table:
    """Who speaks when, block by block. lines: what the ledger gets of others."""

    def __init__(self) -> None:
        self.rule = Exchange()
        self.at_ms = 0.0
        self.lines: list[Stretch] = []

    def play(self, seconds: float, logit: float | None = None, *, replying: bool = False) -> None:
        for _ in range(round(seconds * 1000 / BLOCK_MS)):
            self.at_ms += BLOCK_MS
            near = logit is not None and logit > 0
            line = self.rule.step(
                self.at_ms, BLOCK_MS, speech=logit is not None, near=near, logit=logit or 0.0, replying=replying
            )
            self.lines += [] if line is None else [line]

    def wearer(self, seconds: float) -> None:
        self.play(seconds, 3.0)

    def other(self, seconds: float) -> None:
        self.play(seconds, -5.0)


def test_a_word_of_somebody_else_takes_it_up_and_the_echo_of_the_wearer_does_not() -> None:
    table = Table()
    table.wearer(1.0)
    table.other(ECHO_MS / 1000)
    assert not table.rule.taken_up
    table.other(0.1)
    assert not table.rule.taken_up, "a cough"
    table.other(0.1)
    assert table.rule.taken_up
    table.wearer(0.1)
    assert not table.rule.taken_up, "and now the wearer has the word again"


def test_talk_with_the_wearer_says_nothing_of_how_often_others_speak_anyway_and_a_television_does() -> None:
    talk, television = Table(), Table()
    for _ in range(10):
        talk.wearer(2.0)
        talk.play(0.3)
        talk.other(3.0)
        talk.play(0.3)
        television.other(3.0)
        television.play(0.3)
    television.wearer(2.0)
    assert talk.rule.around(talk.at_ms).by_chance == pytest.approx(Exchange().around(0).by_chance, abs=0.05)
    assert television.rule.around(television.at_ms).by_chance > 0.7


def test_what_the_wearer_mutters_is_nobody_else() -> None:
    table = Table()
    table.wearer(1.0)
    table.play(1.0)
    table.play(1.0, -0.6)
    table.play(2.0)
    assert table.rule.around(table.at_ms).other_ms is None
    table.other(1.0)
    table.play(2.0)
    assert table.rule.around(table.at_ms).other_ms == pytest.approx(2_000, abs=50)


def test_the_glasses_own_reply_is_nobody_else_either() -> None:
    table = Table()
    table.wearer(1.0)
    table.play(0.5)
    table.play(3.0, -5.0, replying=True)
    assert not table.rule.taken_up
    table.play(2.0)
    assert table.rule.around(table.at_ms).other_ms is None
    assert not table.lines
    table.play(1.0, -5.0, replying=True)
    table.other(1.0)
    assert table.rule.taken_up, "who goes on when the reply is over is somebody"
    table.play(2.0)
    assert table.rule.around(table.at_ms).other_ms == pytest.approx(2_000, abs=50)


def test_a_long_reply_tells_nothing_of_how_often_others_speak() -> None:
    table = Table()
    table.play(1.0)
    before = table.rule.around(table.at_ms).by_chance
    table.play(40.0, -5.0, replying=True)
    assert table.rule.around(table.at_ms).by_chance == before
    table.other(20.0)
    table.play(1.0)
    assert table.rule.around(table.at_ms).by_chance > before + 0.2
    assert len(table.lines) == 1


def test_a_stranger_whose_voice_is_near_is_somebody_else() -> None:
    table = Table()
    table.wearer(1.0)
    table.rule.was_other(0.0, 1_000.0, -4.0)
    table.play(2.0)
    assert table.rule.around(table.at_ms).other_ms == pytest.approx(2_000, abs=50)
