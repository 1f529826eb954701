"""Sight from frames to events: rules in virtual time, models on real photographs."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.glimpses import Glimpses
from sottovoce_device.config import Config, SeeingConfig
from sottovoce_device.decide.company import Company
from sottovoce_device.decide.looking import SightAsk
from sottovoce_device.decide.sight_cues import SightCues, cues_of
from sottovoce_device.decide.under_gaze import thing_at
from sottovoce_device.decide.view import View
from sottovoce_device.observation import Box, Face, FacePose, Faces, Gaze, Glance, Thing, Things
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.replay import Replay
from sottovoce_device.replay_sight import Question
from sottovoce_device.sense.sight import Sight
from sottovoce_device.sense.sight_models import SightModels
from sottovoce_wire import AnyEvent, Done, Look, PersonNoticed, Said


def glance(at_ms: float, brightness: float = 0.5, *, same: bool = False) -> Glance:
    return Glance(brightness, 0.2 if brightness > 0.1 else 0.0, 0.0, 0.0, same, at_ms)


def pose(yaw: float = 0, mouth: float = 0.01, x: float = 0.5, eyes: float = 0.05) -> FacePose:
    return FacePose(Box(x - 0.05, 0.4, x + 0.05, 0.5), yaw, 0, eyes, mouth)


def test_a_covered_camera_is_dark_a_stuck_one_frozen_and_a_seeing_one_on() -> None:
    for kind, expected in (({"brightness": 0.005}, "dark"), ({"same": True}, "frozen"), ({}, "on")):
        view = View()
        view.step(glance(0))
        for at_ms in range(200, 3000, 200):
            view.step(glance(at_ms, **kind))  # type: ignore[arg-type]
        assert view.state == expected


def test_a_face_is_facing_or_away_or_neither_and_moving_lips_are_told_once_they_were_seen() -> None:
    company = Company(66.0)
    assert [company.step([pose(yaw)], 0)[0].faces[0].facing for yaw in (0, 30, 60)] == ["yes", "unseen", "no"]
    company.forget()
    speaking = [company.step([pose(mouth=0.01 + 0.06 * (n % 2))], n * 200)[0].faces[0].speaking for n in range(7)]
    assert speaking[0] == "unseen"
    assert speaking[-1] == "yes"
    left = company.step([pose(x=0.1)], 5000)[0].faces[0]
    assert left.bearing_deg < -20
    assert company.step([pose(eyes=0.01)], 9000)[0].faces[0].distance == "far"


def test_the_thing_under_the_gaze_is_named_and_not_the_biggest() -> None:
    look = Things((Thing("bus", 0.9, Box(0, 0, 1, 1)), Thing("cup", 0.6, Box(0.7, 0.7, 0.8, 0.8))), 0)
    found = thing_at([look, look], 0.75, 0.75)
    assert found is not None
    assert found.label == "cup"
    assert thing_at([Things((Thing("cup", 0.6, Box(0.7, 0.7, 0.8, 0.8)),), 0), Things((), 0)], 0.75, 0.75) is None


def test_cues_say_who_is_looked_at_only_with_an_eye_camera_and_only_when_they_are_fresh() -> None:
    faces = Faces((Face(0, "yes", "no", "near", Box(0.4, 0.4, 0.6, 0.6)),), 1000)
    assert cues_of(faces, Gaze(0.5, 0.5, 0.9, "eye", 1000), 1000) == SightCues(True, True, 1000)
    assert cues_of(faces, Gaze(0.9, 0.5, 0.9, "eye", 1000), 1000).looks_at_person is False
    assert cues_of(faces, Gaze(0.5, 0.5, 0.9, "head", 1000), 1000).looks_at_person is None
    assert cues_of(faces, None, 2000) == SightCues(None, None, 2000)


def test_frames_that_fall_out_of_the_last_seconds_are_overwritten() -> None:
    kept = Glimpses(1.0, 400)
    pixels = [np.full((4, 4, 3), 9, np.uint8) for _ in range(15)]
    for number, values in enumerate(pixels):
        kept.keep(Frame(values, number * 200.0))
    assert sum(bool(values.any()) for values in pixels) <= 5
    assert kept.at(100) is None
    kept.wipe()
    assert not any(values.any() for values in pixels)


def asked(frames: list[Frame], at_ms: float) -> tuple[list[AnyEvent], list[np.ndarray]]:  # type: ignore[type-arg]
    events: list[AnyEvent] = []
    seen: list[np.ndarray] = []  # type: ignore[type-arg]

    def submit(ask: SightAsk, frame: Frame) -> None:
        seen.append(frame.data)
        frame.wipe()
        sight.learn(ask, ())

    sight = Sight(Config(), submit, lambda kind: kind == "faces", events.append)
    for frame in frames:
        sight.see(frame)
    sight.look(Look(seq=7, task="faces"), at_ms)
    sight.look(Look(seq=8, task="count"), at_ms)
    sight.blind()
    return events, seen


def test_an_old_frame_answers_nothing_and_what_was_seen_is_overwritten_when_the_wearer_mutes() -> None:
    pixels = skimage.data.coffee().copy()
    fresh, seen = asked([Frame(pixels, 0.0)], 100)
    assert [e.outcome for e in fresh if isinstance(e, Done)] == ["done", "unsupported"]
    assert not pixels.any()
    assert not any(values.any() for values in seen)
    stale, _ = asked([Frame(skimage.data.coffee().copy(), 0.0)], 60_000)
    assert [e.outcome for e in stale if isinstance(e, Done)] == ["failed", "unsupported"]


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_person_in_a_photograph_is_noticed_facing_the_wearer_at_her_bearing(tmp_path: Path, mirrored: bool) -> None:
    photo = skimage.data.astronaut()[:, :: -1 if mirrored else 1]
    cv2.imwrite(str(tmp_path / "portrait.png"), photo[..., ::-1])
    left = [e.event for e in Replay(Config()).run(None, world=tmp_path, questions=[Question("faces", 1.0)])]
    people = [e for e in left if isinstance(e, PersonNoticed)]
    assert people[0].facing == "yes"
    assert (people[0].bearing > 0) == mirrored
    assert [e.command for e in people][-1] == 1
    assert isinstance(left[-1], Done)


def test_in_a_still_scene_a_face_is_followed_where_it_was_and_is_looked_for_anew_once_it_has_gone(
    weights: Weights,
) -> None:
    models = SightModels(SeeingConfig(text=False), weights)

    def poses(at_ms: float, picture: np.ndarray, *, still: bool) -> list[FacePose]:  # type: ignore[type-arg]
        ask = SightAsk("faces", at_ms, Gaze(0.5, 0.5, 1.0, "head", at_ms), still=still)
        return list(models.infer(ask, Frame(picture.copy(), at_ms)) or ())  # type: ignore[arg-type]

    portrait = skimage.data.astronaut()
    (found,) = poses(0, portrait, still=False)
    assert poses(200, portrait, still=True) == [found]
    assert poses(400, np.full_like(portrait, 90), still=True) == []
    assert poses(600, portrait, still=True) == [found]
    moved = np.roll(portrait, 200, axis=1)
    assert poses(800, moved, still=True) == [], "it was not looked for elsewhere"
    assert poses(1_000, moved, still=True)[0].box.left > found.box.left + 0.3
    assert poses(4_100, portrait, still=True) == [found], "every three seconds it is"


def test_the_same_words_are_for_the_glasses_or_for_whom_the_wearer_looks_at(
    tmp_path: Path, scene: Callable[..., Path]
) -> None:
    cv2.imwrite(str(tmp_path / "portrait.png"), skimage.data.astronaut()[..., ::-1])
    words = scene(2.0, "What time is it?", 1.0)
    replay = Replay(Config())

    def opened(x: float, y: float) -> bool:
        gazes = [Gaze(x, y, 1.0, "eye", 100.0 * n) for n in range(60)]
        return any(isinstance(e.event, Said) for e in replay.run(words, world=tmp_path, gazes=gazes))

    assert any(isinstance(e.event, Said) for e in replay.run(words))
    assert not opened(0.44, 0.2), "at her face, and she looks back"


def test_faces_are_looked_at_while_anything_stirs_and_are_as_they_were_while_nothing_does() -> None:
    asked: list[float] = []
    events: list[AnyEvent] = []
    sight = Sight(Config(), lambda ask, _: asked.append(ask.at_ms), lambda kind: kind == "faces", events.append)
    noise = np.random.default_rng(1)

    def frames(begin_ms: int, *, lips: bool) -> int:
        before = len(asked)
        for n in range(10):
            at_ms = begin_ms + 200.0 * n
            picture = np.clip(noise.normal(128, 3, (720, 1280, 3)), 0, 255).astype(np.uint8)
            picture[:, 900:] //= 2
            picture[400:412, 600 : 640 + 10 * (n % 2) * lips] //= 2  # a mouth that opens, 16 pixels of 1280 high
            sight.see(Frame(picture, at_ms))
            if asked and asked[-1] == at_ms:
                sight.learn(SightAsk("faces", at_ms, Gaze(0.5, 0.5, 1.0, "head", at_ms)), (pose(),))
        return len(asked) - before

    assert frames(0, lips=False) == 1
    assert frames(2000, lips=True) >= 9
    assert frames(4000, lips=False) <= 2
    told = [(e.facing, e.speaking) for e in events if isinstance(e, PersonNoticed)]
    assert told == [("yes", "unseen"), ("yes", "no")], "who was looked at once is still there"
