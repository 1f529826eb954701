"""Who answers, and what happens between requests."""

from datetime import datetime, timedelta

import pytest
from asking import Ask, reply_of

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.router import Router
from sottovoce_host.mind.skill_thread import SkillThread

CANNOT = "I can't do that yet."


@pytest.mark.parametrize(
    "said",
    [
        "what time does the shop open",
        "what time does the train to London leave",
        "what time is sunset",
        "when is my birthday",
        "how long is the Nile",
        "how long is the movie",
        "how many people live in Tokyo",
        "what's the weather tomorrow",
        "who won the world cup",
        "what is the meaning of life",
        "set the table",
        "set two timers",
        "play some music",
        "stop the music",
        "turn off the lights",
        "cancel my subscription",
        "what is a pound",
        "what's the best time to visit Japan",
        "tell me about the timer industry",
        "how do I set a timer on my oven",
        "what does timer mean",
        "remind me who she is",
        "I don't know what to do",
        "she said add milk to the tea",
        "he set an alarm on the car",
        "time flies",
        "what a day",
        "the alarm went off this morning",
        "I read my notes yesterday",
        "what is love",
        "is it noon",
        "how old is the moon",
        "half of them left",
        "two of us are coming",
        "I have two minutes",
        "five minutes",
        "seven",
        "yes",
        "to be or not to be",
        "what day works for you",
        "is there a doctor on the plane",
        "note",
        "date night",
        "what are the odds",
        "add more salt",
        "divide and conquer",
        "times have changed",
        "over there",
        "that's half the fun",
        "how many ounces",
        "convert the car",
        "read the room",
        "clear the table",
        "what's on the menu",
        "what's on TV tonight",
        "how is your mother",
        "check the oven",
        "add five",
        "wake me when it's over",
        "wake up",
        "alarm",
        "what year were you born",
        "when is the next train",
        "how far is Berlin",
        "what is 5",
        "what is the date of the battle of Hastings",
        "how long until dinner",
        "how many days does it take to walk to Rome",
    ],
)
def test_what_nobody_can_answer_is_said_honestly(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said) == Reply(CANNOT, "router")


@pytest.mark.parametrize(
    "said", ["never mind", "Never mind.", "cancel", "forget it", "stop", "no thanks", "that's all", "nothing", "Stop."]
)
def test_a_change_of_mind_is_acknowledged(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said).text == "Okay."


@pytest.mark.parametrize(
    "said", ["thank you", "Thanks!", "thanks a lot", "thank you very much", "cheers", "ok thanks", "great, thank you"]
)
def test_thanks_are_welcome(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said).text == "You're welcome."


@pytest.mark.parametrize("said", ["help", "What can you do?", "help me", "what can I say", "how can you help me"])
def test_help_is_short_and_spoken(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said).specialist == "courtesy"
    assert len(fresh_ask(said).text) < 160


@pytest.mark.parametrize(
    "said",
    [
        "say that again",
        "Repeat that.",
        "What did you say?",
        "pardon",
        "can you repeat that please",
        "sorry, what was that",
        "come again",
        "one more time",
    ],
)
def test_the_last_reply_is_said_again(ask: Ask, said: str) -> None:
    assert ask(said).text == "I haven't said anything yet."
    ask("what's 6 times 7")
    assert ask(said) == Reply("Forty-two.", "arithmetic")
    assert ask(said) == Reply("Forty-two.", "arithmetic")


def test_a_question_said_again_can_still_be_answered(ask: Ask) -> None:
    assert ask("set a pasta timer").awaits
    assert ask("what did you say").awaits
    assert ask("nine minutes").text == "Pasta timer set for nine minutes."


def test_a_ring_can_be_said_again(router: Router, ask: Ask, now: datetime) -> None:
    ask("remind me in a minute to breathe")
    router.due(now + timedelta(minutes=1))
    assert ask("say that again").text == "Reminder: breathe."


def test_a_question_waits_a_minute_and_no_longer(ask: Ask, now: datetime, memory: Memory) -> None:
    ask("add milk to the shopping list")
    assert ask("clear the shopping list").awaits
    assert ask("yes", now + timedelta(minutes=5)).text == CANNOT
    assert memory.lists.items("shopping") == ["milk"]


@pytest.mark.parametrize(
    "question", ["set a timer", "set an alarm", "remind me to call mum", "what time is it in Canada", "take a note"]
)
@pytest.mark.parametrize(
    ("then", "specialist"),
    [
        ("what's two plus two", "arithmetic"),
        ("what time is it", "clock"),
        ("never mind", "courtesy"),
        ("add milk to the list", "lists"),
    ],
)
def test_no_question_traps_the_wearer(ask: Ask, question: str, then: str, specialist: str) -> None:
    assert ask(question).awaits
    answered = ask(then)
    assert (answered.specialist, answered.awaits) == (specialist, False)


@pytest.mark.parametrize("said", ["", " ", "...", "?!"])
def test_silence_is_not_understood(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said).text == "I didn't catch that."


@pytest.mark.parametrize(
    "said",
    [
        "a" * 5000,
        "what is " + "9 times " * 2000 + "9",
        "remind me " + "to " * 2000,
        "set a " + "timer " * 1000,
        "\u202e\U0001f600 \x00",
        "add " + "milk and " * 500 + "eggs to the list",
    ],
)
def test_no_text_is_too_strange_or_slow(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said).text


def test_what_is_asked_after_the_specialists_may_answer_the_rest(memory: Memory, now: datetime) -> None:
    class Poet:
        name = "poet"

        def answer(self, request: Request) -> Reply | None:
            return Reply(f"Ode to {request.text}.", self.name)

    router = Router(memory, [SkillThread(Poet, 60)])
    assert reply_of(router, "what is love", now).specialist == "poet"
    assert reply_of(router, "what time is it", now).specialist == "clock"


@pytest.mark.parametrize(
    "said",
    [
        "what's 1/7 of 99.5",
        "what time is it in Tokyo",
        "convert 7.3 miles to km",
        "set a timer for 63 seconds",
        "what's the date",
        "wake me at 6:07",
        "note that 4512 is 20% of $90",
    ],
)
def test_no_reply_holds_what_a_voice_could_misread(fresh_ask: Ask, said: str) -> None:
    assert not set(fresh_ask(said).text) & set("0123456789%$/:" if "note" not in said else "0123456789%$/")
