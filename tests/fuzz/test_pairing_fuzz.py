from tests.fuzz.pairing import fuzz


def test_no_changed_message_crashes_or_makes_a_pair() -> None:
    assert fuzz(40_000, 7)["tried"] == 40_000
