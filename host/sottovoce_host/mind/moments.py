"""When something is to happen: a time, a day, or both ("tomorrow at seven", "half past six on Friday")."""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from sottovoce_host.mind import clocktimes, dates, durations, phrasing
from sottovoce_host.mind.clocktimes import HALF_DAY_HOURS, ClockTime

_DAY_PART = re.compile(r"^(?:(?P<day>.+?) (?:in the )?)?(?P<part>morning|afternoon|evening|night)$")
_PREPOSITION = re.compile(r"^(?:(?:at|for|by|from) )?(?:(?:around|about|roughly|exactly) )?")
_PART_FIRST = re.compile(r"^(in the (?:morning|afternoon|evening)) (?:at )?(.+)$")
_EARLIEST_DAYTIME = 7
_LATEST_NIGHT = 5
_LONGEST = 16
_LONGEST_OBJECT = 4
_NOT_ALONE = re.compile(
    r"\b(?:from|of|about|since|than|for|i|you|he|she|it|we|they|there|who|whom|whose|that|which|what|when|where|why|how|"
    r"if|because|as|and|was|were|had|did|got|came|went|bought|sent|made|said|told|wrote|left|lost|found|took|gave|met|"
    r"paid|broke|saw|heard|began|brought|held|kept|won|\w+ed)\b"
)

OVER = "that's over already"
"""Why nothing can be at a moment that was."""


class Moment(msgspec.Struct, frozen=True):
    """A moment that was named.

    at: the instant, aware, in the wearer's zone; None when only a day was named.
    day: the day that was named; None when only a time was.
    """

    at: datetime | None
    day: date | None


class _Day(msgspec.Struct, frozen=True):
    day: date
    part: str | None


def local(day: date, clock: time, now: datetime) -> datetime:
    """Give the instant at which the wearer's clock shows `clock` on `day`, in the zone of `now`.

    Clocks that jump over it: as long after the jump as it would have been. Clocks that show it twice: the first,
    or the second once the first is past.
    """
    instants = [datetime.combine(day, clock.replace(fold=fold), now.tzinfo).astimezone(UTC) for fold in (0, 1)]
    chosen = instants[1] if instants[0] <= now < instants[1] else instants[0]
    return chosen.astimezone(now.tzinfo)


def _day(text: str, now: datetime) -> _Day | None:
    today = now.date()
    if text == "tonight":
        return _Day(today, "night")
    part = _DAY_PART.match(text)
    if part:
        name = part["day"] or ""
        ago = {"this": 0, "last": 1}.get(name)
        found = dates.parse(name, today) if ago is None else today - timedelta(ago)
        return _Day(found, part["part"]) if found else None
    found = dates.parse(text, today)
    return _Day(found, None) if found else None


def _before_dawn(clock: time, day: date, now: datetime) -> date:
    """The date of an hour before dawn in the night of a day: the next one's, unless tonight's is yet to come."""
    over = day < now.date()
    if over or (day == now.date() and now.hour < _LATEST_NIGHT and local(day, clock, now).astimezone(UTC) > now):
        return day
    return day + timedelta(1)


def _on_day(clock: ClockTime, day: _Day, now: datetime, *, waking: bool) -> datetime | None:
    hour, date_ = clock.hour, day.day
    if day.part == "night" and (hour < _LATEST_NIGHT or (hour == HALF_DAY_HOURS and not clock.settled)):
        hour %= HALF_DAY_HOURS
        date_ = _before_dawn(time(hour, clock.minute), date_, now)
    elif not clock.settled:
        if day.part in {"afternoon", "evening", "night"}:
            hour = hour % HALF_DAY_HOURS + HALF_DAY_HOURS
        elif day.part is None and not waking:
            hour = hour if _EARLIEST_DAYTIME <= hour <= HALF_DAY_HOURS else hour + HALF_DAY_HOURS
        else:
            hour %= HALF_DAY_HOURS
    elif (hour, clock.minute, day.part) == (0, 0, None) and (date_ - now.date()).days in {0, 1}:
        date_ += timedelta(1)  # today's and tomorrow's midnight is the one that ends the day
    at = local(date_, time(hour, clock.minute), now)
    if at.astimezone(UTC) <= now and not clock.settled and hour < HALF_DAY_HOURS and day.part is None:
        at = local(date_, time(hour + HALF_DAY_HOURS, clock.minute), now)
    return at if at.astimezone(UTC) > now else None


