"""Units, and what they are turned into."""

from fractions import Fraction

import pytest
from asking import Ask

from sottovoce_host.mind import measures

UNITS = {
    "How many ounces in a pound?": "One pound is sixteen ounces.",
    "how many ounces are there in a pound": "One pound is sixteen ounces.",
    "Can you tell me how many ounces there are in 2 pounds?": "Two pounds is thirty-two ounces.",
    "how many ounces in a cup": "One cup is eight fluid ounces.",
    "How many fluid ounces and a cup?": "One cup is eight fluid ounces.",
    "How many cups and two liters?": "Two litres is about eight point four five cups.",
    "how many cups in 2 litres": "Two litres is about eight point four five cups.",
    "how many cups is 500 ml": "Five hundred millilitres is about two point one one cups.",
    "how many teaspoons are in a tablespoon": "One tablespoon is three teaspoons.",
    "how many pints in a litre": "One litre is about two point one one US pints.",
    "How many pints in a UK gallon?": "One imperial gallon is eight imperial pints.",
    "how many pints in a U.K. gallon": "One imperial gallon is eight imperial pints.",
    "how many UK pints in a gallon": "One imperial gallon is eight imperial pints.",
    "how many cups in a UK pint": "One imperial pint is two imperial cups.",
    "how many ounces in a British pint": "One imperial pint is twenty imperial fluid ounces.",
    "how many US pints in a UK gallon": "One imperial gallon is about nine point six one US pints.",
    "convert 10 pints to imperial pints": "Ten US pints is about eight point three three imperial pints.",
    "convert 3 imperial gallons to gallons": "Three imperial gallons is about three point six US gallons.",
    "how many imperial gallons in a gallon": "One US gallon is about zero point eight three three imperial gallons.",
    "convert 10 ounces to imperial fluid ounces": ("Ten fluid ounces is about ten point four imperial fluid ounces."),
    "how many pints in a gallon": "One US gallon is eight US pints.",
    "Convert -500 Celsius to Kelvin": "There is nothing colder than absolute zero.",
    "what is minus 10 kelvin in celsius": "There is nothing colder than absolute zero.",
    "how tall is 180 cm in feet and inches": "One hundred and eighty centimetres is about five feet and eleven inches.",
    "what's 70 kilos in stone and pounds": "Seventy kilograms is about eleven stone.",
    "what is 72 inches in feet and inches": "Seventy-two inches is six feet.",
    "what's 183 cm in feet and inches": "One hundred and eighty-three centimetres is about six feet.",
    "convert 10 centimetres to feet and inches": "Ten centimetres is about four inches.",
    "what is 100 minutes in hours and minutes": "One hundred minutes is one hour and forty minutes.",
    "what's 60 miles an hour in kilometres": "Sixty miles an hour is about ninety-six point six kilometres an hour.",
    "what is -460 fahrenheit in celsius": "There is nothing colder than absolute zero.",
    "what is -273.15 celsius in kelvin": (
        "Minus two hundred and seventy-three point one five degrees Celsius is zero kelvin."
    ),
    "how many litres in an imperial gallon": "One imperial gallon is about four point five five litres.",
    "What's 5 feet 11 in centimeters?": (
        "Five feet and eleven inches is one hundred and eighty point three four centimetres."
    ),
    "what's five foot eleven in cm": (
        "Five feet and eleven inches is one hundred and eighty point three four centimetres."
    ),
    "5 feet and 11 inches in metres": "Five feet and eleven inches is about one point eight metres.",
    "how tall is six feet in cm": "Six feet is one hundred and eighty-two point eight eight centimetres.",
    "Convert 30 degrees Celsius to Fahrenheit.": "Thirty degrees Celsius is eighty-six degrees Fahrenheit.",
    "what's 30 degrees in fahrenheit": "Thirty degrees Celsius is eighty-six degrees Fahrenheit.",
    "what is 30\u00b0C in Fahrenheit": "Thirty degrees Celsius is eighty-six degrees Fahrenheit.",
    "minus 40 celsius in fahrenheit": "Minus forty degrees Celsius is minus forty degrees Fahrenheit.",
    "A hundred kilometers an hour in miles per hour.": (
        "One hundred kilometres an hour is about sixty-two point one miles an hour."
    ),
    "100 km/h in mph": "One hundred kilometres an hour is about sixty-two point one miles an hour.",
    "How many seconds in a day?": "One day is eighty-six thousand four hundred seconds.",
    "how many minutes are there in a week": "One week is ten thousand and eighty minutes.",
    "how many hours in 3 days": "Three days is seventy-two hours.",
    "how many days in a year": "Three hundred and sixty-five, or three hundred and sixty-six in a leap year.",
    "how many days in a month": "Between twenty-eight and thirty-one.",
    "how many weeks in a year": "Fifty-two weeks and a day, or two days in a leap year.",
    "How many milliliters in a tablespoon?": "One tablespoon is about fourteen point eight millilitres.",
    "What is 200 grams and ounces?": "Two hundred grams is about seven point zero five ounces.",
    "Convert 10 miles to kilometers.": "Ten miles is about sixteen point one kilometres.",
    "How far is 10k m in miles?": "Ten kilometres is about six point two one miles.",
    "How many feet in a mile?": "One mile is five thousand two hundred and eighty feet.",
    "half a mile in metres": "Half a mile is about eight hundred and four point seven metres.",
    "what is 11 stone 4 in kilograms": "Eleven stone and four pounds is about seventy-one point seven kilograms.",
    "what's 180 pounds in kilos": "One hundred and eighty pounds is about eighty-one point six kilograms.",
    "how many acres in a square mile": "One square mile is six hundred and forty acres.",
    "how many megabytes in a gigabyte": "One gigabyte is one thousand megabytes.",
    "how many meters in to kilometers": "Two kilometres is two thousand metres.",
    "what is 1 inch in cm": "One inch is two point five four centimetres.",
    "convert 5 kilograms to litres": "I can't turn kilograms into litres: they measure different things.",
    "how many miles in an hour": "I can't turn hours into miles: they measure different things.",
    "what's 5'11\" in cm": ("Five feet and eleven inches is one hundred and eighty point three four centimetres."),
    "100 square metres in square feet": "One hundred square metres is about one thousand and seventy-six square feet.",
    "how many hours in a year": "One year is about eight thousand seven hundred and sixty-six hours.",
    "how many bits in a radian": "I can't turn radians into bits: they measure different things.",
    "how many feet in 2 light years": (
        "Two light years is about six point two one times ten to the power of sixteen feet."
    ),
    "what's 20 dollars in pounds": "I don't know exchange rates.",
    "how many dollars in a euro": "I don't know exchange rates.",
}


@pytest.mark.parametrize(("said", "reply"), UNITS.items())
def test_units_are_converted_and_sensibly_rounded(fresh_ask: Ask, said: str, reply: str) -> None:
    answered = fresh_ask(said)
    assert (answered.specialist, answered.text) == ("conversion", reply)


def test_every_unit_converts_into_every_other_or_is_refused() -> None:
    converter = measures.Measures()
    for source in measures.units():
        assert converter.convert(measures.Amount(Fraction(1), source), source) == 1
        for target in measures.units():
            amount, meant = converter.reading(measures.Amount(Fraction(3), source), target)
            there = converter.convert(amount, meant)
            if there is not None:
                back = converter.convert(measures.Amount(there, meant), amount.unit)
                assert back is not None
                assert abs(back - 3) < Fraction(1, 10**9), (source.key, target.key)


def test_another_unit_may_follow(ask: Ask) -> None:
    assert ask("what's 5 feet in metres").text == "Five feet is about one point five two metres."
    assert ask("and in inches?").text == "Five feet is sixty inches."
    assert ask("what is that in yards").text == "Five feet is about one point six seven yards."
