"""Days and moments, across months, years and changes of clocks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sottovoce_host.mind import dates, moments

TODAY = date(2026, 11, 24)  # a Tuesday
LONDON = ZoneInfo("Europe/London")

DAYS = {
    "today": (2026, 11, 24),
    "tomorrow": (2026, 11, 25),
    "yesterday": (2026, 11, 23),
    "the day after tomorrow": (2026, 11, 26),
    "friday": (2026, 11, 27),
    "on friday": (2026, 11, 27),
    "this friday": (2026, 11, 27),
    "next friday": (2026, 12, 4),
    "last friday": (2026, 11, 20),
    "tuesday": (2026, 12, 1),
    "last tuesday": (2026, 11, 17),
    "monday": (2026, 11, 30),
    "the third of march": (2027, 3, 3),
    "third of march": (2027, 3, 3),
    "march the third": (2027, 3, 3),
    "march third": (2027, 3, 3),
    "march 3rd": (2027, 3, 3),
    "march 3": (2027, 3, 3),
    "3 march": (2027, 3, 3),
    "the 3rd of march 2030": (2030, 3, 3),
    "december twenty fifth": (2026, 12, 25),
    "the twenty fifth of december": (2026, 12, 25),
    "the third of march nineteen eighty four": (1984, 3, 3),
    "the fourth of july 1776": (1776, 7, 4),
    "the 29th of february": (2028, 2, 29),
    "the twenty fourth": (2026, 11, 24),
    "the first": (2026, 12, 1),
    "the 31st": (2026, 12, 31),
    "christmas": (2026, 12, 25),
    "christmas day": (2026, 12, 25),
    "christmas eve": (2026, 12, 24),
    "christmas 2030": (2030, 12, 25),
    "christmas next year": (2027, 12, 25),
    "new years eve": (2026, 12, 31),
    "new years day": (2027, 1, 1),
    "halloween": (2027, 10, 31),
    "valentines day": (2027, 2, 14),
    "easter": (2027, 3, 28),
    "good friday": (2027, 3, 26),
    "easter 2026": (2026, 4, 5),
    "thanksgiving": (2026, 11, 26),
    "black friday": (2026, 11, 27),
    "in three weeks": (2026, 12, 15),
    "in 100 days": (2027, 3, 4),
    "a week from friday": (2026, 12, 4),
    "two weeks from tomorrow": (2026, 12, 9),
    "three days ago": (2026, 11, 21),
    "two days before christmas": (2026, 12, 23),
    "in a fortnight": (2026, 12, 8),
    "in six months": (2027, 5, 24),
    "a year ago": (2025, 11, 24),
}


@pytest.mark.parametrize(("said", "day"), DAYS.items())
def test_a_day_is_read(said: str, day: tuple[int, int, int]) -> None:
    assert dates.parse(said, TODAY) == date(*day)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "my birthday",
        "the fridge",
        "march",
        "the 32nd of march",
        "the 30th of february",
        "friday the thirteenth of",
        "in nine billion days",
    ],
)
def test_what_names_no_day_is_none(said: str) -> None:
    assert dates.parse(said, TODAY) is None


@pytest.mark.parametrize(
    ("year", "day"),
    [(2000, (4, 23)), (2024, (3, 31)), (2025, (4, 20)), (2038, (4, 25)), (1961, (4, 2)), (2285, (3, 22))],
)
def test_easter_falls_where_the_church_calendar_has_it(year: int, day: tuple[int, int]) -> None:
    assert dates.easter(year) == date(year, *day)


MOMENTS = {
    # said, for an alarm?, the moment; it is 16:20 on Tuesday the 24th
    ("half past six", True): (24, 18, 30),
    ("half past three", True): (25, 3, 30),
    ("seven tomorrow", True): (25, 7, 0),
    ("tomorrow at seven", True): (25, 7, 0),
    ("tomorrow morning at quarter to seven", True): (25, 6, 45),
    ("quarter to seven tomorrow morning", True): (25, 6, 45),
    ("seven tomorrow evening", True): (25, 19, 0),
    ("8 tonight", False): (24, 20, 0),
    ("tonight at 8", False): (24, 20, 0),
    ("tonight at twelve", False): (25, 0, 0),
    ("midnight tonight", False): (25, 0, 0),
    ("this evening at seven", False): (24, 19, 0),
    ("7 on friday", True): (27, 7, 0),
    ("friday at 7 pm", True): (27, 19, 0),
    ("friday at three", False): (27, 15, 0),
    ("friday at three", True): (27, 3, 0),
    ("friday at nine", False): (27, 9, 0),
    ("on friday morning at nine", False): (27, 9, 0),
    ("noon on the thirtieth of november", True): (30, 12, 0),
    ("the thirtieth of november at noon", True): (30, 12, 0),
    ("18:45", True): (24, 18, 45),
    ("06:30", True): (25, 6, 30),
    ("today at five", False): (24, 17, 0),
    ("at noon", False): (25, 12, 0),
}


@pytest.mark.parametrize(("said", "at"), MOMENTS.items())
def test_a_moment_is_the_next_that_fits(said: tuple[str, bool], at: tuple[int, int, int]) -> None:
    now = datetime(2026, 11, 24, 16, 20, tzinfo=LONDON)
    found = moments.parse(said[0], now, waking=said[1])
    assert found is not None
    assert found.at == datetime(2026, 11, *at, tzinfo=LONDON)


def test_a_day_alone_is_a_day_without_a_moment() -> None:
    found = moments.parse("tomorrow", datetime(2026, 11, 24, 16, 20, tzinfo=LONDON), waking=True)
    assert found == moments.Moment(None, date(2026, 11, 25))


@pytest.mark.parametrize("said", ["today at noon", "yesterday at five", "this morning at nine", "breakfast", ""])
def test_a_moment_that_is_past_is_none(said: str) -> None:
    found = moments.parse(said, datetime(2026, 11, 24, 16, 20, tzinfo=LONDON), waking=True)
    assert found is None or found.at is None


def test_an_alarm_across_the_spring_change_rings_at_the_hour_the_clock_shows() -> None:
    now = datetime(2027, 3, 27, 22, 0, tzinfo=LONDON)  # the clocks go forward that night
    found = moments.parse("seven tomorrow morning", now, waking=True)
    assert found is not None
    assert found.at is not None
    assert found.at.astimezone(UTC) == datetime(2027, 3, 28, 6, 0, tzinfo=UTC)


def test_an_alarm_across_the_autumn_change_rings_at_the_hour_the_clock_shows() -> None:
    now = datetime(2026, 10, 24, 22, 0, tzinfo=LONDON)  # the clocks go back that night
    found = moments.parse("seven", now, waking=True)
    assert found is not None
    assert found.at is not None
    assert found.at.astimezone(UTC) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


def test_a_time_the_clock_jumps_over_is_as_long_after_the_jump() -> None:
    now = datetime(2027, 3, 27, 22, 0, tzinfo=LONDON)
    found = moments.parse("half past one", now, waking=True)
    assert found is not None
    assert found.at is not None
    assert (found.at.hour, found.at.minute) == (2, 30)


def test_a_time_the_clock_shows_twice_is_the_first_then_the_second() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=LONDON)
    between = datetime(2026, 10, 25, 1, 45, tzinfo=LONDON)  # 00:45 UTC, still summer time
    for now, hour in ((before, 0), (between, 1)):
        found = moments.parse("half past one", now, waking=True)
        assert found is not None
        assert found.at is not None
        assert found.at.astimezone(UTC) == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
