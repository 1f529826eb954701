"""Numbers, amounts and dictated text, said so that no voice can misread them."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce_host.mind import phrasing


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(0), "zero"),
        (Fraction(-9, 5), "minus one point eight"),
        (Fraction(7, 2), "three point five"),
        (Fraction(1001), "one thousand and one"),
        (Fraction(1, 3), "about zero point three three three three"),
        (Fraction(120, 7), "about seventeen point one four"),
        (Fraction(2, 3) * 100000, "about sixty-six thousand six hundred and sixty-six point six seven"),
        (Fraction(2) ** 100, "about one point two seven times ten to the power of thirty"),
        (Fraction(1, 7000), "about one point four three times ten to the power of minus four"),
    ],
)
def test_a_number_is_said_in_full_or_with_about(value: Fraction, said: str) -> None:
    assert phrasing.about(value) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (Fraction(36), "dollar", "thirty-six dollars"),
        (Fraction(1), "euro", "one euro"),
        (Fraction("9.60"), "dollar", "nine dollars and sixty cents"),
        (Fraction("0.05"), "pound", "five pence"),
        (Fraction("1.01"), "pound", "one pound and one penny"),
        (Fraction(10, 3), "dollar", "about three dollars and thirty-three cents"),
        (Fraction("-2.50"), "dollar", "minus two dollars and fifty cents"),
    ],
)
def test_money_is_said_in_its_two_units(value: Fraction, unit: str, said: str) -> None:
    assert phrasing.money(value, unit) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("the door code is 4512", "the door code is four five one two"),
        ("code 1984", "code one nine eight four"),
        ("born in 1984", "born in nineteen eighty-four"),
        ("gate 12", "gate twelve"),
        ("room 007", "room zero zero seven"),
        ("call 555 123 4567", "call five five five, one two three, four five six seven"),
        ("call 020-7946", "call zero two zero, seven nine four six"),
        ("at 6:30", "at six thirty"),
        ("at 7:00", "at seven o'clock"),
        ("at 9:05", "at nine oh five"),
        ("on the 21st", "on the twenty-first"),
        ("$45.50 & 20%", "forty-five dollars and fifty cents and twenty percent"),
        ("1,250 g", "one thousand two hundred and fifty g"),
        ("2.5 kg", "two point five kg"),
        ("hunter2", "hunter2"),
        ("$1,299.99", "one thousand two hundred and ninety-nine dollars and ninety-nine cents"),
        ("$1.5 million", "one point five million dollars"),
        ("\u00a35.5", "five pounds and fifty pence"),
        ("it was -5\u00b0C", "it was minus five degrees C"),
        ("a ratio of 3:1", "a ratio of three to one"),
        ("on 5/6", "on five slash six"),
        ("room #12", "room number twelve"),
        ("ann@example.com", "ann at example.com"),
        ("2 + 2 = 4", "two plus two equals four"),
    ],
)
def test_dictated_text_is_said_without_digits_a_voice_could_misread(written: str, said: str) -> None:
    assert phrasing.aloud(written) == said


def test_a_date_is_said_with_its_weekday() -> None:
    assert phrasing.day(date(2026, 11, 24)) == "Tuesday, the twenty-fourth of November"
    assert phrasing.day(date(1984, 3, 3), with_year=True) == "Saturday, the third of March nineteen eighty-four"


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_several_things_are_joined_as_in_a_sentence(parts: list[str], said: str) -> None:
    assert phrasing.join(parts) == said


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_no_number_is_said_with_digits(above: int, below: int) -> None:
    assert not any(character.isdigit() for character in phrasing.about(Fraction(above, below)))
