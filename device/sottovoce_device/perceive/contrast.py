"""Raises contrast where light is even and letters are not much lighter or darker than what they stand on."""

from typing import Final

from sottovoce_device.opencv import Picture, evened

LIMIT: Final = 3.0
"""How much steeper lightness may become: noise does, too, and beyond this it looks like letters."""
TILES: Final = 4
"""So many each way: of 480 x 320, each as large as a word."""


def contrasted(picture: Picture) -> Picture:
    """A copy of the picture, uint8 RGB [height, width, 3], with its contrast raised."""
    return evened(picture, LIMIT, TILES)
