"""Sums as people say them."""

import time
from datetime import timedelta
from fractions import Fraction

import pytest
from asking import TUESDAY, Ask
from hypothesis import given
from hypothesis import strategies as st

from sottovoce_host.mind import phrasing
from sottovoce_host.mind.calculator import work_out
from sottovoce_host.mind.exact import Unanswerable
from sottovoce_host.mind.wording import plain

SUMS = {
    "What's 17 times 23?": "Three hundred and ninety-one.",
    "what's seventeen times twenty three": "Three hundred and ninety-one.",
    "what is seventeen multiplied by twenty-three": "Three hundred and ninety-one.",
    "Okay, so what's eight times nine?": "Seventy-two.",
    "what's 6 x 7": "Forty-two.",
    "12 plus 7 times 3.": "Thirty-three.",
    "what's 12 divided by 5 times 2": "Four point eight.",
    "how much is 2 + 2": "Four.",
    "What's 0.1 + 0.2?": "Zero point three.",
    "what's minus 5 plus 3.2": "Minus one point eight.",
    "-5 + 3": "Minus two.",
    "what's 7-3": "Four.",
    "1,250 minus 300": "Nine hundred and fifty.",
    "what's a hundred and five minus two": "One hundred and three.",
    "A hundred and twenty divided by seven.": "About seventeen point one four.",
    "what is 100 divided by 3": "About thirty-three point three three.",
    "10 over 4": "Two point five.",
    "what's 10 / 4": "Two point five.",
    "17 mod 5": "Two.",
    "What is 15% of 80?": "Twelve.",
    "what's fifteen per cent of eighty": "Twelve.",
    "Half of 37.": "Eighteen point five.",
    "what's half of a hundred": "Fifty.",
    "a third of ninety": "Thirty.",
    "two thirds of 90": "Sixty.",
    "What's three quarters of two hundred?": "One hundred and fifty.",
    "how much is a quarter of two hundred": "Fifty.",
    "what's 1/3 plus 1/6": "Zero point five.",
    "what is two and a half times four": "Ten.",
    "The square root of two": "About one point four one four.",
    "what's the square root of one hundred and forty four": "Twelve.",
    "square root of 2.25": "One point five.",
    "cube root of 27": "Three.",
    "cube root of minus 27": "Minus three.",
    "Two to the power of 10.": "One thousand and twenty-four.",
    "two to the ten": "One thousand and twenty-four.",
    "ten to the sixth power": "One million.",
    "2 to the power of minus 2": "Zero point two five.",
    "2^3^2": "Five hundred and twelve.",
    "Three squared.": "Nine.",
    "minus three squared": "Minus nine.",
    "what's 5 cubed": "One hundred and twenty-five.",
    "square 12": "One hundred and forty-four.",
    "double 35": "Seventy.",
    "what is twice a hundred and five": "Two hundred and ten.",
    "7 factorial": "Five thousand and forty.",
    "Add 5 and 7": "Twelve.",
    "subtract 5 from 9": "Four.",
    "take 5 from twenty": "Fifteen.",
    "multiply 3 by a hundred and five": "Three hundred and fifteen.",
    "divide 10 by 4": "Two point five.",
    "the sum of 5 and 7": "Twelve.",
    "what's the difference between 20 and 7": "Thirteen.",
    "the product of six and seven": "Forty-two.",
    "What's 20% off $45?": "Thirty-six dollars.",
    "what's twenty percent off forty five dollars": "Thirty-six dollars.",
    "What's a 15% tip on $64?": "Nine dollars and sixty cents.",
    "18% tip on a 52 dollar bill": "Nine dollars and thirty-six cents.",
    "how much is 3 times 19.99 dollars": "Fifty-nine dollars and ninety-seven cents.",
    "10% of \u20ac250": "Twenty-five euros.",
    "what's \u00a312.50 divided by 2": "Six pounds and twenty-five pence.",
    "what's 100 plus 10%": "One hundred and ten.",
    "what's 100 minus 10 percent": "Ninety.",
    "what is 20 percent more than 50": "Sixty.",
    "add 20 percent to 50": "Sixty.",
    "what's two plus for": "Six.",
    "what's to plus to": "Four.",
    "a million times a million": "One trillion.",
    "what is 2 to the power of 100": "About one point two seven times ten to the power of thirty.",
    "what's 1.5 million divided by 3": "Five hundred thousand.",
    "what is pi times two": "About six point two eight three.",
}


