"""The mark that the wearer looks at for a gaze calibration, on the console: AprilTag 36h11, number 0."""

from typing import Final

MARK: Final = ("########", "###.####", "##..#.##", "####.#.#", "####..##", "#.#...##", "#.#.#..#", "########")
"""Its cells, # black; round it there must be white."""
_WHITE, _BLACK, _PLAIN = "\x1b[48;5;231m", "\x1b[48;5;16m", "\x1b[0m"


def mark_text() -> str:
    """The mark in a terminal's colours, a cell two characters wide, whatever the terminal's own colours are."""
    rows = ["." * 10, *(f".{row}." for row in MARK), "." * 10]
    return "".join(f"{''.join((_BLACK if c == '#' else _WHITE) + '  ' for c in row)}{_PLAIN}\n" for row in rows)
