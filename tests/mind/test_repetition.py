"""What is to ring on days of the week rings on each of them; what repeats in other ways is refused as a whole."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from asking import Ask, reply_of

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.router import Router

EVERY_DAY, WEEKDAYS = "0123456", "01234"


def kept(memory: Memory, now: datetime) -> list[tuple[str, str, str]]:
    """What is to ring: its label, when first, and when again."""
    return [
        (timer.label, f"{timer.due.astimezone(now.tzinfo):%d %H:%M}", timer.cadence.written if timer.cadence else "")
        for timer in memory.timers.running()
    ]


@pytest.mark.parametrize(
    ("said", "what", "first", "again"),
    [
        ("Remind me to take pills every Monday at nine.", "take pills", "30 09:00", "09:00 0"),
        ("Remind me to call Bob every Friday at five", "call Bob", "27 17:00", "17:00 4"),
        ("remind me to call Bob each Tuesday at five", "call Bob", "24 17:00", "17:00 1"),
        ("remind me to call Bob each Tuesday at three", "call Bob", "01 15:00", "15:00 1"),
        ("remind me to call Bob on Mondays at five", "call Bob", "30 17:00", "17:00 0"),
        ("remind me to drink water mornings at eight", "drink water", "25 08:00", f"08:00 {EVERY_DAY}"),
        ("remind me on Mondays and Thursdays at nine to take pills", "take pills", "26 09:00", "09:00 03"),
        ("remind me on Mondays, Wednesdays and Fridays at nine to stretch", "stretch", "25 09:00", "09:00 024"),
        ("remind me every Monday, every Wednesday and every Friday at nine to run", "run", "25 09:00", "09:00 024"),
        ("remind me to take pills at nine every Monday", "take pills", "30 09:00", "09:00 0"),
        ("remind me every day at six to take pills", "take pills", "24 18:00", f"18:00 {EVERY_DAY}"),
        ("remind me every single day at six to take pills", "take pills", "24 18:00", f"18:00 {EVERY_DAY}"),
        ("remind me to take pills daily at eight", "take pills", "25 08:00", f"08:00 {EVERY_DAY}"),
        ("set a daily reminder to call Bob at five", "call Bob", "24 17:00", f"17:00 {EVERY_DAY}"),
        ("every day at eight remind me to take pills", "take pills", "25 08:00", f"08:00 {EVERY_DAY}"),
        ("don't let me forget to take pills every Monday at nine", "take pills", "30 09:00", "09:00 0"),
        ("remind me every Friday night at one to go home", "go home", "28 01:00", "01:00 5"),
        ("remind me every weekday morning at nine thirty to stand up", "stand up", "25 09:30", f"09:30 {WEEKDAYS}"),
        ("remind me every evening at nine to lock the door", "lock the door", "24 21:00", f"21:00 {EVERY_DAY}"),
        ("remind me nightly at eleven to lock the door", "lock the door", "24 23:00", f"23:00 {EVERY_DAY}"),
        ("remind me to water the plants on weekends at ten", "water the plants", "28 10:00", "10:00 56"),
        ("remind me once a week on Monday at nine to call mum", "call mum", "30 09:00", "09:00 0"),
        ("set an alarm for nine every Monday", "", "30 09:00", "09:00 0"),
        ("set an alarm for Mondays at nine", "", "30 09:00", "09:00 0"),
        ("set a daily alarm for six", "", "25 06:00", f"06:00 {EVERY_DAY}"),
        ("set a weekday alarm for seven", "", "25 07:00", f"07:00 {WEEKDAYS}"),
        ("wake me on Mondays at six", "", "30 06:00", "06:00 0"),
        ("every weekday wake me at six", "", "25 06:00", f"06:00 {WEEKDAYS}"),
        ("wake me up at half past seven on weekdays", "", "25 07:30", f"07:30 {WEEKDAYS}"),
        ("every day set an alarm for six", "", "25 06:00", f"06:00 {EVERY_DAY}"),
        ("wake me every day at midnight", "", "25 00:00", f"00:00 {EVERY_DAY}"),
        ("set an alarm for seven every day called pills", "pills", "25 07:00", f"07:00 {EVERY_DAY}"),
    ],
)
def test_what_is_for_days_of_the_week_repeats(
    memory: Memory, ask: Ask, now: datetime, said: str, what: str, first: str, again: str
) -> None:
    ask(said)
    assert kept(memory, now) == [(what, first, again)]


@pytest.mark.parametrize(
    ("said", "replies"),
    [
        (
            ["wake me every weekday", "at seven"],
            ["At what time?", "Alarm set for seven in the morning every weekday."],
        ),
        (
            ["remind me every evening to lock the door", "at nine"],
            ["At what time?", "I'll remind you at nine in the evening every day: lock the door."],
        ),
        (
            ["remind me on Mondays and Thursdays at nine", "to take pills"],
            ["What about?", "I'll remind you at nine in the morning every Monday and Thursday: take pills."],
        ),
        (
            ["wake me at nine on weekends", "what alarms do I have"],
            ["Alarm set for nine in the morning every weekend.", "Alarm at nine in the morning every weekend."],
        ),
        (
            ["wake me at seven every weekday", "move it to half past six"],
            [
                "Alarm set for seven in the morning every weekday.",
                "Alarm moved to half past six in the morning every weekday.",
            ],
        ),
        (
            ["remind me every Monday at nine to call mum", "move it to Friday at ten"],
            [
                "I'll remind you at nine in the morning every Monday: call mum.",
                "I'll remind you at ten in the morning every Friday: call mum.",
            ],
        ),
        (
            ["wake me at seven every day", "wake me at nine on Sundays", "cancel the daily alarm"],
            [
                "Alarm set for seven in the morning every day.",
                "Alarm set for nine in the morning every Sunday.",
                "Alarm for seven in the morning every day cancelled.",
            ],
        ),
        (
            ["wake me at seven every day", "wake me at five tomorrow", "cancel the repeating alarm"],
            [
                "Alarm set for seven in the morning every day.",
                "Alarm set for five o'clock tomorrow morning.",
                "Alarm for seven in the morning every day cancelled.",
            ],
        ),
        (
            ["wake me at seven every day", "cancel my alarm for tomorrow evening"],
            [
                "Alarm set for seven in the morning every day.",
                "I have no such alarm, only the alarm for seven in the morning every day.",
            ],
        ),
    ],
)
def test_one_that_repeats_is_asked_for_told_moved_and_cancelled(ask: Ask, said: list[str], replies: list[str]) -> None:
    assert [ask(one).text for one in said] == replies


def test_it_rings_on_each_of_its_days_also_after_a_restart_and_where_the_clocks_change(memory: Memory) -> None:
    london = ZoneInfo("Europe/London")
    at = datetime(2027, 3, 25, 12, tzinfo=london)  # a Thursday; on Sunday the 28th half past one is half past two
    reply_of(Router(memory), "wake me every day except Friday at half past one in the morning", at)
    assert memory.timers.running() == []
    reply_of(Router(memory), "wake me on Saturdays, Sundays and Mondays at half past one in the morning", at)
    rang = []
    for _ in range(4):
        router = Router(memory)
        due = router.next_due()
        assert due is not None
        for ring in router.due(due.astimezone(london)):
            router.rang(ring)
            router.rang(ring)
        rang.append(f"{due.astimezone(london):%a %d %H:%M}")
        assert len(memory.timers.running()) == 1
    assert rang == ["Sat 27 01:30", "Sun 28 02:30", "Mon 29 01:30", "Sat 03 01:30"]


def test_it_goes_by_the_clock_of_where_the_wearer_is(memory: Memory, now: datetime) -> None:
    reply_of(Router(memory), "wake me every day at seven", now)
    router, tokyo = Router(memory), ZoneInfo("Asia/Tokyo")
    due = router.next_due()
    assert due is not None
    (ring,) = router.due(due.astimezone(tokyo))
    router.rang(ring)
    assert router.next_due() == datetime(2026, 11, 26, 7, tzinfo=tokyo)


def test_what_rang_while_the_host_was_down_rings_once_and_then_on_its_next_day(memory: Memory, now: datetime) -> None:
    reply_of(Router(memory), "remind me every day at nine to stretch", now)
    router, later = Router(memory), now + timedelta(days=5)
    (ring,) = router.due(later)
    assert ring.text.startswith("Reminder, ")
    assert router.due(later) == []
    router.rang(ring)
    assert kept(memory, later) == [("stretch", "30 09:00", f"09:00 {EVERY_DAY}")]


def test_one_that_repeats_and_is_snoozed_rings_once_more_and_keeps_its_days(memory: Memory, now: datetime) -> None:
    router = Router(memory)
    reply_of(router, "wake me every day at seven", now)
    due = router.next_due()
    assert due is not None
    (ring,) = router.due(due.astimezone(now.tzinfo))
    router.rang(ring)
    assert reply_of(router, "snooze", due.astimezone(now.tzinfo)).text == "Again in nine minutes."
    assert kept(memory, now) == [("", "25 07:09", ""), ("", "26 07:00", f"07:00 {EVERY_DAY}")]


def test_one_that_was_cancelled_while_it_rang_does_not_come_again(memory: Memory, now: datetime) -> None:
    router = Router(memory)
    reply_of(router, "wake me every day at seven", now)
    (ring,) = router.due(datetime(2026, 11, 25, 7, tzinfo=UTC))
    memory.timers.cancel(memory.timers.running())
    router.rang(ring)
    assert memory.timers.running() == []


@pytest.mark.parametrize(
    "said",
    [
        "remind me every other day to take pills",
        "remind me to drink water every two hours",
        "remind me to take pills twice a day",
        "remind me to pay the rent every first of the month",
        "remind me every last Friday of the month at five to pay the rent",
        "remind me weekly to call mum",
        "remind me to feed the cat every morning and every evening at eight",
        "remind me to take pills every day at eight for a week",
        "remind me every day until Friday to call Bob at five",
        "remind me every day except Sunday at nine to run",
        "remind me to call mum this Sunday and every Sunday at five",
    ],
)
def test_a_reminder_that_repeats_in_other_ways_is_refused(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).text == "I can only repeat reminders on days of the week."
    assert memory.timers.running() == []


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("set a repeating alarm for six", "I can only repeat alarms on days of the week."),
        ("set a timer every hour", "I can't repeat timers."),
        ("set a timer called pasta every day for five minutes", "I can't repeat timers."),
        ("set a recurring timer for five minutes", "I can't repeat timers."),
        ("set a timer for ten minutes every day", "I can't repeat timers."),
        ("remind me to take pills every day at 5 and at 6", "One at a time, please."),
    ],
)
def test_an_alarm_or_a_timer_that_cannot_be_repeated_so_is_refused(
    memory: Memory, ask: Ask, said: str, reply: str
) -> None:
    assert ask(said).text == reply
    assert memory.timers.running() == []


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("remind me to greet every guest at five", "greet every guest"),
        ("remind me to read the daily mail at five", "read the daily mail"),
        ("remind me about the daily at five", "the daily"),
        ("remind me to buy the weekly paper on Monday at nine", "buy the weekly paper"),
        ("remind me about Monday's meeting at five", "Monday's meeting"),
        ("remind me to send Monday's and Tuesday's numbers at five pm", "send Monday's and Tuesday's numbers"),
        ("remind me to work on Monday's numbers at five pm", "work on Monday's numbers"),
        ("remind me at nine to take pills every Monday", "take pills every Monday"),
        ("remind me at six to tell John the class meets every Monday", "tell John the class meets every Monday"),
        ("remind me at five pm to ask why it rains every day", "ask why it rains every day"),
        ("remind me tomorrow at ten to note every birthday", "note every birthday"),
        ("remind me at five to check each room", "check each room"),
        ("remind me to book the evenings at five", "book the evenings"),
    ],
)
def test_what_only_speaks_of_repeating_is_kept(memory: Memory, ask: Ask, said: str, what: str) -> None:
    assert ask(said).text.startswith("I'll remind you ")
    assert [(timer.label, timer.cadence) for timer in memory.timers.running()] == [(what, None)]


def test_a_name_may_speak_of_repeating(memory: Memory, ask: Ask) -> None:
    ask("set a timer for ten minutes called daily")
    assert [(timer.label, timer.length_s) for timer in memory.timers.running()] == [("daily", 600)]
