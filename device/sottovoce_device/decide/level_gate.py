"""Is there anything to listen to: the cheapest step of the cascade."""

from typing import Final

from sottovoce_device.observation import Level

MARGIN_DB: Final = 3.0
"""Speech that lifts the level by less than this is masked by the noise for people, too (SNR below 0 dB)."""
RISE_S: Final = 10.0
"""Time constant with which the noise floor follows the level upwards: slower than any sentence."""
FALLS: Final = 0.2
"""How much of the way to a softer level a block takes the floor. All of it, and the floor is the softest block there
was, which is 2 dB under the noise's level, so that noise stands out by itself; at a fifth a street is forgotten in a
third of a second."""
HOLD_BLOCKS: Final = 31
"""A second: pauses between words do not close the gate."""
_BLOCK_S: Final = 0.032


class LevelGate:
    """Opens when the level stands out of the noise floor; the floor falls quickly and rises slowly."""

    def __init__(self) -> None:
        self._floor_db = -120.0
        self._open_for = 0

    def step(self, level: Level) -> bool:
        """Whether this block is worth a look by voice activity detection."""
        above_db = level.db - self._floor_db
        self._floor_db += above_db * (FALLS if above_db < 0 else _BLOCK_S / RISE_S)
        self._open_for = HOLD_BLOCKS if level.db > self._floor_db + MARGIN_DB else max(0, self._open_for - 1)
        return self._open_for > 0
