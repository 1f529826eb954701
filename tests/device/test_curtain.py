from pathlib import Path

import pytest

from sottovoce_device.capture.light import open_light
from sottovoce_device.capture.mute_switch import open_switch
from sottovoce_device.config import LightConfig, MuteConfig
from sottovoce_device.errors import SensorError
from sottovoce_device.sense.curtain import Curtain


class Wired:
    """A curtain whose switch and light are files."""

    def __init__(self, folder: Path) -> None:
        self.switch, self.light = folder / "switch", folder / "light"
        self.switch.write_text("0")
        self.light.write_text("?")
        light = open_light(LightConfig(driver="simulated", path=str(self.light)))
        self.curtain = Curtain(open_switch(MuteConfig(driver="simulated", path=str(self.switch))), light)
        self.curtain.told_muted = False

    def lit(self) -> bool:
        return self.light.read_text() == "1"


@pytest.fixture
def wired(tmp_path: Path) -> Wired:
    return Wired(tmp_path)


def test_sensors_are_on_only_with_the_switch_open_the_wearer_willing_and_the_light_lit(wired: Wired) -> None:
    assert not wired.lit()
    assert (wired.curtain.look(), wired.lit()) == ("on", True)
    wired.switch.write_text("1")
    assert (wired.curtain.look(), wired.lit()) == ("muted", False)
    wired.switch.write_text("0")
    wired.curtain.told_muted = True
    assert (wired.curtain.look(), wired.lit()) == ("muted", False)
    wired.curtain.told_muted = False
    assert (wired.curtain.look(), wired.lit()) == ("on", True)
    wired.curtain.close()
    assert not wired.lit()


@pytest.mark.parametrize("torn", ["", "2", "01", "x"])
def test_what_cannot_be_read_is_off(wired: Wired, torn: str) -> None:
    assert wired.curtain.look() == "on"
    wired.switch.write_text(torn)
    assert (wired.curtain.look(), wired.lit()) == ("off", False)


def test_a_light_that_cannot_be_lit_leaves_the_sensors_off(tmp_path: Path) -> None:
    (tmp_path / "switch").write_text("0")
    switch = open_switch(MuteConfig(driver="simulated", path=str(tmp_path / "switch")))
    curtain = Curtain(switch, open_light(LightConfig(driver="simulated", path="/dev/full")))
    curtain.told_muted = False
    assert curtain.look() == "off"


@pytest.mark.parametrize("driver", ["simulated", "gpio"])
def test_a_switch_or_light_that_is_not_there_is_refused(driver: str) -> None:
    with pytest.raises(SensorError, match=r"off|glasses"):
        open_switch(MuteConfig(driver=driver, chip="/dev/none", path="/none"))  # type: ignore[arg-type]
    with pytest.raises(SensorError, match=r"off|glasses"):
        open_light(LightConfig(driver=driver, chip="/dev/none", path="/none"))  # type: ignore[arg-type]
