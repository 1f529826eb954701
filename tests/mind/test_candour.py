"""Who asks for a recording, or whether there is one, is told that there cannot be any."""

import pytest
from asking import Ask


@pytest.mark.parametrize(
    "said",
    ["Record this.", "Can you record this meeting, please?", "Take a picture.", "take a photo of the sign", "Film him",
     "Start recording.", "record a video", "Could you film what she says?"],
)  # fmt: skip
def test_nothing_can_be_recorded(fresh_ask: Ask, said: str) -> None:
    told = "I can't. These glasses keep no sound and no picture: there is nothing in them that could."
    assert fresh_ask(said).text == told


@pytest.mark.parametrize(
    "said", ["Are you recording?", "Are you recording me right now?", "Is this being recorded?", "Do you record us"]
)
def test_nothing_is_recorded(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said).text.startswith("No. These glasses keep no sound and no picture")


@pytest.mark.parametrize("said", ["Mute.", "Stop listening.", "turn off your microphone", "Don't listen to us."])
def test_sensors_are_turned_off_at_the_switch(fresh_ask: Ask, said: str) -> None:
    assert "the switch on your glasses turns their sensors off" in fresh_ask(said).text


@pytest.mark.parametrize(
    "said",
    [
        "note that we record the album on Friday",
        "what is the world record",
        "remind me to take a picture of it",
        "record that the milk is out",
        "record it on my shopping list",
        "make a video call to mum",
    ],
)
def test_what_only_speaks_of_recordings_is_not_answered_so(fresh_ask: Ask, said: str) -> None:
    assert fresh_ask(said).specialist != "candour"
