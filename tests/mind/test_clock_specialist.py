"""What time it is, here and elsewhere; what day it is, and how far off another is."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from asking import Ask

HERE = "It's twenty past four."


@pytest.mark.parametrize(
    "said",
    [
        "What time is it?",
        "what time is it",
        "What's the time?",
        "whats the time",
        "what is the time right now",
        "the time please",
        "Could you please tell me what time it is?",
        "do you know what time it is",
        "Have you got the time?",
        "hey what's the current time",
        "tell me the time",
        "ok so what time is it now",
        "Do you have the time",
        "can you tell me the time",
        "time please",
        "What time do we have?",
    ],
)
def test_the_time_is_told_however_it_is_asked(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said).text == HERE


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("What time is it in Tokyo?", "It's twenty past one tomorrow morning in Tokyo."),
        ("what's the time in San Francisco", "It's twenty past eight in the morning in San Francisco."),
        ("What's the time in India?", "It's ten to ten in the evening in India."),
        ("what time is it over in New York right now", "It's twenty past eleven in the morning in New York."),
        ("time in Berlin", "It's twenty past five in the afternoon in Berlin."),
        ("tell me the time in Kathmandu", "It's five past ten at night in Kathmandu."),
        ("what's Tokyo time", "It's twenty past one tomorrow morning in Tokyo."),
        ("what time is it in the UK", "It's twenty past four in the afternoon in the UK."),
        ("what time is it in Honolulu", "It's twenty past six in the morning in Honolulu."),
        ("what's the time in UTC", "It's twenty past four in the afternoon in UTC."),
        ("what time is it in Paris France", "It's twenty past five in the afternoon in Paris France."),
        ("what time is it in Narnia", "I don't know the time in Narnia."),
        ("what time is it in London Ontario", "I don't know the time in London Ontario."),
        ("how far ahead is Tokyo", "Tokyo is nine hours ahead of us."),
        ("how far ahead of us is Tokyo", "Tokyo is nine hours ahead of us."),
        ("how many hours behind is Los Angeles", "Los Angeles is eight hours behind us."),
        ("how many hours ahead is Tokyo of New York", "Tokyo is fourteen hours ahead of New York."),
        ("what's the time difference between London and New York", "London is five hours ahead of New York."),
        ("what's the time difference with India", "India is five and a half hours ahead of us."),
        ("time difference between Paris and Berlin", "Paris and Berlin have the same time."),
        ("what time is it in London when it's 9 am in New York", "It's two o'clock in the afternoon in London."),
        ("what time will it be in 3 hours", "It will be twenty past seven this evening."),
        ("what time was it 2 hours ago", "It was twenty past two."),
        ("What time is it in an hour in Tokyo?", "It will be twenty past two tomorrow morning in Tokyo."),
        ("what's the time in an hour", "It will be twenty past five this afternoon."),
        ("what's the time in Tokyo in an hour", "It will be twenty past two tomorrow morning in Tokyo."),
        ("what time is it in a bit in Tokyo", "I can't do that yet."),
        ("what time will it be in Tokyo in an hour", "It will be twenty past two tomorrow morning in Tokyo."),
        ("what time will it be in Berlin two hours from now", "It will be twenty past seven in the evening in Berlin."),
        ("what time was it in Tokyo two hours ago", "It was twenty past eleven at night in Tokyo."),
        ("what time was it two hours ago in New York", "It was twenty past nine in the morning in New York."),
        ("what time is it in two days in Tokyo", "It will be twenty past one in the morning on Friday in Tokyo."),
        ("what time is it in an hour in Narnia", "I don't know the time in Narnia."),
        (
            "what time is it in an hour in Australia",
            "There are several time zones in Australia. Ask me about a city.",
        ),
        ("what's the time in the U.K.", "It's twenty past four in the afternoon in the UK."),
    ],
)
def test_the_time_elsewhere_is_told_with_the_half_of_the_day(fresh_ask: Ask, said: str, reply: str) -> None:
    assert fresh_ask(said).text == reply


def test_another_place_may_follow(ask: Ask) -> None:
    assert ask("what time is it in Tokyo").specialist == "clock"
    assert ask("and in Berlin?").text == "It's twenty past five in the afternoon in Berlin."
    assert ask("And then New York.").text == "It's twenty past eleven in the morning in New York."
    assert ask("what about India").text == "It's ten to ten in the evening in India."


def test_a_place_alone_is_no_question_about_the_time(ask: Ask) -> None:
    assert ask("and in Berlin?").specialist == "router"


def test_a_country_of_several_zones_is_asked_about(ask: Ask) -> None:
    asked = ask("what time is it in the United States")
    assert asked.awaits
    assert asked.text == "There are several time zones in the United States. Which city?"
    assert ask("Los Angeles").text == "It's twenty past eight in the morning in Los Angeles."


def test_the_question_of_which_city_traps_nobody(ask: Ask) -> None:
    assert ask("what time is it in Australia").awaits
    assert ask("what's two plus two").text == "Four."
    assert ask("Sydney").specialist == "router"


@pytest.mark.parametrize(
    ("at", "reply"),
    [
        (datetime(2027, 3, 14, 12, 0, tzinfo=ZoneInfo("Europe/London")), "London is four hours ahead of New York."),
        (datetime(2027, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/London")), "London is five hours ahead of New York."),
    ],
)
def test_a_difference_of_zones_is_that_of_today(fresh_ask: Ask, at: datetime, reply: str) -> None:
    assert fresh_ask("what's the time difference between London and New York", at).text == reply


DAYS = {
    "What's the date today?": "It's Tuesday, the twenty-fourth of November.",
    "what's today's date": "It's Tuesday, the twenty-fourth of November.",
    "what day is it": "It's Tuesday, the twenty-fourth of November.",
    "what day is it today?": "It's Tuesday, the twenty-fourth of November.",
    "What day of the week is it?": "It's Tuesday, the twenty-fourth of November.",
    "tell me the date": "It's Tuesday, the twenty-fourth of November.",
    "What year is it?": "It's twenty twenty-six.",
    "what month is it": "It's November.",
    "What's the week number?": "It's week forty-eight.",
    "which week are we in": "It's week forty-eight.",
    "what's the date in Sydney": "It's Wednesday, the twenty-fifth of November in Sydney.",
    "What's the date next Friday?": (
        "Next Friday is the fourth of December; this Friday is the twenty-seventh of November."
    ),
    "what date is it on Friday": "It's Friday, the twenty-seventh of November.",
    "what's the date of next Tuesday": "It's Tuesday, the first of December.",
    "what date was it yesterday": "Yesterday was Monday, the twenty-third of November.",
    "what's the date tomorrow": "Tomorrow is Wednesday, the twenty-fifth of November.",
    "What's tomorrow's date?": "Tomorrow is Wednesday, the twenty-fifth of November.",
    "what day was yesterday": "Yesterday was Monday, the twenty-third of November.",
    "when is Easter": "It's Sunday, the twenty-eighth of March.",
    "One is Easter.": "It's Sunday, the twenty-eighth of March.",
    "what day is Christmas on": "It's Friday, the twenty-fifth of December.",
    "what day of the week is the fourth of July": "It's a Sunday in twenty twenty-seven.",
    "what day was the fourth of July 1776": "It was a Thursday.",
    "What day was the fourth of July, seventeen, seventy six?": "It was a Thursday.",
    "what day of the week was 3 March 1990": "It was a Saturday.",
    "what day will it be in 100 days": "It's Thursday, the fourth of March.",
    "what's the date two weeks from tomorrow": "It's Wednesday, the ninth of December.",
    "How many days until Christmas?": "Thirty-one days.",
    "how many days are there until New Year's Eve": "Thirty-seven days.",
    "how many days until the third of March": "Ninety-nine days.",
    "how many days till tomorrow": "One day: it's tomorrow.",
    "how many weeks until Christmas": "Four weeks and three days.",
    "how long until New Year": "Thirty-eight days.",
    "days until halloween": "Three hundred and forty-one days.",
    "how many days until the 24th of November": "That's today.",
    "how many days since the first of January": "That was three hundred and twenty-seven days ago.",
    "how many days between Christmas and Easter": "Ninety-three days.",
    "how many days in February": "Twenty-eight, or twenty-nine in a leap year.",
    "how many days are there in March": "Thirty-one.",
    "how many days in February 2028": "Twenty-nine.",
    "is 2028 a leap year": "Yes.",
    "is 1900 a leap year": "No.",
}


@pytest.mark.parametrize(("said", "reply"), DAYS.items())
def test_days_are_told_and_counted(fresh_ask: Ask, said: str, reply: str) -> None:
    assert fresh_ask(said).text == reply


def test_the_first_of_january_may_be_in_the_last_iso_week_of_the_year_before(fresh_ask: Ask) -> None:
    new_year = datetime(2027, 1, 1, 9, 0, tzinfo=ZoneInfo("Europe/London"))
    assert fresh_ask("what week is it", new_year).text == "It's week fifty-three."


@pytest.mark.parametrize(
    "said",
    [
        "what time is it in Tokyo at six pm",
        "what time is it in Paris when I land",
        "what time is it in Tokyo and London",
    ],
)
def test_a_time_that_is_not_now_is_no_name_of_a_place(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said).text == "I can't do that yet."


def test_behind_another_place_here_is_a_place_too(ask: Ask) -> None:
    assert ask("and here?").specialist == "router"
    ask("what time is it in Tokyo")
    assert ask("and here?").text == "It's twenty past four."


def test_there_is_the_place_of_which_the_time_was_told_last(ask: Ask) -> None:
    assert ask("what day is it there").specialist == "router"
    ask("what time is it in Tokyo")
    assert ask("and what day is it there?").text == "It's Wednesday, the twenty-fifth of November in Tokyo."
    ask("what about New York")
    assert ask("what's the date there").text == "It's Tuesday, the twenty-fourth of November in New York."
    assert ask("what time is it there").text == "It's twenty past eleven in the morning in New York."
