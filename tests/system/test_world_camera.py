"""Glasses whose world camera does not see well, live: they say so, answer no Look with an old picture, and hear on."""

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data
from stage import NAME, Stage, Watch, wait_until

from sottovoce_wire import Done, Look, Read, Vitals, encode
from sottovoce_wire.topics import command_topic

Scene = Callable[..., Path]


def frozen(folder: Path) -> str:
    """Settings of a camera that repeats itself to the bit."""
    cv2.imwrite(str(folder / "page.png"), skimage.data.page())
    return f'driver = "simulated"\npath = "{folder / "page.png"}"\nat_end = "freeze"\n'


def wrong_size(folder: Path) -> str:
    """Settings of a camera that gives 320 x 240, and not what it is asked for. A file of a video stands for it."""
    path = str(folder / "camera.avi")
    video = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 5, (320, 240))
    for level in range(50):
        video.write(np.full((240, 320, 3), 4 * level, np.uint8))
    video.release()
    return f'driver = "v4l2"\ndevice = "{path}"\npath = "{path}"\nwidth = 1280\nheight = 720\n'


def latest(watch: Watch) -> str:
    found = watch.all(Vitals)
    return found[-1].camera if found else ""


@pytest.mark.parametrize(("camera", "state"), [(frozen, "frozen"), (wrong_size, "lost")])
def test_a_camera_that_is_stuck_or_of_another_size_is_told_of_answers_nothing_and_the_glasses_hear_on(
    stage: Stage, scene: Scene, camera: Callable[[Path], str], state: str
) -> None:
    stage.more = f"[world_camera]\n{camera(stage.folder)}"
    host = stage.host()
    watch = stage.watch()
    device = stage.device(scene(2.5, "What time is it in Tokyo?", 1.0))
    wait_until(lambda: latest(watch) == state, f"the camera is {state}")
    sense = device.children()["sense"].pid
    look = Look(seq=71, task="read", session=5, sent_ms=round(time.monotonic() * 1000))
    watch.publish(command_topic(NAME, look), encode(look))
    wait_until(lambda: [d.outcome for d in watch.all(Done) if d.command == 71] == ["failed"], "the Look was answered")
    wait_until(lambda: watch.replies, "a question by voice is answered")
    assert watch.all(Read) == []
    assert latest(watch) == state
    assert device.children()["sense"].pid == sense
    assert "starting it again" not in device.said
    assert "Traceback" not in device.said + host.said
