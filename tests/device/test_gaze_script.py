from itertools import pairwise
from pathlib import Path

import pytest

from sottovoce_device.capture.rendered_camera import read_script
from sottovoce_device.errors import SensorError
from sottovoce_device.sense.gaze_script import EACH_MS, GazeScript, held, read_gazes


def test_an_eye_rests_where_its_script_says_until_the_next_line_and_is_shut_where_it_says_nothing(
    tmp_path: Path,
) -> None:
    script = tmp_path / "gazes.csv"
    script.write_text("\ufefft, x, y\n1, 0.2, 0.3\n2, ,\n2.5, 0.8, 0.9\n")
    gazes = list(held(read_gazes(script), 3_000))
    assert [(g.x, g.y) for g in gazes if g.at_ms < 2_000] == [(0.2, 0.3)] * 31
    assert {g.confidence for g in gazes if 2_000 <= g.at_ms < 2_500} == {0.0}
    assert gazes[-1].x == 0.8
    assert 3_000 - EACH_MS <= gazes[-1].at_ms < 3_000


def test_a_script_as_dense_as_a_camera_stays_as_it_is(tmp_path: Path) -> None:
    script = tmp_path / "gazes.csv"
    script.write_text("t,x,y\n" + "".join(f"{n / 60},{n / 100},0.5\n" for n in range(50)))
    assert [g.x for g in held(read_gazes(script), 50_000 / 60)] == [n / 100 for n in range(50)]


def test_a_script_beside_a_live_camera_begins_with_its_first_frame_and_leaves_no_gaze_out(tmp_path: Path) -> None:
    (tmp_path / "gazes.csv").write_text("t,x,y\n0,0.1,0.5\n1,0.9,0.5\n")
    script = GazeScript(str(tmp_path / "gazes.csv"))
    gazes = [gaze for at_ms in range(50_000, 52_000, 200) for gaze in script.until(at_ms)]
    assert gazes[0].at_ms == 50_000
    assert [round(g.x, 1) for g in (gazes[0], gazes[-1])] == [0.1, 0.9]
    assert max(b.at_ms - a.at_ms for a, b in pairwise(gazes)) <= EACH_MS
    assert list(GazeScript("").until(1.0)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a,b\n1,2\n",
        "t,x,y\n1,left,0.5\n",
        "t,x,y\n1,,0.5\n",
        "t,x,y\n1,640,360\n",
        "t,x,y\n1,nan,0.5\n",
        "t,x,y\n-inf,0.5,0.5\n",
        "t,x,y\nnan,,\n",
    ],
)
def test_what_is_no_script_of_gazes_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    script = tmp_path / "gazes.csv"
    script.write_text(text)
    with pytest.raises(SensorError, match="the first line is t,x,y"):
        read_gazes(script)


def test_a_script_of_an_eye_may_begin_with_a_byte_order_mark_and_its_times_are_numbers(tmp_path: Path) -> None:
    script = tmp_path / "eye.csv"
    script.write_text("\ufefft,yaw_deg,pitch_deg\n0,1,2\n1,3,4\n")
    assert [moment.at_s for moment in read_script(script)] == [0, 1]
    script.write_text("t,yaw_deg,pitch_deg\n0,1,2\nnan,3,4\n")
    with pytest.raises(SensorError, match="each is later than the one before"):
        read_script(script)
