import copy
import pickle
import threading
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from sottovoce_device.capture.camera import open_camera
from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.mailbox import Mailbox
from sottovoce_device.capture.simulated_camera import SimulatedCamera
from sottovoce_device.config import WorldCameraConfig
from sottovoce_device.errors import ConfigError, SampleError, SensorError


def picture(level: int, width: int = 64, height: int = 48) -> np.ndarray:  # type: ignore[type-arg]
    return np.full((height, width, 3), level, np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, level in (("b.png", 200), ("a.png", 100)):
        cv2.imwrite(str(tmp_path / name), picture(level))
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


def levels(config: WorldCameraConfig, count: int) -> list[int]:
    frames = islice(SimulatedCamera(config, real_time=False).frames(), count)
    return [int(np.median(frame.data)) for frame in frames]


def test_a_frame_cannot_be_pickled_copied_or_printed_and_is_overwritten_when_its_turn_is_over() -> None:
    pixels = picture(123)
    frame = Frame(pixels, 0.0)
    part = frame.cut(-5, 40, 10, 99)
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(SampleError):
            leak(frame)
    assert "123" not in repr(frame) + str(frame)
    assert (frame.width, frame.height, part.width, part.height) == (64, 48, 10, 8)
    frame.wipe()
    assert not pixels.any()
    assert part.data.all(), "a cut is its owner's own"
    with pytest.raises(SampleError):
        frame.data  # noqa: B018 -- reading is what is refused


def test_a_mailbox_of_frames_overwrites_what_its_reader_is_too_late_for() -> None:
    box: Mailbox[Frame] = Mailbox(1)
    pixels = picture(1)
    box.put(Frame(pixels, 0.0))
    box.put(Frame(picture(2), 1.0))
    assert box.dropped == 1
    assert not pixels.any()


def test_a_folder_is_seen_in_the_order_of_its_names_and_then_held_or_again_or_over(folder: Path) -> None:
    once = WorldCameraConfig(driver="simulated", path=str(folder), fps=2, at_end="stop")
    assert levels(once, 9) == [100, 200]
    assert levels(WorldCameraConfig(path=str(folder), fps=2, each_s=1.0), 6) == [100, 100, 200, 200, 200, 200]
    assert levels(WorldCameraConfig(path=str(folder), at_end="loop"), 5) == [100, 200, 100, 200, 100]


def test_what_a_simulated_camera_holds_is_noisy_as_sensors_are_and_what_is_stuck_is_not(folder: Path) -> None:
    def last_two(at_end: str) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
        config = WorldCameraConfig(path=str(folder), at_end=at_end)  # type: ignore[arg-type]
        frames = [f.data for f in islice(SimulatedCamera(config, real_time=False).frames(), 6)]
        return frames[-2], frames[-1]

    one, two = last_two("hold")
    assert one.any()
    assert (one != two).any()
    assert np.abs(one.astype(int) - two).max() == 1
    one, two = last_two("freeze")
    assert (one == two).all()


def test_a_large_picture_is_seen_at_the_camera_s_size_and_in_its_own_shape(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "wide.png"), picture(9, 1000, 200))
    config = WorldCameraConfig(path=str(tmp_path / "wide.png"), width=500, height=500)
    frame = next(SimulatedCamera(config, real_time=False).frames())
    assert (frame.width, frame.height) == (500, 100)


def test_a_simulated_camera_comes_in_real_time_and_lets_its_reader_go_when_it_is_closed(folder: Path) -> None:
    camera = open_camera(WorldCameraConfig(driver="simulated", path=str(folder), fps=50))
    assert camera is not None
    frames = camera.frames()
    times = [next(frames).at_ms for _ in range(5)]
    assert np.allclose(np.diff(times), 20)
    reader = threading.Thread(target=lambda: list(frames))
    reader.start()
    camera.close()
    reader.join(10)
    assert not reader.is_alive()


def test_a_camera_that_is_unplugged_says_lost_and_gives_no_frame(folder: Path) -> None:
    camera = SimulatedCamera(WorldCameraConfig(path=str(folder), at_end="unplug"), real_time=False)
    assert len(list(camera.frames())) == 2
    assert camera.state == "lost"


def test_no_camera_is_opened_unless_the_configuration_says_so() -> None:
    assert open_camera(WorldCameraConfig()) is None
    with pytest.raises(ConfigError, match=r"\[world_camera\].*off, simulated, v4l2, picamera2"):
        open_camera(WorldCameraConfig(driver="webcam"))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _: None, "no such picture"),
        (lambda p: p.write_bytes(b""), "not a readable picture"),
        (lambda p: p.write_bytes(b"\x89PNG nonsense"), "not a readable picture"),
        (lambda p: p.mkdir(), "no picture in this folder"),
    ],
    ids=["missing", "no bytes", "garbage", "empty folder"],
)
def test_pictures_that_cannot_be_seen_are_refused_in_one_line(
    tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    path = tmp_path / "scene.png"
    spoil(path)
    with pytest.raises(SensorError, match=says) as caught:
        open_camera(WorldCameraConfig(driver="simulated", path=str(path)))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(SensorError, match="needs a path"):
        open_camera(WorldCameraConfig(driver="simulated"))
