"""Words and digits to numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from sottovoce_host.mind import numerals, phrasing
from sottovoce_host.mind.wording import plain

NUMBERS = {
    "zero": "0",
    "seven": "7",
    "thirteen": "13",
    "twenty": "20",
    "twenty three": "23",
    "twenty-three": "23",
    "a hundred": "100",
    "a hundred and five": "105",
    "one hundred five": "105",
    "two hundred and 50": "250",
    "nine hundred and ninety nine": "999",
    "a thousand": "1000",
    "twelve hundred": "1200",
    "one thousand two hundred and fifty": "1250",
    "two hundred and three thousand and four": "203004",
    "a million": "1000000",
    "1.5 million": "1500000",
    "two point five million": "2500000",
    "three million and one": "3000001",
    "1250": "1250",
    "3.5": "3.5",
    "three point one four": "3.14",
    "3 point 5": "3.5",
    "nought point oh five": "0.05",
    "half": "0.5",
    "a half": "0.5",
    "one half": "0.5",
    "a quarter": "0.25",
    "three quarters": "0.75",
    "two and a half": "2.5",
    "two and three quarters": "2.75",
    "2 1/2": "2.5",
    "3/4": "0.75",
    "a tenth": "0.1",
    "a dozen": "12",
    "half a dozen": "6",
    "two dozen": "24",
    "minus five": "-5",
    "negative 3.2": "-3.2",
    "minus two and a half": "-2.5",
}


@pytest.mark.parametrize(("said", "value"), NUMBERS.items())
def test_a_number_is_read_as_it_is_said(said: str, value: str) -> None:
    assert numerals.number(said) == Fraction(value)


@pytest.mark.parametrize(
    ("said", "value"), [("two thirds", (2, 3)), ("a third", (1, 3)), ("five sixths", (5, 6)), ("1/3", (1, 3))]
)
def test_thirds_are_kept_exactly(said: str, value: tuple[int, int]) -> None:
    assert numerals.number(said) == Fraction(*value)


@pytest.mark.parametrize(
    "said",
    ["", "a", "and", "five of", "twenty third", "one two", "point five point", "1/0", "the five", "to", "for", "minus"],
)
def test_what_is_not_one_number_is_no_number(said: str) -> None:
    assert numerals.number(said) is None


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ("2026", 2026),
        ("twenty twenty six", 2026),
        ("nineteen eighty four", 1984),
        ("nineteen-eighty-four", 1984),
        ("two thousand and five", 2005),
        ("nineteen oh five", 1905),
        ("nineteen hundred", 1900),
        ("ten sixty six", 1066),
        ("twenty ten", 2010),
    ],
)
def test_a_year_is_read_in_its_two_halves(said: str, year: int) -> None:
    assert numerals.year(said) == year


@pytest.mark.parametrize("said", ["seven", "twenty five", "march", "nineteen eighty four five", "12345"])
def test_what_names_no_year_is_none(said: str) -> None:
    assert numerals.year(said) is None


@given(st.integers(-(10**14), 10**14))
def test_every_whole_number_said_is_heard_again(value: int) -> None:
    assert numerals.number(plain(phrasing.integer(value))) == value


@given(st.integers(-(10**7), 10**7), st.integers(0, 4))
def test_every_short_decimal_said_is_heard_again(scaled: int, places: int) -> None:
    value = Fraction(scaled, 10**places)
    assert phrasing.exactly(value)
    assert numerals.number(phrasing.number(value)) == value


@given(st.integers(1, 31))
def test_every_day_of_a_month_is_heard_as_it_is_said_and_written(day: int) -> None:
    assert numerals.ordinal(phrasing.ordinal(day).replace("-", " ").split()) == (
        day,
        len(phrasing.ordinal(day).split("-")),
    )
    assert numerals.ordinal([num2words(day, to="ordinal_num")]) == (day, 1)


@given(st.integers(1000, 2999))
def test_every_year_said_is_heard_again(year: int) -> None:
    said = str(num2words(year, to="year")).replace("oh-", "oh ")
    assert numerals.year(plain(said)) == year
