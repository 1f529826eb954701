"""The button of sealed glasses, live."""

from collections.abc import Callable
from pathlib import Path

import pytest
from stage import Stage, wait_until

from sottovoce_wire import Attended, Pressed, Vitals

Scene = Callable[..., Path]


@pytest.mark.parametrize("held", [True, False])
def test_the_same_words_open_while_the_button_is_held_and_stay_shut_without(
    stage: Stage, scene: Scene, held: bool
) -> None:
    button = stage.folder / "button"
    button.write_text("1" if held else "0")
    stage.more = f'[button]\ndriver = "simulated"\npath = "{button}"\n'
    stage.host()
    watch = stage.watch()
    said = scene(1.5, ("two_cities.wav", 1.0, 5.0), 1.0)
    stage.device(said, "gate")
    wait_until(lambda: watch.status, "the gate can tell of a finger that is down from the start")
    sense = stage.device(said, "sense")
    wait_until(lambda: watch.all(Attended), "the glasses have decided")
    assert [a.opened for a in watch.all(Attended)][:1] == [held]
    if held:
        wait_until(lambda: any("times" in text for text in watch.said), "the words arrived")
    else:
        assert watch.said == []
        button.write_text("1")
        wait_until(lambda: [p.action for p in watch.all(Pressed)] == ["held"], "the press is felt under the seal")
    button.write_text("torn")
    wait_until(lambda: [p.action for p in watch.all(Pressed)] == ["held", "released"], "what cannot be read lets go")
    assert sense.popen.poll() is None, "hearing went on"


def test_a_button_that_breaks_is_told_of_and_felt_again_when_it_works_again(stage: Stage, scene: Scene) -> None:
    button = stage.folder / "button"
    button.write_text("0")
    stage.more = f'[button]\ndriver = "simulated"\npath = "{button}"\n'
    stage.broker()
    watch = stage.watch()
    device = stage.device(scene(1.0))

    def told() -> list[str]:
        """How the button was, each change once."""
        words = [v.button for v in watch.all(Vitals)]
        return [word for before, word in zip(["", *words], words, strict=False) if word != before]

    wait_until(lambda: told() == ["on"], "the button works")
    sense = device.children()["sense"].pid
    button.write_text("torn")
    wait_until(lambda: told() == ["on", "lost"], "its loss is told")
    button.write_text("0")
    wait_until(lambda: told() == ["on", "lost", "on"], "it is told to be there again")
    button.write_text("1")
    wait_until(lambda: [p.action for p in watch.all(Pressed)] == ["held"], "and a press is felt")
    assert device.children()["sense"].pid == sense, "hearing went on"


def test_glasses_without_a_button_say_so(stage: Stage, scene: Scene) -> None:
    stage.broker()
    watch = stage.watch()
    stage.device(scene(1.0))
    wait_until(lambda: watch.all(Vitals), "the glasses tell how they are")
    assert watch.all(Vitals)[-1].button == "off"