@pytest.mark.parametrize(("said", "reply"), SUMS.items())
def test_a_sum_is_worked_out(fresh_ask: Ask, said: str, reply: str) -> None:
    answered = fresh_ask(said)
    assert (answered.specialist, answered.text) == ("arithmetic", reply)


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("5 divided by 0", "Nothing can be divided by zero."),
        ("what is 12 mod 0", "Nothing can be divided by zero."),
        ("zero to the power of minus one", "Nothing can be divided by zero."),
        ("what's the square root of minus four", "A negative number has no real square root."),
        ("2.5 factorial", "Only whole numbers have a factorial."),
        ("9^9^9", "That number is too big for me."),
        ("nine to the power of nine to the power of nine to the power of nine", "That number is too big for me."),
        ("5000 factorial", "That number is too big for me."),
        ("10 to the power of 5000", "That number is too big for me."),
        ("1 to the power of 99999999999999999999", "One."),
    ],
)
def test_what_has_no_answer_is_said_at_once(fresh_ask: Ask, said: str, reply: str) -> None:
    begun = time.perf_counter()
    assert fresh_ask(said).text == reply
    assert time.perf_counter() - begun < 1


def test_a_result_can_be_worked_on(ask: Ask) -> None:
    said = [
        "what's 6 times 7",
        "and times two",
        "Divide that by three.",
        "plus 100",
        "half of that",
        "minus 4",
        "square root of that",
    ]
    replies = [
        "Forty-two.",
        "Eighty-four.",
        "Twenty-eight.",
        "One hundred and twenty-eight.",
        "Sixty-four.",
        "Sixty.",
        "About seven point seven four six.",
    ]
    assert [ask(text).text for text in said] == replies


def test_a_result_is_forgotten_after_a_while(ask: Ask) -> None:
    assert ask("what's 6 times 7").text == "Forty-two."
    assert ask("and times two", TUESDAY + timedelta(minutes=10)).specialist == "router"


@pytest.mark.parametrize(
    "said",
    [
        "what is 5",
        "times two",
        "divide that by three",
        "seven",
        "what's 45 dollars divided by 9 dollars",
        "two plus",
        "plus",
        "what is x",
    ],
)
def test_what_is_no_sum_is_left_alone(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said).specialist == "router"


_OPERATORS = {"plus": "+", "minus": "-", "times": "*", "divided by": "/"}
_TERM = st.integers(-999, 9999) | st.fractions(-50, 50, max_denominator=1).map(lambda f: f + Fraction(1, 4))


@given(
    st.lists(_TERM, min_size=2, max_size=6),
    st.lists(st.sampled_from(sorted(_OPERATORS)), min_size=5, max_size=5),
    st.booleans(),
)
def test_any_spoken_sum_has_the_value_python_gives_it(
    numbers: list[Fraction], operators: list[str], in_words: bool
) -> None:
    said, code = [], []
    for number, operator in zip(numbers, operators, strict=False):
        spoken = phrasing.number(Fraction(number)) if in_words else str(float(number)).removesuffix(".0")
        said += [spoken, operator]
        code += [f"Fraction({Fraction(number).numerator}, {Fraction(number).denominator})", _OPERATORS[operator]]
    words = plain(" ".join(said[:-1]))
    try:
        expected = eval(" ".join(code[:-1]), {"Fraction": Fraction})  # noqa: S307 - the test's own numbers: Python is the oracle
    except ZeroDivisionError:
        with pytest.raises(Unanswerable):
            work_out(words.split())
        return
    outcome = work_out(words.split())
    assert outcome is not None
    assert outcome.value == expected


@given(
    st.lists(
        st.sampled_from(
            "two 3 a half of percent plus minus times to the power squared root that off dollars and factorial".split()
        ),
        max_size=14,
    )
)
def test_no_salad_of_words_breaks_the_calculator(words: list[str]) -> None:
    try:
        outcome = work_out(words)
    except Unanswerable:
        return
    assert outcome is None or phrasing.about(outcome.value)
