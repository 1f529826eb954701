"""What time it is: here, elsewhere, and how far apart the clocks are."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sottovoce_host.mind import clocktimes, durations, moments, phrasing, places
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import plain

_NOW = r"(?: right now| now| at the moment| currently| today| please)?"
_HERE = re.compile(
    r"^(?:what time is it|what is the time|what is the (?:current|exact) time|the time|time|"
    r"what time do (?:you have|we have)|"
    rf"what time have you got|have you got the time|do you have the time|got the time|what does the clock say|"
    rf"what is the time now|time check|what time is now|what is the hour|is it|how late is it){_NOW}(?: here)?$"
)
_ELSEWHERE = re.compile(
    rf"^(?:what time is it{_NOW} (?:over |out |back )?(?:in|at)|what is the (?:current |"
    rf"local )?time{_NOW} (?:over |out )?in|"
    rf"(?:the )?(?:current |local )?time in|what time is it{_NOW} for (?:people|someone) in|"
    rf"what time do they have in) (?P<place>.+?){_NOW}$"
    rf"|^what is (?P<owner>.+?) time{_NOW}$|^what is the (?P<named>\w+) time{_NOW}$"
)
_FOLLOW = re.compile(
    r"^(?:and then|and what about|and how about|and|what about|how about)(?: the time)?(?: in)? (?P<place>.+)$"
)
_AHEAD = re.compile(
    r"^how (?:far|much|many hours) (?P<way>ahead|behind)(?: of (?:us|me|here))? (?:is|"
    r"are) (?P<one>.+?)(?: of (?P<other>.+))?$|"
    r"^how (?:far|much|many hours) (?:is|are) (?P<one2>.+?) (?P<way2>ahead|behind)(?: of)?(?: (?P<other2>.+))?$"
)
_BETWEEN = re.compile(
    r"^(?:what is the |how big is the |how much is the )?(?:time|hour) difference "
    r"(?:(?:between|from) (?P<one>.+?) (?:and|to) (?P<other>.+)|(?:to|with|in|for) (?P<only>.+))$|"
    r"^how many hours (?:are there )?between (?P<one2>.+) and (?P<other2>.+)$"
)
_WHEN_THERE = re.compile(
    r"^(?:what time is it|what is the time) in (?P<there>.+?) (?:when|"
    r"if) it is (?P<time>.+?)(?: (?:in (?P<from>.+)|here))?$"
)
_AT_ANOTHER_TIME = re.compile(
    r"^what (?:time (?:will it be|is it|would it be|was it)|(?:is|was) the time|will the time be) (?P<then>.+)$"
)
_THERE = re.compile(
    r"^(?:and )?what (?:is the )?(?P<what>time|day|date)(?: of the week)?(?: is it)?(?: over)? there(?: now)?$"
)
_FROM_NOW = re.compile(r"^in (?P<length>.+)$|^(?P<length2>.+) from now$|^(?P<ago>.+) ago$")
_MOST_WORDS = 16
_WE = {"here", "us", "me", "home", "where i am", "my place"}
_MOST_LATER_S = 86400 * 7
_FOLLOWED_FOR_S = 180
_NEAR_DAYS = {-1: " yesterday", 0: "", 1: " tomorrow"}


class Clock:
    """Tells the time. The zones are zoneinfo's; here is the zone of `Request.now`."""

    name = "clock"

    def __init__(self) -> None:
        self._told_elsewhere: datetime | None = None
        self._there = ""

    def answer(self, request: Request) -> Reply | None:
        """Answer what time it is, here or in another place, and how far apart two places are."""
        words = plain(request.text)
        if _HERE.match(words):
            self._told_elsewhere = request.now
            return self._reply(f"It's {phrasing.clock(request.now)}.")
        shifted = _shift(words)
        if shifted and abs(shifted[0]) < _MOST_LATER_S:
            return self._shifted(*shifted, request.now)
        when_there = _WHEN_THERE.match(words)
        if when_there:
            return self._converted(when_there, request.now)
        elsewhere = _ELSEWHERE.match(words)
        if elsewhere:
            place = elsewhere["place"] or elsewhere["owner"] or elsewhere["named"]
            return self._time_in(place, request.now, sure=bool(elsewhere["place"]))
        return self._followed(words, request.now) or self._difference(words, request.now)

    def hear_answer(self, request: Request) -> Reply | None:
        """Take the city that was asked for."""
        words = plain(request.text)
        place = re.sub(r"^(?:in|the one in|and|for|i mean|i meant) ", "", words)
        return self._time_in(place, request.now, sure=False)

    def _shifted(self, seconds: float, place: str, now: datetime) -> Reply:
        zone = _tz(place, now)
        if zone is None and place not in _WE:
            several = places.with_several_zones(place)
            one = f"There are several time zones in {several}. Ask me about a city." if several else ""
            return self._reply(one or f"I don't know the time in {places.title(place)}.")
        then = (now.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(zone or now.tzinfo)
        be, there = "was" if seconds < 0 else "will be", "" if place in _WE else f" in {places.title(place)}"
        if seconds < 0 and not there:
            return self._reply(f"It was {phrasing.clock(then)}.")
        days = (then.date() - now.date()).days
        if there and days in _NEAR_DAYS:
            return self._reply(f"It {be} {_with_day(then, _NEAR_DAYS[days])}{there}.")
        return self._reply(f"It {be} {phrasing.when(then, now)}{there}.")

    def _follows(self, now: datetime) -> bool:
        return self._told_elsewhere is not None and (now - self._told_elsewhere).total_seconds() < _FOLLOWED_FOR_S

    def _reply(self, text: str, *, awaits: bool = False) -> Reply:
        return Reply(text, self.name, awaits)

    def _time_in(self, place: str, now: datetime, *, sure: bool) -> Reply | None:
        if place in _WE:
            return self._reply(f"It's {phrasing.clock(now)}.") if sure else None
        zone, several = places.zone(place), places.with_several_zones(place)
        if several:
            self._told_elsewhere = now
            return self._reply(f"There are several time zones in {several}. Which city?", awaits=True)
        if zone is None:
            is_place = sure and not re.search(
                r"\b(?:my|your|his|her|our|the|in|at|on|and|when|if|after|before)\b|\d", place
            )
            return self._reply(f"I don't know the time in {places.title(place)}.") if is_place else None
        self._told_elsewhere, self._there = now, place
        there = now.astimezone(ZoneInfo(zone))
        day = _NEAR_DAYS.get((there.date() - now.date()).days, "")
        return self._reply(f"It's {_with_day(there, day)} in {places.title(place)}.")

    def _followed(self, words: str, now: datetime) -> Reply | None:
        """The time in another place, or the time or the day "there", behind a time that was told."""
        there, follow = _THERE.match(words), _FOLLOW.match(words)
        if not self._follows(now):
            return None
        if there and self._there and there["what"] != "time":
            day = phrasing.day(now.astimezone(_tz(self._there, now)))
            return self._reply(f"It's {day} in {places.title(self._there)}.")
        place = self._there if there else follow["place"] if follow else ""
        return self._time_in(place, now, sure=place == "here")

    def _converted(self, asked: re.Match[str], now: datetime) -> Reply | None:
        clock = clocktimes.parse(asked["time"])
        there, here = _tz(asked["there"], now), _tz(asked["from"] or "here", now)
        if clock is None or there is None or here is None:
            return None
        at_source = (
            moments.upcoming(clock, now.astimezone(here))
            if isinstance(here, ZoneInfo)
            else moments.upcoming(clock, now)
        )
        then = at_source.astimezone(there)
        days = (then.date() - at_source.date()).days
        day = {-1: " the day before", 1: " the day after"}.get(days, "")
        return self._reply(f"It's {_with_day(then, day)} in {places.title(asked['there'])}.")

    def _difference(self, words: str, now: datetime) -> Reply | None:
        ahead, between = _AHEAD.match(words), _BETWEEN.match(words)
        if ahead:
            one, other = ahead["one"] or ahead["one2"], ahead["other"] or ahead["other2"] or "here"
        elif between:
            one, other = (
                between["only"] or between["one"] or between["one2"],
                between["other"] or between["other2"] or "here",
            )
        else:
            return None
        if one in _WE:
            one, other = other, one
        for place in (one, other):
            several = places.with_several_zones(place)
            if several:
                return self._reply(f"There are several time zones in {several}. Ask me about a city.")
        first, second = _tz(one, now), _tz(other, now)
        if first is None or second is None:
            return None
        offsets = [now.astimezone(zone).utcoffset() for zone in (first, second)]
        apart_s = (offsets[0] - offsets[1]).total_seconds() if offsets[0] is not None and offsets[1] is not None else 0
        return self._reply(_apart(one, other, apart_s))


def _shift(words: str) -> tuple[float, str] | None:
    """Read "what time is it in an hour [in Tokyo]", "... two hours ago": seconds from now, and where."""
    found = _AT_ANOTHER_TIME.match(words)
    parts = found["then"].split()[:_MOST_WORDS] if found else []
    for at in range(len(parts), 0, -1):
        first, second = " ".join(parts[:at]), " ".join(parts[at:])
        for length, place in ((first, second), (second, first)):
            away = _FROM_NOW.match(length)
            seconds = durations.parse(away[away.lastindex or 0]) if away else None
            if away and seconds is not None and (not place or place.startswith("in ")):
                return float(-seconds if away["ago"] else seconds), place.removeprefix("in ") or "here"
    return None


def _tz(place: str, now: datetime) -> ZoneInfo | None:
    if place in _WE:
        return now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else ZoneInfo("UTC") if now.tzinfo is UTC else None
    name = places.zone(place)
    return ZoneInfo(name) if name else None


def _with_day(there: datetime, day: str) -> str:
    part = phrasing.part_of_day(there.hour)
    clock = phrasing.clock(there)
    if clock in {"noon", "midnight"}:
        return clock + day
    if day in {" yesterday", " tomorrow"}:
        return f"{clock}{day} {'night' if part == 'at night' else part.removeprefix('in the ')}"
    return f"{clock} {part}{day}"


def _apart(one: str, other: str, apart_s: float) -> str:
    first = places.title(one)
    second = "here" if other in _WE else places.title(other)
    if not apart_s:
        return phrasing.sentence(f"{first} and {'we' if second == 'here' else second} have the same time")
    way = "ahead of" if apart_s > 0 else "behind"
    return phrasing.sentence(
        f"{first} is {phrasing.duration(abs(apart_s))} {way} {'us' if second == 'here' else second}"
    )
