import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce_host.mind.deixis import Sightings, pointing, spelt_out
from sottovoce_wire import LookedAt, Read, Said


def looked(label: str, until_ms: int, dwell_ms: int = 600, confidence: int = 80, session: int = 7) -> LookedAt:
    return LookedAt(
        session=session, at_ms=until_ms, label=label, confidence=confidence, dwell_ms=dwell_ms, source="eye", bearing=0
    )


def said(text: str, started_ms: int, ended_ms: int, session: int = 7) -> Said:
    return Said(
        session=session, at_ms=ended_ms + 200, turn=1, text=text, speaker="unknown", addressee="device", confidence=90,
        started_ms=started_ms, ended_ms=ended_ms, continues=False, evidence=(),
    )  # fmt: skip


def meant(seen: Sightings, text: str, started_ms: int, ended_ms: int) -> str | None:
    sight = seen.meant(said(text, started_ms, ended_ms), text)
    return sight.what if sight else None


def test_that_is_what_was_looked_at_when_it_was_said_and_not_when_the_answer_is_made() -> None:
    seen = Sightings()
    seen.take(looked("cup", 10_900))
    seen.take(looked("dog", 12_600))
    assert meant(seen, "add that to the shopping list", 10_500, 12_500) == "cup"
    assert meant(seen, "put on my shopping list that", 10_500, 12_500) == "dog"


def test_a_look_that_was_over_just_before_is_meant_and_one_of_long_ago_is_not() -> None:
    seen = Sightings()
    seen.take(looked("cup", 10_000))
    assert meant(seen, "remember that", 14_000, 15_000) == "cup"
    assert meant(seen, "remember that", 30_000, 31_000) is None


def test_what_was_seen_unsurely_or_in_another_session_of_the_glasses_is_not_meant() -> None:
    seen = Sightings()
    seen.take(looked("cup", 10_000, confidence=20))
    assert meant(seen, "remember that", 10_000, 11_000) is None
    seen.take(looked("cup", 10_000))
    assert seen.meant(said("remember that", 10_000, 11_000, session=8), "remember that") is None
    seen.take(looked("dog", 10_000, session=8))
    assert meant(seen, "remember that", 10_000, 11_000) is None


def test_words_that_point_at_nothing_have_no_sight() -> None:
    seen = Sightings()
    seen.take(looked("cup", 10_000))
    for text in ("remember that my keys are in the drawer", "set a timer for ten minutes", "is that right about him"):
        assert meant(seen, text, 9_900, 11_000) is None, text


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Add that to the list.", "Add apple to the list"),
        ("put this on my shopping list", "put apple on my shopping list"),
        ("Remember that.", "note: I saw an apple"),
        ("What is that?", "What is that?"),
    ],
)
def test_what_is_to_be_kept_is_spelt_out_and_questions_stay_as_they_are(text: str, becomes: str) -> None:
    seen = Sightings()
    seen.take(looked("apple", 10_000))
    sight = seen.meant(said(text, 9_500, 10_500), text)
    assert sight is not None
    assert spelt_out(text, sight) == becomes


def test_a_text_that_was_read_is_kept_word_for_word() -> None:
    seen = Sightings()
    seen.take(Read(session=7, at_ms=10_000, text="No entry", confidence=95, source="eye", command=0))
    text = "what does that sign say"
    sight = seen.meant(said(text, 9_500, 10_500), text)
    assert sight is not None
    assert spelt_out("remember this", sight) == "note: No entry"


@given(st.integers(0, 100_000), st.integers(1, 5_000), st.lists(st.integers(0, 100_000), max_size=50))
def test_what_is_meant_was_always_looked_at_before_the_words_were_over(
    start: int, length: int, times: list[int]
) -> None:
    seen = Sightings()
    for time in sorted(times):
        seen.take(looked(f"thing {time}", time))
    sight = seen.meant(said("remember that", start, start + length), "remember that")
    if sight is not None:
        assert sight.from_ms <= start + length + 400
        assert sight.until_ms >= start - 8_000


def test_the_pointing_word_has_a_place() -> None:
    assert pointing("what is that?") == pytest.approx(8 / 12)
    assert pointing("what time is it") is None
