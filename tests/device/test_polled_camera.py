"""Real cameras' contract, held by OpenCV's own capture on a video file that can be unplugged, replaced and cut."""

import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from sottovoce_device.capture.camera import DRIVERS, open_camera
from sottovoce_device.capture.polled_camera import PolledCamera
from sottovoce_device.capture.v4l2 import find, path_of
from sottovoce_device.config import WorldCameraConfig
from sottovoce_device.errors import SensorError
from sottovoce_device.opencv import VideoDevice


def film(path: Path, frames: int, width: int = 64, height: int = 48) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (width, height))
    for _ in range(frames):
        writer.write(np.full((height, width, 3), (0, 0, 200), np.uint8))  # OpenCV's order is blue, green, red
    writer.release()


def config(path: Path | str, **changes: object) -> WorldCameraConfig:
    told = {"driver": "v4l2", "device": str(path), "width": 64, "height": 48, "fps": 240} | changes
    return WorldCameraConfig(**told)  # type: ignore[arg-type]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    film(tmp_path / "clip.avi", 5)
    return tmp_path / "clip.avi"


class Watcher:
    """Takes frames on a thread of its own, as the glasses do."""

    def __init__(self, camera: PolledCamera) -> None:
        self.camera = camera
        self.count = 0
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        for frame in self.camera.frames():
            frame.wipe()
            self.count += 1

    def until(self, state: str, frames: int = 0) -> None:
        limit = time.monotonic() + 10
        while self.camera.state != state or self.count < frames:
            assert time.monotonic() < limit, f"the camera is {self.camera.state}, {self.count} frames came"
            time.sleep(0.01)

    def end(self) -> None:
        self.camera.close()
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def watchers() -> Iterator[list[Watcher]]:
    started: list[Watcher] = []
    yield started
    for watcher in started:
        watcher.end()


def test_frames_are_rgb_of_the_size_that_was_asked_for_and_stamped_in_order(clip: Path) -> None:
    camera = open_camera(config(clip))
    assert camera is not None
    frames = list(islice(camera.frames(), 3))
    assert [f.data.shape for f in frames] == [(48, 64, 3)] * 3
    red, green, blue = frames[0].data.reshape(-1, 3).mean(0)
    assert red > 150
    assert max(green, blue) < 50
    assert sorted(f.at_ms for f in frames) == [f.at_ms for f in frames]
    assert camera.state == "on"


def test_a_camera_that_goes_away_is_lost_without_an_error_and_found_again_when_it_comes_back(
    clip: Path, watchers: list[Watcher], capfd: pytest.CaptureFixture[str]
) -> None:
    content = clip.read_bytes()
    watcher = Watcher(PolledCamera(config(clip), find, retry_s=0.02))
    watchers.append(watcher)
    watcher.until("on", 1)
    clip.unlink()
    said, limit = "", time.monotonic() + 10
    while "there is no such camera" not in said:
        assert time.monotonic() < limit
        said += capfd.readouterr().err
        time.sleep(0.01)
    assert watcher.camera.state == "lost"
    before = watcher.count
    clip.write_bytes(content)
    watcher.until("on", before + 1)
    said += capfd.readouterr().err
    assert said.count("there is no such camera") == 1, "one reason is one line, however often it is tried"


def test_a_camera_that_was_gone_and_is_there_again_but_does_not_open_is_back(
    clip: Path, watchers: list[Watcher], capfd: pytest.CaptureFixture[str]
) -> None:
    watcher = Watcher(PolledCamera(config(clip), find, retry_s=0.02))
    watchers.append(watcher)
    watcher.until("on", 1)
    clip.unlink()
    said, limit = "", time.monotonic() + 10
    while "there is no such camera" not in said:
        assert time.monotonic() < limit
        said += capfd.readouterr().err
        time.sleep(0.01)
    clip.write_bytes(b"no film: as for a sealed process, it is there and does not open")
    watcher.until("back")


def test_a_camera_is_opened_at_once_and_one_that_never_was_gone_is_not_back(clip: Path) -> None:
    camera = PolledCamera(config(clip), find)
    clip.unlink()
    assert next(camera.frames()).width == 64, "it was open before the file was gone"
    clip.write_bytes(b"no film")
    tried: list[WorldCameraConfig] = []

    def counted(wanted: WorldCameraConfig) -> VideoDevice:
        tried.append(wanted)
        return find(wanted)

    shut = PolledCamera(config(clip), counted, retry_s=0.02)  # type: ignore[arg-type]
    frames = shut.frames()
    waiting = threading.Thread(target=lambda: next(frames, None))
    waiting.start()
    limit = time.monotonic() + 10
    while len(tried) < 4:
        assert time.monotonic() < limit
        time.sleep(0.01)
    assert shut.state == "lost", "else sense would start anew for ever"
    shut.close()
    waiting.join(10)
    assert not waiting.is_alive()


def test_a_camera_of_another_size_than_was_asked_for_is_lost_and_says_why(
    clip: Path, watchers: list[Watcher], capfd: pytest.CaptureFixture[str]
) -> None:
    watcher = Watcher(PolledCamera(config(clip, width=1280, height=720), find, retry_s=0.02))
    watchers.append(watcher)
    said = ""
    limit = time.monotonic() + 10
    while "the camera gives 64 x 48, not 1280 x 720" not in said:
        assert time.monotonic() < limit
        said += capfd.readouterr().err
        time.sleep(0.01)
    assert watcher.camera.state == "lost"
    assert watcher.count == 0


def test_more_frames_than_are_wanted_are_let_go(clip: Path) -> None:
    film(clip, 200)
    frames = islice(PolledCamera(config(clip, fps=50), find).frames(), 5)
    times = [frame.at_ms for frame in frames]
    assert np.diff(times).min() >= 10  # half of 20: the rate is held over time, however late one of them comes


def test_a_camera_is_found_by_part_of_its_name_and_a_wrong_name_says_which_there_are(tmp_path: Path) -> None:
    for node, name in (("video0", "Laptop Cam"), ("video2", "Eye Cam USB")):
        (tmp_path / node).mkdir()
        (tmp_path / node / "name").write_text(f"{name}\n")
    assert path_of("eye cam", tmp_path) == Path("/dev/video2")
    assert path_of("", tmp_path) == Path("/dev/video0")
    assert path_of("/dev/video7", tmp_path) == Path("/dev/video7")
    with pytest.raises(SensorError, match="Eye Cam USB, Laptop Cam"):
        path_of("thermal", tmp_path)


@pytest.mark.parametrize("driver", ["v4l2", "picamera2"])
def test_a_driver_whose_device_or_library_is_missing_is_lost_in_one_line_and_ends_when_it_is_closed(
    driver: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert driver in DRIVERS
    camera = open_camera(config("/dev/none" if driver == "v4l2" else "", driver=driver))
    assert camera is not None
    reader = threading.Thread(target=lambda: list(camera.frames()))
    reader.start()
    said, limit = "", time.monotonic() + 10
    while not said:
        assert time.monotonic() < limit
        said = capfd.readouterr().err
        time.sleep(0.01)
    camera.close()
    reader.join(10)
    assert not reader.is_alive()
    assert camera.state == "lost"
    assert len(said.splitlines()) == 1
    assert "/dev/none" in said or "apt install python3-picamera2" in said
