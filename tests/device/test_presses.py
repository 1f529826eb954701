from pathlib import Path

import pytest

from sottovoce_device.capture.button import open_button
from sottovoce_device.config import ButtonConfig
from sottovoce_device.decide.presses import Act, Presses
from sottovoce_device.errors import SensorError
from sottovoce_device.sense.button_watch import ButtonWatch

BLOCK_MS = 32


def acts(levels: str, step_ms: float = BLOCK_MS) -> list[tuple[str, float]]:
    """What a row of readings comes to ("#" is pressed), and when the finger came down."""
    rule = Presses()
    found = [rule.step(n * step_ms, pressed=level == "#") for n, level in enumerate(levels)]
    return [(act.action, act.since_ms) for act in found if isinstance(act, Act)]


def test_a_short_press_is_a_tap_and_a_long_one_a_hold_that_is_released() -> None:
    assert acts("..###......") == [("tapped", 64)]
    assert acts("..#" + 20 * "#") == [("held", 64)]
    assert acts("..#" + 20 * "#" + "..") == [("held", 64), ("released", 64)]


def test_two_taps_within_300_ms_are_a_double_tap_and_a_third_begins_anew() -> None:
    assert acts("##...##" + 20 * "." + "##..") == [("tapped", 0), ("double_tapped", 160), ("tapped", 27 * 32)]
    assert acts("##" + 12 * "." + "##..") == [("tapped", 0), ("tapped", 14 * 32)]
    assert [a for a, _ in acts("##..##..##..")] == ["tapped", "double_tapped", "tapped"]


def test_contacts_that_bounce_press_once() -> None:
    assert acts("..#.#.##" + 60 * "#" + "#.#.#" + 40 * ".", step_ms=2) == [("tapped", 4)]


def test_a_button_that_cannot_be_read_is_not_pressed_and_comes_back(tmp_path: Path) -> None:
    wire = tmp_path / "button"
    wire.write_text("1")
    button = open_button(ButtonConfig(driver="simulated", path=str(wire)))
    rule = Presses()
    told = []
    for number, level in enumerate(["1"] * 20 + ["", "x", "01"] + ["1"] * 20 + ["0"]):
        wire.write_text(level)
        act = rule.step(number * BLOCK_MS, pressed=button.read() == "pressed")
        told += [act.action] if act else []
        assert (button.read() == "unreadable") == (level not in ("0", "1"))
    assert told == ["held", "released", "held", "released"]


def test_a_loose_wire_that_comes_and_goes_within_a_second_is_not_told_as_a_loss(tmp_path: Path) -> None:
    wire = tmp_path / "button"
    wire.write_text("0")
    watch = ButtonWatch(open_button(ButtonConfig(driver="simulated", path=str(wire))))
    told = []
    for number, level in enumerate(["", "0"] * 40 + [""] * 33 + ["0"]):
        wire.write_text(level)
        assert watch.feel(number * BLOCK_MS) is None
        told.append(watch.state)
    assert told[:110] == ["on"] * 110
    assert told[-4:] == ["on", "lost", "lost", "on"]


def test_glasses_without_a_button_never_feel_one() -> None:
    assert open_button(ButtonConfig()).read() == "released"


@pytest.mark.parametrize("driver", ["simulated", "gpio"])
def test_a_button_that_is_not_there_is_refused_with_the_cure(driver: str) -> None:
    with pytest.raises(SensorError, match=r"make the file|glasses"):
        open_button(ButtonConfig(driver=driver, chip="/dev/none", path="/none"))  # type: ignore[arg-type]
