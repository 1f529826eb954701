"""Things under the gaze, in real photographs, by the command `sottovoce-device replay --things`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import pytest
import skimage.data

PHOTOS = Path(os.environ.get("SOTTOVOCE_DATA", Path(__file__).parents[3] / "shared/data")) / "photos"


def looked_at(folder: Path, picture: Path, *gazes: tuple[float, float], task: str = "recognise") -> list[list[Any]]:
    """What is told of each gaze (shares of the picture), asked for a second after the gaze came there: its events."""
    script = folder / "gazes.csv"
    script.write_text("t,x,y\n" + "".join(f"{2 * n + 0.5},{x},{y}\n" for n, (x, y) in enumerate(gazes)))
    asks = [f"--look={task}@{2 * n + 1}" for n in range(len(gazes))]
    done = subprocess.run(
        [sys.executable, "-m", "sottovoce_device", "replay", f"--world={picture}", f"--gaze={script}", "--things",
         "--json", *asks],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return [[e for e in events if e.get("command") == n + 1] for n in range(len(gazes))]


def labels(events: list[Any]) -> list[str]:
    return [e["label"] for e in events if e["type"] == "LookedAt"]


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="without the development data")
def test_of_a_dog_before_a_bicycle_before_a_car_the_one_under_the_gaze_is_named(tmp_path: Path) -> None:
    dog, bicycle, car = looked_at(
        tmp_path, PHOTOS / "dog.jpg", (230 / 768, 400 / 576), (340 / 768, 280 / 576), (580 / 768, 125 / 576)
    )
    assert [labels(e) for e in (dog, bicycle, car)] == [["dog"], ["bicycle"], ["car"]]
    assert all(e[-1]["outcome"] == "done" for e in (dog, bicycle, car))
    assert dog[0]["bearing"] < 0 < car[0]["bearing"]


def test_a_cup_is_named_with_its_confidence_and_the_table_beside_it_is_no_cup(tmp_path: Path) -> None:
    picture = tmp_path / "coffee.png"
    cv2.imwrite(str(picture), skimage.data.coffee()[..., ::-1])
    cup, table = looked_at(tmp_path, picture, (290 / 600, 190 / 400), (30 / 600, 380 / 400))
    assert labels(cup) == ["cup"]
    assert cup[0]["source"] == "eye"
    assert 40 <= cup[0]["confidence"] <= 100
    assert labels(table) == ["dining table"]
    assert cup[-1]["outcome"] == table[-1]["outcome"] == "done"


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="without the development data")
def test_people_in_a_street_are_counted(tmp_path: Path) -> None:
    (counted,) = looked_at(tmp_path, PHOTOS / "icdar_7.jpg", (0.5, 0.5), task="count")
    assert labels(counted).count("person") >= 4
    bearings = [e["bearing"] for e in counted if e["type"] == "LookedAt"]
    assert bearings == sorted(bearings)