def upcoming(clock: ClockTime, now: datetime) -> datetime:
    """Give the next instant at which a clock shows this time; on the dial either half of the day will do."""
    hours = (
        (clock.hour,) if clock.settled else (clock.hour % HALF_DAY_HOURS, clock.hour % HALF_DAY_HOURS + HALF_DAY_HOURS)
    )
    days = (now.date() + timedelta(n) for n in range(3))
    instants = [local(day, time(hour, clock.minute), now) for day in days for hour in hours]
    return min((instant for instant in instants if instant.astimezone(UTC) > now), key=datetime.timestamp)


def upcoming_on(days: Collection[int], clock: time, now: datetime) -> datetime:
    """Give the next instant at which the wearer's clock shows this on one of these weekdays, Monday 0."""
    coming = (now.date() + timedelta(n) for n in range(8))
    instants = (local(day, clock, now) for day in coming if day.weekday() in days)
    return next(instant for instant in instants if instant.astimezone(UTC) > now)


def parse(text: str, now: datetime, *, waking: bool) -> Moment | None:
    """Give the moment a text names, if it names one and nothing else; it is always after `now`.

    waking: it is for an alarm: an hour on a named day is the first such hour. Otherwise one by day: "Friday at three"
    is in the afternoon.
    """
    if len(text.split()) > _LONGEST:
        return None
    text = _PART_FIRST.sub(r"\2 \1", _PREPOSITION.sub("", text))
    clock = clocktimes.parse(text)
    if clock:
        part = re.search(r"this (morning|afternoon|evening)$", text)
        at = _on_day(clock, _Day(now.date(), None), now, waking=waking) if part else upcoming(clock, now)
        return Moment(at, None) if at else None
    only = _day(text, now)
    if only and only.day >= now.date():
        return Moment(None, only.day)
    if _missing(text, now):
        return None
    for clock, named in _times_beside(text.split()):
        if day := _day(named, now):
            at = _on_day(clock, day, now, waking=waking)
            return Moment(at, day.day) if at else None
    return None


def hindrance(text: str, now: datetime, *, waking: bool, alone: bool = True) -> str:
    """Say why nothing can be at the moment that a text names: it is over, or there is no such day; else empty.

    alone: a day that is over counts without a time, too.
    """
    text = _PREPOSITION.sub("", text)
    if len(text.split()) > _LONGEST or parse(text, now, waking=waking):
        return ""
    times = list(_times_beside(text.split()))
    for named in (text, *(named for _, named in times)):
        if gone := _missing(named, now):
            return phrasing.no_day(*gone)
    day, length = _day(text, now), durations.parse(text.removesuffix(" ago"))
    over = clocktimes.parse(text) or any(_day(named, now) for _, named in times)
    return OVER if over or (alone and (day or (length and text.endswith(" ago")))) else ""


def stands_alone(before: str) -> bool:
    """Tell whether a moment behind these words can only be when to do it: they are a verb and its object at most.

    "Call Bob [yesterday at five]" are; "return the book I bought [yesterday at five]" are not.
    """
    return len(before.split()) <= _LONGEST_OBJECT and not _NOT_ALONE.search(before)


def _missing(text: str, now: datetime) -> tuple[int, int, int | None] | None:
    part = _DAY_PART.match(text)
    return dates.missing((part["day"] or "") if part else text, now.date())


def _times_beside(words: list[str]) -> Iterator[tuple[ClockTime, str]]:
    """The time, and the words for the day, in "tomorrow at seven" and "seven on Friday"."""
    for split in range(1, len(words) if len(words) <= _LONGEST else 0):
        left, right = " ".join(words[:split]), " ".join(words[split:])
        for named, timed in ((left, right), (right, left)):
            clock = clocktimes.parse(_PREPOSITION.sub("", timed))
            if clock:
                yield clock, named
