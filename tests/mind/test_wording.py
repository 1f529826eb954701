"""What the recogniser writes, brought into one shape."""

import pytest

from sottovoce_host.mind.wording import as_written, plain, tidy


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        ("What's the time?", "what is the time"),
        ("whats the time", "what is the time"),
        ("What\u2019s the time?", "what is the time"),
        ("  WHAT TIME IS IT  ", "what time is it"),
        ("Could you please tell me what time it is?", "what time is it"),
        ("Do you know what the date is?", "what is the date"),
        ("Hey, can you set a timer for 4 minutes, please?", "set a timer for 4 minutes"),
        ("Okay, so what's eight times nine?", "what is eight times nine"),
        ("Um, well, set a timer", "set a timer"),
        ("I'd like you to set an alarm for 7 a.m. tomorrow", "set an alarm for 7 am tomorrow"),
        ("Can you tell me how many ounces there are in a pound?", "how many ounces are there in a pound"),
        ("Seven p.m..", "seven pm"),
        ("7pm", "7 pm"),
        ("6:30 P.M.", "6:30 pm"),
        ("What's 20% off $45?", "what is 20 percent off 45 dollars"),
        ("\u00a345.50", "45.50 pounds sterling"),
        ("\u20ac3", "3 euros"),
        ("$1.5 million", "1.5 million dollars"),
        ("Start a 10-minute timer.", "start a 10 minute timer"),
        ("1,250 - 300", "1250 minus 300"),
        ("3.5\u00d72", "3.5 times 2"),
        ("9 \u00f7 3", "9 divided by 3"),
        ("what's 7x8", "what is 7 times 8"),
        ("a 4x4", "a 4x4"),
        ("2^10", "2 to the power of 10"),
        ("2 + 2 =", "2 plus 2"),
        ("-5 + 3", "minus 5 plus 3"),
        ("30\u00b0C", "30 degrees celsius"),
        ("100 km/h in mph", "100 kilometres per hour in mph"),
        ("2\u00bd", "2 1/2"),
        ("New Year's Eve", "new years eve"),
        ("7 o'clock", "7 oclock"),
        ("set a timer for five minutes, thanks", "set a timer for five minutes"),
        ("set a timer for five minutes for me", "set a timer for five minutes"),
        ("Set a timer for, um, five minutes", "set a timer for five minutes"),
        ("set an alarm for uh six erm thirty", "set an alarm for six thirty"),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_request_is_brought_into_one_shape(heard: str, words: str) -> None:
    assert plain(heard) == words


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        ("Canceled at timer.", "cancel that timer"),
        ("Canceled the pasta timer.", "cancel the pasta timer"),
        ("Time are 45 seconds.", "timer 45 seconds"),
        ("How past six?", "half past six"),
        ("One is Easter.", "when is easter"),
        ("What's not .5 plus one?", "what is 0.5 plus one"),
        ("How far is 10k m in miles?", "how far is 10 km in miles"),
        ("5'11\" in cm", "5 feet 11 inches in cm"),
    ],
)
def test_what_the_recogniser_is_known_to_mishear_is_put_right(heard: str, words: str) -> None:
    assert plain(heard) == words


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        (
            "Please make a note that Anna's flight is BA 117, at 6:30.",
            "make a note that Anna's flight is BA 117, at 6:30",
        ),
        ("Add milk, eggs, and bread to the list, please.", "Add milk, eggs, and bread to the list"),
        ("Note that, um, Bob is in the ER, uh, in room 5", "Note that, Bob is in the ER, in room 5"),
    ],
)
def test_what_is_kept_word_for_word_keeps_its_casing_and_commas(heard: str, kept: str) -> None:
    assert tidy(heard) == kept


def test_thanks_within_a_reminder_is_no_courtesy() -> None:
    assert plain("Remind me at five to say thank you") == "remind me at five to say thank you"


def test_words_are_found_again_as_they_were_written() -> None:
    assert as_written("Remind me in ten minutes to call Anna.", "call anna") == "call Anna"
    assert as_written("Remind me", "something else") == "something else"


@pytest.mark.parametrize(
    ("heard", "words", "written"),
    [
        ("Remind me to call Bob, and Ann, at five.", "call bob and ann", "call Bob, and Ann"),
        ("Remind me that I've got a meeting at three.", "i have got a meeting", "I've got a meeting"),
        ("Remind me to watch the 6 o'clock news at ten to six", "watch the 6 oclock news", "watch the 6 o'clock news"),
        ("Remind me to give Ann \u00a320 at five", "give ann 20 pounds sterling", "give Ann \u00a320"),
        ("Remind me to save 20% at noon", "save 20 percent", "save 20%"),
        ("Remind me at noon to call Bob - Bob Smith - twice", "call bob minus bob smith minus twice", ""),
    ],
)
def test_words_are_found_again_with_their_apostrophes_symbols_and_commas(heard: str, words: str, written: str) -> None:
    assert as_written(heard, words) == (written or words)
