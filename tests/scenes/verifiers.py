"""Ways to tell the wearer's voice, as tests.scenes.verify judges them: `python -m tests.scenes.verifiers`."""

import argparse
import os
from collections.abc import Sequence
from typing import Final, get_args

import numpy as np
from tests.scenes.mixer import Mixer
from tests.scenes.split import Side
from tests.scenes.verify import LENGTHS_S, Enrol, People, Score, judge, loudness, table
from tests.scenes.voices import Cast, Pcm

from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.config import Config, models_folder
from sottovoce_device.decide.nearness import Nearness
from sottovoce_device.decide.wearer import EVEN, EVEN_PER_OCTAVE, SLOPE, Wearer, enrolled
from sottovoce_device.observation import Voiceprint
from sottovoce_device.perceive.ge2e import Ge2e
from sottovoce_device.perceive.level import LevelMeter
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.texture import TextureMeter
from sottovoce_device.perceive.weights import Weights
from sottovoce_host.voice.hibari import Synthesiser

_UNTOLD: Final = -8.0
_STEPS: Final = 50


class Verifiers:
    """The models, loaded once, and the ways that are made of them."""

    def __init__(self) -> None:
        weights = Weights(models_folder(Config()))
        self._vad, self._ge2e = SileroVad(weights), Ge2e(weights)

    def nearness(self, _: Sequence[Pcm]) -> Score:
        """What glasses that nobody is enrolled on know, heard cold: mean log odds of a near voice."""
        return self._near

    def voice(self, enrolment: Sequence[Pcm]) -> Score:
        """The enrolled voice alone."""
        wearer = Wearer(enrolled([v for pcm in enrolment if (v := self._voiceprint(pcm)) is not None]))
        return lambda pcm: _UNTOLD if (voice := self._voiceprint(pcm)) is None else wearer.likeness(voice)

    def both(self, enrolment: Sequence[Pcm]) -> Score:
        """Nearness and voice, as log odds that add up."""
        voice = self.voice(enrolment)
        return lambda pcm: voice(pcm) + self._near(pcm)

    def cosines(self, people: People) -> list[tuple[float, float, bool]]:
        """Of each trial: cosine to the enrolled voice, octaves of a second of speech, whether it is the wearer's."""
        rows = []
        for wearer in people.wearers:
            known = enrolled([v for pcm in people.enrolment(wearer) if (v := self._voiceprint(pcm)) is not None])
            for trial in people.trials(wearer):
                if (voice := self._voiceprint(trial.pcm)) is not None:
                    octaves = float(np.clip(np.log2(voice.seconds), -2, 2))
                    rows.append((float(known @ voice.embedding), octaves, trial.own))
        return rows

    def _voiceprint(self, pcm: Pcm) -> Voiceprint | None:
        return self._ge2e.infer(Sample(pcm.copy(), 0.0))

    def _near(self, pcm: Pcm) -> float:
        self._vad.reset()
        level, texture, nearness = LevelMeter(), TextureMeter(), Nearness()
        logits = []
        for start in range(0, len(pcm) - BLOCK + 1, BLOCK):
            block = Sample(pcm[start : start + BLOCK].copy(), 0.0)
            speech = self._vad.infer(block)
            nearness.step(level.infer(block), texture.infer(block), speech)
            logits.append(nearness.logit)
        return float(np.mean(logits)) if logits else _UNTOLD


def fit(rows: list[tuple[float, float, bool]]) -> tuple[float, float, float]:
    """Logistic regression: slope, the cosine at even odds after a second, and its rise with each octave."""
    given = np.array([(cosine, octaves, 1.0) for cosine, octaves, _ in rows])
    truth = np.array([own for _, _, own in rows], float)
    weights = np.zeros(3)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-given @ weights))
        curve = (given * (chance * (1 - chance))[:, None]).T @ given + 1e-3 * np.eye(3)
        weights -= np.linalg.solve(curve, given.T @ (chance - truth) + 1e-3 * weights)
    slope, octave, bias = map(float, weights)
    return slope, -bias / slope, -octave / slope


def main() -> None:
    """Print each way's errors by length of speech, or fit the log odds of the voice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", choices=get_args(Side), default="test")
    parser.add_argument("--fit", action="store_true", help="print what decide/wearer.py's constants come from")
    given = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    verifiers, mixer = Verifiers(), Mixer(Cast(Synthesiser()))
    if given.fit:
        slope, even, octave = fit(verifiers.cosines(People("train", mixer)))
        print(f"fitted on side train: slope {slope:.1f}, even at {even:.3f}, {octave:+.3f} an octave of speech")
        print(f"in use:               slope {SLOPE:.1f}, even at {EVEN:.3f}, {EVEN_PER_OCTAVE:+.3f}")
        return
    ways: dict[str, Enrol] = {
        "loudness alone": loudness,
        "nearness, nobody enrolled": verifiers.nearness,
        "the enrolled voice": verifiers.voice,
        "both": verifiers.both,
    }
    seconds = ", ".join(map(str, LENGTHS_S))
    for name, enrol in ways.items():
        people = People(given.side, mixer)
        print(f"{name}: {len(people.wearers)} wearers of side {given.side}, {seconds} s; 95 % intervals\n")
        print(table(judge(enrol, people)) + "\n")


if __name__ == "__main__":
    main()
