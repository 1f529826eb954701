import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sottovoce_device.config import Config as DeviceConfig
from sottovoce_device.config import models_folder
from sottovoce_device.perceive.weights import Weights
from sottovoce_host.demo.scene import asked, recorded, write_pcm
from sottovoce_host.voice.hibari import Synthesiser

ROOT = Path(__file__).parents[1]
for folder in (
    ".",
    "tests/wire",
    "tests/system",
    "tests/seal",
    "tests/pairing",
    "tests/units",
    "tests/device",
    "models",
):
    sys.path.insert(0, str(ROOT / folder))

Pcm = NDArray[np.float32]
RECORDINGS = ROOT / "models" / "weights"


@pytest.fixture(scope="session")
def weights() -> Weights:
    return Weights(models_folder(DeviceConfig()))


@pytest.fixture(scope="session")
def synthesiser() -> Synthesiser:
    return Synthesiser()


@pytest.fixture(scope="session")
def ask(synthesiser: Synthesiser) -> Callable[[str], Pcm]:
    """Speech of somebody who is not the reply's voice: 16 kHz mono."""
    return lambda words: asked(words, synthesiser)


@pytest.fixture(scope="session")
def recording() -> Callable[[str, float, float], Pcm]:
    """A stretch of a human recording: 16 kHz mono."""
    return lambda name, start_s, end_s: recorded(RECORDINGS, name, start_s, end_s)


Part = float | str | tuple[str, float, float]


@pytest.fixture(scope="session")
def scene(
    ask: Callable[[str], Pcm],
    recording: Callable[[str, float, float], Pcm],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Path]:
    """Writes a scene: a number is seconds of silence, a text is asked, a tuple is part of a recording."""

    def write(*parts: Part) -> Path:
        sounds = []
        for part in parts:
            if isinstance(part, str):
                sounds.append(ask(part))
            elif isinstance(part, tuple):
                sounds.append(recording(*part))
            else:
                sounds.append(np.zeros(round(part * 16_000), np.float32))
        path = tmp_path_factory.mktemp("scene") / "scene.wav"
        write_pcm(path, np.concatenate(sounds))
        return path

    return write
