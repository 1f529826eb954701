"""The button of sealed glasses, live."""

from collections.abc import Callable
from pathlib import Path

import pytest
from stage import Stage, wait_until

from sottovoce_wire import Attended, Pressed

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
    device = stage.device(scene(1.5, ("two_cities.wav", 1.0, 5.0), 1.0))
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
    assert device.children()["sense"].is_running()
