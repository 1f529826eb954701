"""What share one number is of another."""

import pytest
from asking import Ask


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("20 is what percent of 80?", "Twenty-five percent."),
        ("30 is what percent of 120?", "Twenty-five percent."),
        ("twenty is what percentage of eighty", "Twenty-five percent."),
        ("what percent of 80 is 20", "Twenty-five percent."),
        ("What percentage of 80 is 20?", "Twenty-five percent."),
        ("what percent is 20 of 80", "Twenty-five percent."),
        ("what percentage is 20 out of 80", "Twenty-five percent."),
        ("what's the percentage of 20 out of 80", "Twenty-five percent."),
        ("20 out of 80 is what percent", "Twenty-five percent."),
        ("what is 20 as a percentage of 80", "Twenty-five percent."),
        ("what's 20 out of 80 in percent", "Twenty-five percent."),
        ("20 dollars is what percent of $80", "Twenty-five percent."),
        ("5 plus 15 is what percent of 8 times 10", "Twenty-five percent."),
        ("120 is what percent of 80", "One hundred and fifty percent."),
        ("1 is what percent of 3", "About thirty-three point three three percent."),
        ("20 is what percent of 0", "Nothing can be divided by zero."),
    ],
)
def test_a_share_is_told_in_percent(fresh_ask: Ask, said: str, reply: str) -> None:
    assert fresh_ask(said).text == reply


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("what is 20 percent of 80", "Sixteen."),
        ("20% of 80", "Sixteen."),
        ("20 dollars is what percent of 80 euros", "I can't do that yet."),
        ("what percent of people is left handed", "I can't do that yet."),
    ],
)
def test_what_asks_for_no_share_is_answered_as_before(fresh_ask: Ask, said: str, reply: str) -> None:
    assert fresh_ask(said).text == reply


def test_a_share_may_be_of_what_was_worked_out_before(ask: Ask) -> None:
    assert ask("what's 8 times 10").text == "Eighty."
    assert ask("20 is what percent of that").text == "Twenty-five percent."


@pytest.mark.parametrize(
    ("said", "first", "second"),
    [
        ("what is 20 percent of 80", "Sixteen.", "Eighteen."),
        ("18 is what percent of 72", "Twenty-five percent.", "Twenty percent."),
        ("what percent of 36 is 18", "Fifty percent.", "Twenty percent."),
    ],
)
def test_the_same_share_is_asked_of_something_else(ask: Ask, said: str, first: str, second: str) -> None:
    assert ask(said).text == first
    assert ask("and of 90?").text == second


def test_without_a_share_before_nothing_is_of_something_else(ask: Ask) -> None:
    ask("what is 20 percent of 80")
    ask("what is 8 times 10")
    assert ask("and of 90?").specialist == "router"
