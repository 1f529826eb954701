"""A reply becomes sound: the synthesiser's voice into the device's clock, and what is announced of it."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from stage import wait_until

from sottovoce_host.errors import UnspeakableError, VoiceError
from sottovoce_host.voice.hibari import FIRST_CLAUSE, Synthesiser, parts
from sottovoce_host.voice.player import Player
from sottovoce_host.voice.sink import RATE_HZ, Sink
from sottovoce_host.voice.speaker import Speaker
from sottovoce_host.voice.wav import WavFile

SHORT = "Four."
LONG = (
    "I tell the time and the date, set timers, alarms and reminders, work out sums and units, and keep notes and lists."
    " Just say it."
)


class Diary:
    """The sink's user and the glasses' host: what happened, in order, and when (monotonic seconds)."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.lines: list[tuple[float, bool, int, float]] = []

    async def announce(self, speaking: bool, lasts_ms: int) -> None:
        self.lines.append((time.monotonic(), speaking, lasts_ms, self._sink.remaining_s()))

    @property
    def words(self) -> list[bool]:
        return [speaking for _, speaking, _, _ in self.lines]


@pytest.fixture
def speaker() -> Iterator[Speaker]:
    with closing(Speaker(silent_device=True)) as made:
        yield made


async def until_sounding(sink: Sink) -> None:
    await asyncio.to_thread(wait_until, lambda: sink.remaining_s() > 0, "it sounds", 10)


def test_a_reply_is_announced_before_its_first_sound_and_when_it_has_sounded(
    synthesiser: Synthesiser, speaker: Speaker
) -> None:
    diary, started = Diary(speaker), list[float]()
    spoken = asyncio.run(Player(synthesiser, speaker, diary.announce).say(SHORT, started.append))
    (begin_s, _, lasts_ms, before), (end_s, _, nothing, after) = diary.lines
    assert diary.words == [True, False]
    assert before == 0, "sound was written before it was announced"
    assert after == 0, "the end was announced while it still sounded"
    assert nothing == 0
    assert spoken.whole
    assert started == [spoken.first_sound_ms]
    assert begin_s * 1000 <= started[0] <= end_s * 1000
    assert lasts_ms >= (end_s - begin_s) * 1000


@pytest.mark.parametrize(
    "text",
    [SHORT, LONG, "Noted: https://www.w3.org/ has 7777777 pages.", "WWW NATO BBC", "50% + 3€ = £7", "One, two, three."],
)
def test_the_announced_length_is_never_less_than_the_reply_lasts(
    synthesiser: Synthesiser, tmp_path: Path, text: str
) -> None:
    class Instant(WavFile):
        """A file that does not wait: only lengths matter here."""

        def remaining_s(self) -> float:
            return 0.0

    with closing(Instant(tmp_path / "reply.wav")) as sink:
        diary = Diary(sink)
        asyncio.run(Player(synthesiser, sink, diary.announce).say(text))
    lasts_s = sum(len(sound) for sound in synthesiser.stream(text)) / RATE_HZ
    assert diary.lines[0][2] / 1000 >= lasts_s + 0.5, "synthesis and the device's buffer take their time, too"


def test_a_reply_that_is_stopped_ends_at_once_and_says_that_it_was_not_whole(
    synthesiser: Synthesiser, speaker: Speaker
) -> None:
    diary = Diary(speaker)

    async def scenario() -> None:
        player = Player(synthesiser, speaker, diary.announce)
        saying = asyncio.create_task(player.say(LONG))
        await until_sounding(speaker)
        player.stop()
        assert speaker.remaining_s() == 0, "it goes on after it was stopped"
        spoken = await asyncio.wait_for(saying, 5)
        assert spoken.first_sound_ms is not None
        assert not spoken.whole
        assert speaker.remaining_s() == 0
        assert (await player.say(SHORT)).whole, "the next reply sounds as if nothing had been"

    asyncio.run(scenario())
    assert diary.words == [True, False, True, False]


def test_a_reply_that_was_stopped_while_it_waited_for_another_is_never_announced(
    synthesiser: Synthesiser, speaker: Speaker
) -> None:
    diary, started = Diary(speaker), list[float]()

    async def scenario() -> None:
        player = Player(synthesiser, speaker, diary.announce)
        sounding = asyncio.create_task(player.say(LONG))
        await until_sounding(speaker)
        waiting = asyncio.create_task(player.say(LONG, started.append))
        await asyncio.sleep(0)
        player.stop()
        assert (await player.say(SHORT)).whole, "what is said after the stop sounds"
        assert not (await sounding).whole
        assert (await waiting).first_sound_ms is None

    asyncio.run(scenario())
    assert started == []
    assert diary.words == [True, False] * 2


