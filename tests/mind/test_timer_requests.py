"""What a timer, an alarm or a reminder is asked for with."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory

LONDON = ZoneInfo("Europe/London")

SET = {
    "set a timer for five minutes": ("", 300),
    "Set a timer for 5 minutes.": ("", 300),
    "Hey, can you set a timer for four minutes, please?": ("", 240),
    "Start a 10-minute timer.": ("", 600),
    "ten minute timer please": ("", 600),
    "Timer for 90 seconds.": ("", 90),
    "timer 45 seconds": ("", 45),
    "Time are 45 seconds.": ("", 45),
    "timer five minutes": ("", 300),
    "can I have a timer for 3 minutes": ("", 180),
    "give me a two minute timer": ("", 120),
    "I need a timer for twenty minutes": ("", 1200),
    "put on a timer for 8 minutes": ("", 480),
    "set another timer for a minute": ("", 60),
    "Set a timer for an hour and a half.": ("", 5400),
    "set an hour and a half timer": ("", 5400),
    "set a half hour timer": ("", 1800),
    "set a timer for half an hour": ("", 1800),
    "Set a timer for two and a half minutes.": ("", 150),
    "set a timer for 2 hours and 15 minutes": ("", 8100),
    "set a timer for one hour 30 minutes": ("", 5400),
    "set a timer for to minutes": ("", 120),
    "count down from 10 seconds": ("", 10),
    "time me for two minutes": ("", 120),
    "let me know in five minutes": ("", 300),
    "set a pasta timer for nine minutes": ("pasta", 540),
    "set a timer for nine minutes for the pasta": ("pasta", 540),
    'Set a timer for 5 minutes called "Pasta".': ("pasta", 300),
    "set a timer called pasta for nine minutes": ("pasta", 540),
    "put on a timer for the rice for 20 minutes": ("rice", 1200),
    "set a ten minute egg timer": ("egg", 600),
    "start a 3 minute timer for tea": ("tea", 180),
    "Set a tea timer for three minutes.": ("tea", 180),
    "set a green tea timer for 2 minutes": ("green tea", 120),
    "set a timer for five minutes or so": ("", 300),
    "could you possibly set a timer for ten minutes": ("", 600),
    "would you be able to set a timer for ten minutes": ("", 600),
    "let's set a timer for ten minutes": ("", 600),
    "set a timer for ten minutes, would you": ("", 600),
    "set a timer for ten minutes right now": ("", 600),
    "Hey Sotto, set a timer for ten minutes": ("", 600),
    "set a timer for exactly ten minutes": ("", 600),
    "set a timer for another ten minutes": ("", 600),
}


@pytest.mark.parametrize(("said", "timer"), SET.items())
def test_a_timer_is_set_as_it_is_asked_for(memory: Memory, ask: Ask, said: str, timer: tuple[str, int]) -> None:
    reply = ask(said)
    assert reply.specialist == "timers"
    assert "set for" in reply.text
    assert [(kept.kind, kept.label, kept.length_s) for kept in memory.timers.running()] == [("timer", *timer)]


ALARMS = {
    "Wake me at half past six.": (24, 18, 30),
    "wake me up at 6": (24, 18, 0),
    "wake me up tomorrow at seven": (25, 7, 0),
    "Wake me up at 6:30 tomorrow.": (25, 6, 30),
    "wake me in twenty minutes": (24, 16, 40),
    "Set an alarm for quarter to seven tomorrow morning.": (25, 6, 45),
    "set an alarm for 7 on Friday": (27, 7, 0),
    "set an alarm on Friday at 7": (27, 7, 0),
    "Set an alarm for 7:15 a.m.": (25, 7, 15),
    "Set an alarm for 6:45 p.m.": (24, 18, 45),
    "set an alarm for 6.45 pm": (24, 18, 45),
    "Set an alarm for 19:45": (24, 19, 45),
    "set alarm 7 am": (25, 7, 0),
    "7 am alarm": (25, 7, 0),
    "alarm for 6 45": (24, 18, 45),
    "I need an alarm at 5.30": (24, 17, 30),
    "set my alarm for seven o'clock": (24, 19, 0),
    "I need to wake up at seven": (24, 19, 0),
    "set an alarm to wake up at 7": (24, 19, 0),
    "set an alarm for noon": (25, 12, 0),
    "set an alarm for midnight": (25, 0, 0),
    "set an alarm for the thirtieth of November at noon": (30, 12, 0),
    "could you set an alarm for ten to eight in the morning": (25, 7, 50),
}


@pytest.mark.parametrize(("said", "at"), ALARMS.items())
def test_an_alarm_is_set_for_the_next_such_time(memory: Memory, ask: Ask, said: str, at: tuple[int, int, int]) -> None:
    assert ask(said).text.startswith("Alarm set for ")
    assert [timer.due for timer in memory.timers.running()] == [datetime(2026, 11, *at, tzinfo=LONDON)]


REMINDERS = {
    "Remind me in ten minutes to call Mom.": ("call Mom", (24, 16, 30)),
    "remind me at five to call mum": ("call mum", (24, 17, 0)),
    "remind me at five to five to leave": ("leave", (24, 16, 55)),
    "Remind me to take the bins out at 8 tonight.": ("take the bins out", (24, 20, 0)),
    "remind me tomorrow at 5 to call Anna": ("call Anna", (25, 17, 0)),
    "remind me tomorrow to call Anna at 5": ("call Anna", (25, 17, 0)),
    "remind me to water the plants tomorrow at 9": ("water the plants", (25, 9, 0)),
    "remind me about the meeting in half an hour": ("the meeting", (24, 16, 50)),
    "remind me that the train leaves at 6 pm": ("the train leaves", (24, 18, 0)),
    "remind me on Friday at 3 to send the report": ("send the report", (27, 15, 0)),
    "set a reminder for 6 pm to call the bank": ("call the bank", (24, 18, 0)),
    "set a reminder to take my pills at 10 pm": ("take my pills", (24, 22, 0)),
    "remind me to check the oven in 20 minutes": ("check the oven", (24, 16, 40)),
    "don't let me forget to lock the door at nine tonight": ("lock the door", (24, 21, 0)),
    "remind me in an hour to set a timer": ("set a timer", (24, 17, 20)),
    "remind me at half past six to say thank you": ("say thank you", (24, 18, 30)),
}


@pytest.mark.parametrize(("said", "reminder"), REMINDERS.items())
def test_a_reminder_keeps_what_and_when(
    memory: Memory, ask: Ask, said: str, reminder: tuple[str, tuple[int, int, int]]
) -> None:
    assert ask(said).text.startswith("I'll remind you ")
    kept = memory.timers.running()
    assert [(timer.kind, timer.label, timer.due) for timer in kept] == [
        ("reminder", reminder[0], datetime(2026, 11, *reminder[1], tzinfo=LONDON))
    ]


@pytest.mark.parametrize(
    "said",
    ["set a timer for ten minutes love", "set a timer for ten minutes tonight", "we could set a timer for a minute"],
)
def test_words_beside_a_length_are_no_name_unless_they_are_said_to_be(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).text == "I can't do that yet."
    assert memory.timers.running() == []
