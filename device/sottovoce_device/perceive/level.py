"""Loudness of a block."""

import numpy as np

from sottovoce_device.capture.sample import Sample
from sottovoce_device.observation import Level

_FLOOR = 1e-12


class LevelMeter:
    """Root mean square in dB of full scale; a full-scale square wave is 0 dB."""

    def infer(self, block: Sample) -> Level:
        """block: any length. Costs some microseconds."""
        values = block.data
        return Level(float(10 * np.log10(np.dot(values, values) / max(1, len(values)) + _FLOOR)))
