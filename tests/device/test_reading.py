"""Reading at the gaze: real photographs of streets and plaques, and a page."""

import csv
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from sottovoce_device.capture.frame import Frame
from sottovoce_device.decide.paragraph import line_at, paragraph_of, passage
from sottovoce_device.observation import Reading, TextLine
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.reading import PartReader

DATA = Path(os.environ.get("SOTTOVOCE_DATA", Path(__file__).parents[3] / "shared/data")) / "photos"
ILLEGIBLE = {"citi"}


def cases() -> list[dict[str, str]]:
    if not (DATA / "photos.tsv").is_file():
        return []
    with (DATA / "photos.tsv").open() as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] == "read"]


@pytest.fixture(scope="module")
def reader(weights: Weights) -> PartReader:
    return PartReader(weights)


@pytest.mark.skipif(not cases(), reason="without the development data")
def test_ten_of_eleven_signs_in_photographs_are_read_exactly(reader: PartReader) -> None:
    wrong = []
    for case in cases():
        frame = Frame(np.ascontiguousarray(cv2.imread(str(DATA / case["file"]))[..., ::-1]), 0.0)
        found = reader.read(frame, int(case["gaze_x"]) / frame.width, int(case["gaze_y"]) / frame.height)
        if found is None or found.text != case["truth"]:
            wrong.append(case["truth"])
    assert set(wrong) <= ILLEGIBLE


def test_a_paragraph_of_a_page_is_read_whole_and_where_nothing_is_written_nothing_is_read(reader: PartReader) -> None:
    page = np.repeat(skimage.data.page()[..., None], 3, axis=2)
    found = reader.read(Frame(page.copy(), 0.0), 0.4, 0.5)
    assert found is not None
    assert len(found.text.split()) > 10
    assert reader.read(Frame(skimage.data.coffee().copy(), 0.0), 0.5, 0.5) is None


@pytest.mark.parametrize("turns", [1, 3])
def test_a_paragraph_that_runs_up_or_down_is_read_in_its_order_and_its_heading_by_itself(
    reader: PartReader, turns: int
) -> None:
    page = np.rot90(np.repeat(skimage.data.page()[:160, :, None], 3, axis=2), turns)
    at = {1: ((22 / 160, 0.6), (80 / 160, 0.5)), 3: ((1 - 22 / 160, 0.4), (1 - 80 / 160, 0.5))}[turns]
    heading, paragraph = (reader.read(Frame(np.ascontiguousarray(page), 0.0), *place) for place in at)
    assert heading is not None
    assert heading.text == "Region-based segmentation"
    assert paragraph is not None
    assert paragraph.text.startswith("Let us first determine markers of the coins and the background.")
    assert paragraph.text.endswith("histogram of grey values:")


def test_a_line_that_stands_farther_off_than_the_next_ones_from_each_other_is_no_part_of_the_paragraph() -> None:
    lines = [TextLine(100, y, 160, 20, 0) for y in (10, 36, 54, 72, 100)]
    assert paragraph_of(lines, 2) == [1, 2, 3]
    assert paragraph_of(lines, 0) == [0]
    assert paragraph_of(lines[:2], 0) == [0, 1], "two lines alone have nothing to be uneven with"


def test_grey_on_grey_is_read_with_its_contrast_raised(reader: PartReader) -> None:
    page = np.repeat(skimage.data.page()[..., None], 3, axis=2)
    faint = (118 + page / 255 * 14).astype(np.uint8)
    found = reader.read(Frame(faint, 0.0), 0.38, 0.11)
    assert found is not None
    assert found.text == "Region-based segmentation"


def test_an_accent_and_a_blank_are_spelt_where_they_are_likely_enough(reader: PartReader) -> None:
    read = reader._reader
    places = {c: i for i, c in enumerate(read._characters)}

    def spelt(*steps: dict[str, float]) -> str:
        chances = np.zeros((len(steps), len(read._characters)), np.float32)
        for step, chance in enumerate(steps):
            for character, value in chance.items():
                chances[step, -1 if character == " " else places[character]] = value
        return read._spelt(chances).text

    assert spelt({"í": 0.95, "i": 0.03}) == "i"
    assert spelt({"é": 0.99, "e": 0.001}) == "é"
    assert spelt({"O": 0.9}, {"": 0.6, " ": 0.3}, {"P": 0.9}) == "O P"
    assert spelt({"O": 0.9}, {"": 0.9, " ": 0.1}, {"P": 0.9}) == "OP"


def test_lines_of_a_size_are_one_paragraph_and_a_heading_or_another_column_is_not() -> None:
    lines = [
        TextLine(100, 20, 180, 28, 0), TextLine(100, 50, 160, 20, 0), TextLine(98, 66, 150, 20, 0),
        TextLine(400, 50, 160, 20, 0), TextLine(100, 160, 160, 20, 0),
    ]  # fmt: skip
    start = line_at(lines, 90, 68, 10)
    assert start == 2
    assert paragraph_of(lines, start) == [1, 2]
    assert line_at(lines, 250, 110, 10) is None


def test_a_number_stands_for_itself_and_what_is_unsure_is_not_told() -> None:
    told = [Reading("Army", 0.9), Reading("Cadets", 0.9), Reading("1887-90", 0.9)]
    assert passage(told, 2) == Reading("1887-90", 0.9)
    assert getattr(passage(told, 0), "text", None) == "Army Cadets"
    assert passage([Reading("EXIT", 0.4)], 0) is None


def test_what_lies_between_two_lines_parts_them_of_whatever_size_it_is() -> None:
    name, date, heading = TextLine(314, 78, 349, 55, 0), TextLine(312, 112, 120, 15, 0), TextLine(310, 151, 546, 53, 0)
    assert paragraph_of([name, date, heading], 0) == [0]
    assert paragraph_of([name, date, heading], 2) == [2]
    assert paragraph_of([name, heading], 0) == [0, 1]
    aside = TextLine(620, 112, 60, 15, 0)
    assert paragraph_of([name, aside, heading], 0) == [0, 2], "what stands beside them parts nothing"


def test_a_doubtful_line_is_told_only_to_somebody_who_looks_at_it() -> None:
    told = [Reading("fusionopolis", 0.92), Reading("fuionopo", 0.68)]
    assert getattr(passage(told, 0), "text", None) == "fusionopolis"
    assert getattr(passage(told, 1), "text", None) == "fusionopolis fuionopo"
