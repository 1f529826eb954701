"""Glasses with two cameras, live: calibrated, asked by voice, unplugged, covered, frozen, slipped."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from eye_scenes import PLACES, at_marks, keep_calibration, marked, signed, write_eye, write_world
from msgspec.structs import replace
from stage import NAME, Running, Stage, Watch, wait_until

from sottovoce_device.config import Config, DeviceConfig
from sottovoce_device.sense.gaze_file import read_calibration
from sottovoce_device.sense.outlet import Outlet
from sottovoce_wire import (
    CalibrateGaze,
    Done,
    Forget,
    GazeCalibrated,
    GazeLearnt,
    Interrupted,
    Look,
    Mute,
    Read,
    Vitals,
    encode,
)
from sottovoce_wire.topics import command_topic

Scene = Callable[..., Path]
SIGNS = {"WAY OUT": (-15.0, 0.0), "PLATFORM 9": (12.0, 4.0)}
EACH_S = 1.4


def cameras(world: Path, eye: Path, world_end: str = "hold", eye_end: str = "hold") -> str:
    return (
        f'[world_camera]\ndriver = "simulated"\npath = "{world}"\neach_s = {EACH_S}\nat_end = "{world_end}"\n'
        f'[eye_camera]\ndriver = "rendered"\npath = "{eye}"\nat_end = "{eye_end}"\nfps = 15\n'
    )


def test_glasses_are_calibrated_on_the_mark_by_a_command_that_says_how_well_and_keeps_it(
    stage: Stage, scene: Scene
) -> None:
    world = write_world(stage.folder / "world", [marked(*place) for place in PLACES])
    eye = write_eye(stage.folder / "eye.csv", [*at_marks(EACH_S), (EACH_S * len(PLACES), 0.0, 0.0, 1.0, 0.0)])
    stage.more = cameras(world, eye, "loop", "loop")
    command = stage.device(scene(1.0), "calibrate-gaze")
    assert command.popen.wait(90) == 0, command.said
    assert "9 of 9" in command.said
    assert "calibrated: 0." in command.said
    path = stage.folder / f"wearer-{NAME}" / "gaze.json"
    assert path.stat().st_mode & 0o077 == 0
    assert read_calibration(path) is not None


def watched(stage: Stage, scene: Path) -> tuple[Watch, Running]:
    """Glasses that are on, without a host."""
    stage.broker()
    watch = stage.watch()
    return watch, stage.device(scene)


def vitals(watch: Watch) -> Vitals | None:
    found = watch.all(Vitals)
    return found[-1] if found else None


def tell(watch: Watch, command: Any) -> None:
    sent = replace(command, session=5, sent_ms=round(time.monotonic() * 1000))
    watch.publish(command_topic(NAME, sent), encode(sent))


def outcomes(watch: Watch, seq: int) -> list[str]:
    return [d.outcome for d in watch.all(Done) if d.command == seq]


def test_glasses_without_an_eye_camera_say_that_they_cannot_be_calibrated(stage: Stage, scene: Scene) -> None:
    world = write_world(stage.folder / "world", [marked(0.0, 0.0)])
    stage.more = f'[world_camera]\ndriver = "simulated"\npath = "{world}"\nat_end = "hold"\n'
    watch, _ = watched(stage, scene(1.0))
    wait_until(lambda: (v := vitals(watch)) and (v.camera, v.eye_camera) == ("on", "off"), "the glasses see")
    tell(watch, CalibrateGaze(seq=60, marks=9))
    wait_until(lambda: outcomes(watch, 60) == ["unsupported"], "it was answered")
    assert watch.all(GazeCalibrated) == []


def test_what_the_eye_looks_at_is_read_when_it_is_asked_for_by_voice_and_the_calibration_can_be_forgotten(
    stage: Stage, scene: Scene
) -> None:
    eye = write_eye(stage.folder / "eye.csv", [(0.0, 12.0, 4.0, 1.0, 0.0)])
    stage.more = cameras(write_world(stage.folder / "world", [signed(SIGNS)]), eye)
    path = keep_calibration(Config(device=DeviceConfig(state=str(stage.folder / "state"))))
    host = stage.host()
    watch = stage.watch()
    stage.device(scene(3.0, "Read that sign to me.", 2.0))
    (read,) = wait_until(lambda: watch.all(Read), "it was read, however long that took")
    assert "sign" in watch.said[0]
    assert (read.text, read.source) == ("PLATFORM 9", "eye")
    whole = ("on", "on", "calibrated")
    wait_until(lambda: (v := vitals(watch)) and (v.camera, v.eye_camera, v.gaze) == whole, "the glasses say so")
    tell(watch, Forget(seq=70, what="gaze"))
    wait_until(lambda: outcomes(watch, 70) == ["done"], "it was forgotten")
    assert not path.exists()
    wait_until(lambda: (v := vitals(watch)) and v.gaze == "uncalibrated", "the glasses say so")
    assert "Traceback" not in host.said
    assert "a fault in the program" not in host.said


def test_cameras_that_are_unplugged_or_stuck_are_told_of_and_answer_nothing_while_the_glasses_go_on(
    stage: Stage, scene: Scene
) -> None:
    world = write_world(stage.folder / "world", [signed(SIGNS)])
    eye = write_eye(stage.folder / "eye.csv", [(0.0, 12.0, 4.0, 1.0, 0.0), (2.0, 12.0, 4.0, 1.0, 0.0)])
    stage.more = cameras(world, eye, "unplug", "freeze")
    keep_calibration(Config(device=DeviceConfig(state=str(stage.folder / "state"))))
    watch, device = watched(stage, scene(1.0))
    wait_until(lambda: (v := vitals(watch)) and (v.camera, v.eye_camera) == ("lost", "frozen"), "both are told of")
    sense = device.children()["sense"].pid
    tell(watch, Look(seq=71, task="read"))
    wait_until(lambda: outcomes(watch, 71) == ["failed"], "the Look was answered")
    assert watch.all(Read) == []
    assert device.children()["sense"].pid == sense
    assert "starting it again" not in device.said


def test_a_covered_camera_is_dark_and_glasses_that_slip_ask_for_a_calibration_once(stage: Stage, scene: Scene) -> None:
    black = np.zeros((720, 1280, 3), np.uint8)
    looks = [(0.0, 6.0, 3.0, 1.0, 0.0), (3.0, 6.0, 3.0, 1.0, 3.5), (6.0, 6.0, 3.0, 1.0, 3.5)]
    world, eye = write_world(stage.folder / "world", [signed(SIGNS), black]), stage.folder / "eye.csv"
    stage.more = cameras(world, write_eye(eye, looks), eye_end="unplug")
    keep_calibration(Config(device=DeviceConfig(state=str(stage.folder / "state"))))
    host = stage.host()
    watch = stage.watch()
    device = stage.device(scene(1.0))
    wait_until(lambda: [v for v in watch.all(Vitals) if v.gaze == "calibrated"], "the calibration holds")
    wait_until(lambda: (v := vitals(watch)) and (v.camera, v.gaze) == ("dark", "drifted"), "both are told of")
    wait_until(lambda: "calibrate" in host.said, "the host asks for a new calibration")
    assert host.said.count("calibrate") == 1
    wait_until(lambda: (v := vitals(watch)) and v.eye_camera == "lost", "and that the eye camera is gone")
    assert "starting it again" not in device.said


def test_the_gate_keeps_a_calibration_that_the_host_asked_for_and_no_other_and_none_of_it_leaves(
    stage: Stage, scene: Scene
) -> None:
    stage.broker()
    watch = stage.watch()
    stage.device(scene(1.0), "gate")
    sense = Outlet(stage.folder / "gate.sock")
    assert isinstance(sense.receive(), Mute)
    path = stage.folder / f"wearer-{NAME}" / "gaze.json"
    wait_until(watch.senses, "the gate is connected")

    def learnt(error: int) -> None:
        now_ms = round(time.monotonic() * 1000)
        sense.send(GazeLearnt(at_ms=now_ms, error=error, marks=9, direction=(1,) * 12, glint=(), scale=(1, 1, 1, 1)))
        sense.send(Interrupted(at_ms=now_ms, turn=error))
        wait_until(lambda: [e for e in watch.all(Interrupted) if e.turn == error], "the gate has seen both")

    learnt(1)
    assert not path.exists(), "nobody has asked"
    tell(watch, CalibrateGaze(seq=80, marks=9))
    assert isinstance(sense.receive(), CalibrateGaze)
    learnt(2)
    kept = path.read_bytes()
    assert b'"error":2' in kept
    learnt(3)
    assert path.read_bytes() == kept, "one for each that was asked for"
    tell(watch, CalibrateGaze(seq=82, marks=9))
    assert isinstance(sense.receive(), CalibrateGaze)
    sense.send(Done(at_ms=round(time.monotonic() * 1000), command=82, name="CalibrateGaze", outcome="failed"))
    learnt(4)
    assert path.read_bytes() == kept, "it had been answered"
    assert watch.all(GazeLearnt) == []
    sense.close()
    wait_until(lambda: watch.status and not watch.status.sensing, "sense has gone")
    tell(watch, Forget(seq=81, what="everything"))
    wait_until(lambda: outcomes(watch, 81) == ["done"], "it was forgotten without sense, too")
    assert not path.exists()
