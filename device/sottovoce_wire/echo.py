"""How a reply's sound is told beforehand: the bands and frames that host and glasses agree on."""

from typing import Final

FRAME_MS: Final = 16
"""Length of a frame; two are a block of the glasses' hearing."""
EDGES_HZ: Final = (100, 500, 1500, 3500, 7500)
"""The bands' edges: the pitch and the first formant, the second, the higher ones, and what hisses."""
BANDS: Final = len(EDGES_HZ) - 1
QUIETEST_DB: Final = -96
"""Of full scale: level 0 on the wire, and so is whatever is softer."""
FRAMES: Final = 128
"""At most in a message: two seconds."""
