"""Lengths of time and times of day."""

from datetime import UTC, datetime

import pytest

from sottovoce_host.mind import clocktimes, durations, phrasing

DURATIONS = {
    "ninety seconds": 90,
    "5 minutes": 300,
    "five minutes": 300,
    "a minute": 60,
    "an hour": 3600,
    "half an hour": 1800,
    "half hour": 1800,
    "half a minute": 30,
    "a quarter of an hour": 900,
    "three quarters of an hour": 2700,
    "an hour and a half": 5400,
    "one and a half hours": 5400,
    "1.5 hours": 5400,
    "two and a half minutes": 150,
    "2 1/2 minutes": 150,
    "a minute and a half": 90,
    "two minutes and ten seconds": 130,
    "two hours fifteen minutes": 8100,
    "an hour and twenty minutes": 4800,
    "one hour thirty": 5400,
    "two minutes thirty": 150,
    "1 hour 2 minutes and 3 seconds": 3723,
    "a couple of minutes": 120,
    "a hundred and twenty seconds": 120,
    "two days": 172800,
    "a week": 604800,
    "to minutes": 120,
    "for minutes": 240,
    "10 mins": 600,
}


@pytest.mark.parametrize(("said", "seconds"), DURATIONS.items())
def test_a_length_of_time_is_read(said: str, seconds: int) -> None:
    assert durations.parse(said) == seconds


@pytest.mark.parametrize(
    "said",
    ["", "five", "minutes", "five minutes five minutes", "ten minutes and an hour", "minutes five", "a", "five pasta"],
)
def test_what_is_no_length_of_time_is_none(said: str) -> None:
    assert durations.parse(said) is None


CLOCK = {
    "half past six": (6, 30, False),
    "half past 6": (6, 30, False),
    "half six": (6, 30, False),
    "6:30": (6, 30, False),
    "6.30": (6, 30, False),
    "six thirty": (6, 30, False),
    "6 30": (6, 30, False),
    "630": (6, 30, False),
    "6:30 pm": (18, 30, True),
    "6.30 am": (6, 30, True),
    "18:45": (18, 45, True),
    "06:30": (6, 30, True),
    "seven": (7, 0, False),
    "7 oclock": (7, 0, False),
    "seven oclock in the evening": (19, 0, True),
    "seven in the morning": (7, 0, True),
    "eleven at night": (23, 0, True),
    "twelve at night": (0, 0, True),
    "3 in the afternoon": (15, 0, True),
    "quarter to seven": (6, 45, False),
    "a quarter to seven": (6, 45, False),
    "a quarter past 9": (9, 15, False),
    "quarter after nine": (9, 15, False),
    "ten to five": (4, 50, False),
    "ten minutes to five": (4, 50, False),
    "ten of five": (4, 50, False),
    "twenty five past four": (4, 25, False),
    "twenty to one": (12, 40, False),
    "five past twelve pm": (12, 5, True),
    "five oh five": (5, 5, False),
    "twelve forty five pm": (12, 45, True),
    "twelve am": (0, 0, True),
    "12 pm": (12, 0, True),
    "noon": (12, 0, True),
    "midday": (12, 0, True),
    "midnight": (0, 0, True),
    "half past six in the morning": (6, 30, True),
    "9 pm sharp": None,
    "9 sharp": (9, 0, False),
}


@pytest.mark.parametrize(("said", "time"), [(said, time) for said, time in CLOCK.items() if time])
def test_a_time_of_day_is_read(said: str, time: tuple[int, int, bool]) -> None:
    assert clocktimes.parse(said) == clocktimes.ClockTime(*time)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "25",
        "6:75",
        "13 am",
        "half past",
        "quarter to",
        "seven eight nine",
        "tea",
        "past six",
        "thirteen past fourteen thirty",
    ],
)
def test_what_is_no_time_of_day_is_none(said: str) -> None:
    assert clocktimes.parse(said) is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "one second"),
        (60, "a minute"),
        (90, "a minute and a half"),
        (130, "two minutes and ten seconds"),
        (150, "two and a half minutes"),
        (540, "nine minutes"),
        (1800, "half an hour"),
        (3600, "an hour"),
        (5400, "an hour and a half"),
        (7200, "two hours"),
        (9000, "two and a half hours"),
        (7325, "two hours, two minutes and five seconds"),
        (90000, "one day and one hour"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: int, said: str) -> None:
    assert phrasing.duration(seconds) == said


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ((4, 0), "four o'clock"),
        ((16, 20), "twenty past four"),
        ((6, 30), "half past six"),
        ((18, 45), "quarter to seven"),
        ((12, 0), "noon"),
        ((0, 0), "midnight"),
        ((0, 15), "quarter past twelve"),
        ((12, 50), "ten to one"),
        ((23, 55), "five to twelve"),
        ((7, 5), "five past seven"),
        ((7, 3), "seven oh three"),
        ((7, 42), "seven forty-two"),
    ],
)
def test_a_time_is_said_as_people_say_it(time: tuple[int, int], said: str) -> None:
    assert phrasing.clock(datetime(2026, 11, 24, *time, tzinfo=UTC)) == said


@pytest.mark.parametrize("minute", range(0, 1440, 7))
def test_every_time_said_with_its_half_of_the_day_is_heard_again(minute: int) -> None:
    moment = datetime(2026, 11, 24, minute // 60, minute % 60, tzinfo=UTC)
    heard = clocktimes.parse(phrasing.clock(moment, half=True).replace("-", " ").replace("o'clock", "oclock"))
    assert heard is not None
    assert (heard.hour, heard.minute) == (moment.hour, moment.minute)