def test_two_replies_never_overlap(synthesiser: Synthesiser, speaker: Speaker) -> None:
    diary, started = Diary(speaker), list[float]()

    async def scenario() -> None:
        player = Player(synthesiser, speaker, diary.announce)
        await asyncio.gather(*(player.say(SHORT, started.append) for _ in range(3)))

    asyncio.run(scenario())
    assert diary.words == [True, False] * 3
    assert all(left == 0 for _, _, _, left in diary.lines)
    ends = [at_s * 1000 for at_s, speaking, _, _ in diary.lines if not speaking]
    assert all(end <= start for end, start in zip(ends, started[1:], strict=False))


def test_a_sink_that_fails_ends_the_reply_with_its_error_and_the_end_is_still_announced(
    synthesiser: Synthesiser,
) -> None:
    async def scenario() -> None:
        for _ in range(2):
            with pytest.raises(VoiceError, match="make room"):
                await asyncio.wait_for(player.say(SHORT), 10)

    with closing(WavFile(Path("/dev/full"))) as sink:
        diary = Diary(sink)
        player = Player(synthesiser, sink, diary.announce)
        asyncio.run(scenario())
    assert diary.words == [True, False, True, False]


def test_a_reply_that_is_let_go_in_the_middle_announces_its_end(synthesiser: Synthesiser, speaker: Speaker) -> None:
    diary = Diary(speaker)

    async def scenario() -> None:
        saying = asyncio.create_task(Player(synthesiser, speaker, diary.announce).say(LONG))
        await until_sounding(speaker)
        saying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await saying

    asyncio.run(scenario())
    assert diary.words == [True, False]


LONG_SENTENCES = [
    LONG,
    "The eiffel tower is three hundred and thirty metres high; that is one thousand and eighty-three feet.",
    "On your shopping list: milk, eggs, bread, butter, cheese, apples, pears, and a box of matches. That is all.",
]


@pytest.mark.parametrize("text", LONG_SENTENCES)
def test_the_first_clause_of_a_long_sentence_comes_first_and_nothing_is_lost(text: str) -> None:
    first, rest = parts(text)
    assert len(first) < len(text) * 0.6
    assert first[-1] in ",;:"
    assert f"{first} {rest}" == text


@pytest.mark.parametrize(
    "text", [SHORT, "Well, " + "x " * FIRST_CLAUSE + ".", "a " * FIRST_CLAUSE, "Yes. " + LONG, "", "One, two, three."]
)
def test_a_short_sentence_and_one_without_a_clause_worth_parting_stay_whole(text: str) -> None:
    assert parts(text) == [text]


def test_a_stretch_without_a_comma_and_a_number_without_words_are_spoken(synthesiser: Synthesiser) -> None:
    sounds = list(synthesiser.stream("milk eggs bread and butter " * 60))
    assert max(len(sound) for sound in sounds) / RATE_HZ < 60, "no piece is as long as the model's memory is wide"
    assert sum(len(sound) for sound in sounds) / RATE_HZ > 60
    assert sum(len(sound) for sound in synthesiser.stream("9" * 60)) / RATE_HZ > 15, "digit by digit"


@pytest.mark.parametrize("text", ["\N{HOT BEVERAGE}", "\u4f60\u597d", " "])
def test_what_cannot_be_spoken_is_told(synthesiser: Synthesiser, text: str) -> None:
    with pytest.raises(UnspeakableError, match="nothing in a reply that the voice can speak"):
        list(synthesiser.stream(text))


def test_sound_of_a_long_reply_comes_in_pieces_that_are_as_long_as_the_clauses(synthesiser: Synthesiser) -> None:
    def seconds(sounds: Iterator[NDArray[np.float32]]) -> float:
        return sum(len(sound) for sound in sounds) / RATE_HZ

    first, rest = parts(LONG)
    pieces = list(synthesiser.stream(LONG))
    assert len(pieces[0]) / RATE_HZ == pytest.approx(seconds(synthesiser.stream(first)), rel=0.1)
    assert seconds(iter(pieces[1:])) == pytest.approx(seconds(synthesiser.stream(rest)), rel=0.1)
    assert all(piece.dtype == np.float32 and piece.ndim == 1 and np.abs(piece).max() <= 1 for piece in pieces)
    assert seconds(synthesiser.stream(LONG, 2.0)) < 0.7 * seconds(iter(pieces))


def test_what_is_not_wanted_any_more_when_its_turn_comes_is_not_said(
    synthesiser: Synthesiser, speaker: Speaker
) -> None:
    async def run() -> None:
        diary = Diary(speaker)
        player = Player(synthesiser, speaker, diary.announce)
        first = asyncio.create_task(player.say(SHORT))
        await until_sounding(speaker)
        wanted = [True]
        second = asyncio.create_task(player.say(SHORT, wanted=lambda: wanted[0]))
        wanted[0] = False
        assert (await first).whole
        assert (await second).first_sound_ms is None
        assert diary.words == [True, False]

    asyncio.run(run())
