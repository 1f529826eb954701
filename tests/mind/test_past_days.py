"""Days that were, days of this year, and days from one to the next."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from asking import Ask

MONDAY = datetime(2026, 11, 30, 11, 0, tzinfo=ZoneInfo("Europe/London"))

WAS = {
    "When was Easter this year?": "It was Sunday, the fifth of April.",
    "When is Easter this year?": "It was Sunday, the fifth of April.",
    "When was Easter?": "It was Sunday, the fifth of April.",
    "When was Easter last year?": "It was Sunday, the twentieth of April twenty twenty-five.",
    "when was Easter in 2025": "It was Sunday, the twentieth of April twenty twenty-five.",
    "When was Halloween?": "It was Saturday, the thirty-first of October.",
    "When is Halloween this year?": "It was Saturday, the thirty-first of October.",
    "When was Thanksgiving?": "It was Thursday, the twenty-sixth of November.",
    "When was July 4th?": "It was Saturday, the fourth of July.",
    "What day was July 4th?": "It was a Saturday.",
    "What day was March 1st?": "It was a Sunday.",
    "what day was it on March 1st": "It was Sunday, the first of March.",
    "What day is March 1st this year?": "It was a Sunday.",
    "what day was the 29th of February": "It was a Thursday in twenty twenty-four.",
    "what day was December 25th": "It was a Thursday in twenty twenty-five.",
    "what day was December 25th last year": "It was a Thursday.",
    "what day did Christmas fall on": "It was Thursday, the twenty-fifth of December twenty twenty-five.",
    "when was Christmas": "It was Thursday, the twenty-fifth of December twenty twenty-five.",
    "what day was the first": "It was a Sunday.",
    "What was the date on Monday?": "It was Monday, the twenty-third of November.",
    "What was the date on Friday?": "It was Friday, the twenty-seventh of November.",
    "what date was this Friday": "It was Friday, the twenty-seventh of November.",
    "what was the date last Friday": "It was Friday, the twenty-seventh of November.",
    "what was last Friday's date": "It was Friday, the twenty-seventh of November.",
    "what day was the last friday": "It was Friday, the twenty-seventh of November.",
    "when was last Halloween": "It was Saturday, the thirty-first of October.",
    "what was yesterday's date": "Yesterday was Sunday, the twenty-ninth of November.",
    "how many days until Easter this year": "That was two hundred and thirty-nine days ago.",
    "how many days since Halloween": "That was thirty days ago.",
}


@pytest.mark.parametrize(("said", "reply"), WAS.items())
def test_what_was_is_the_last_such_day(fresh_ask: Ask, said: str, reply: str) -> None:
    assert fresh_ask(said, MONDAY).text == reply


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("when is Easter", "It's Sunday, the twenty-eighth of March."),
        ("when is Halloween", "It's Sunday, the thirty-first of October twenty twenty-seven."),
        ("what day is July 4th", "It's a Sunday in twenty twenty-seven."),
        ("when is Christmas this year", "It's Friday, the twenty-fifth of December."),
        ("what date is it on Friday", "It's Friday, the fourth of December."),
    ],
)
def test_what_is_to_come_is_the_next_such_day(fresh_ask: Ask, said: str, reply: str) -> None:
    assert fresh_ask(said, MONDAY).text == reply


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("How many days from Monday to Friday?", "Four days."),
        ("how many days between Monday and Friday", "Four days."),
        ("how many days from Friday to Monday", "Three days."),
        ("how many days between Friday and Monday", "Three days."),
        ("how many days from Tuesday to Monday", "Six days."),
        ("how many days from Monday to Monday", "Seven days."),
    ],
)
def test_days_between_weekdays_are_the_same_on_every_day(fresh_ask: Ask, said: str, reply: str) -> None:
    assert {fresh_ask(said, MONDAY.replace(day=day)).text for day in range(23, 31)} == {reply}


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("how many days from today to Friday", "Four days."),
        ("how many days between Easter and today", "Two hundred and thirty-nine days."),
        ("how many days from last Friday to Monday", "Three days."),
        ("how many days between last Friday and Monday", "Three days."),
        ("how many days from Christmas to Friday", "Seven days."),
        ("how many days between Christmas and Easter", "Ninety-three days."),
        ("how many days from Easter to Christmas", "Two hundred and seventy-two days."),
    ],
)
def test_the_second_of_two_days_is_the_next_after_the_first(fresh_ask: Ask, said: str, reply: str) -> None:
    assert fresh_ask(said, MONDAY).text == reply


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("how many days between january 1 and december 31 2025", "Three hundred and sixty-four days."),
        ("how many days from Christmas to Easter 2025", "One hundred and sixteen days."),
        ("how many days between tomorrow and yesterday", "Two days."),
        ("how many days from Friday to today", "Three days."),
    ],
)
def test_the_first_of_two_days_is_the_last_before_the_second(fresh_ask: Ask, said: str, reply: str) -> None:
    assert fresh_ask(said, MONDAY).text == reply
