"""Ways to tell the wearer's voice, as tests.scenes.verify judges them: `python -m tests.scenes.verifiers`."""

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Final, get_args

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from tests.scenes.mixer import Mixer
from tests.scenes.rooms import LAYOUT
from tests.scenes.script import Count
from tests.scenes.split import Side
from tests.scenes.verify import LENGTHS_S, Enrol, People, Score, judge, loudness, operate, operating_table, table
from tests.scenes.voices import Cast, Pcm

from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.config import Config, models_folder
from sottovoce_device.decide.nearness import SLOW_START, Nearness, ParallaxWeights
from sottovoce_device.decide.turn_voice import TurnVoice
from sottovoce_device.decide.wearer import EVEN, EVEN_PER_OCTAVE, SLOPE, Wearer, enrolled
from sottovoce_device.decide.wearer_level import VOICED
from sottovoce_device.observation import Parallax, Voiceprint
from sottovoce_device.perceive.ge2e import Ge2e
from sottovoce_device.perceive.level import LevelMeter
from sottovoce_device.perceive.parallax import ParallaxMeter
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.texture import TextureMeter
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.ear import SURE
from sottovoce_host.voice.hibari import Synthesiser

_UNTOLD: Final = -8.0
_STEPS: Final = 50
_RIDGE: Final = 1e-3


class Block(Struct, frozen=True):
    """What the glasses make of a block. logit: log odds of a near voice."""

    speech: float
    logit: float
    parallax: Parallax | None
    near: bool


class Verifiers:
    """The models, loaded once, and the ways that are made of them. Sounds are [microphones, n]."""

    def __init__(self) -> None:
        weights = Weights(models_folder(Config()))
        self._vad, self._ge2e = SileroVad(weights), Ge2e(weights)

    def nearness(self, _: Sequence[Pcm]) -> Score:
        """What glasses that nobody is enrolled on know, heard cold: mean log odds of a near voice."""
        return lambda pcm: self._near(pcm[:1])

    def nearness_of_two(self, _: Sequence[Pcm]) -> Score:
        """The same where there are two microphones."""
        return self._near

    def voice(self, enrolment: Sequence[Pcm]) -> Score:
        """The enrolled voice alone."""
        wearer = Wearer(enrolled(self._voiceprints(enrolment)))
        return lambda pcm: _UNTOLD if (voice := self._voiceprint(pcm)) is None else wearer.likeness(voice)

    def both(self, enrolment: Sequence[Pcm]) -> Score:
        """Nearness and voice, as log odds that add up."""
        voice = self.voice(enrolment)
        return lambda pcm: voice(pcm) + self._near(pcm[:1])

    def both_of_two(self, enrolment: Sequence[Pcm]) -> Score:
        """The same where there are two microphones."""
        voice = self.voice(enrolment)
        return lambda pcm: voice(pcm) + self._near(pcm)

    def admits(self, enrolment: Sequence[Pcm]) -> Callable[[Pcm], bool]:
        """Whether the words of a sound are recognised, heard cold, by the thresholds of sense/ear.py.

        enrolment: sounds of the wearer's; none: nobody is enrolled.
        """
        known = self._voiceprints(enrolment)
        wearer = Wearer(enrolled(known)) if known else None

        def admitted(pcm: Pcm) -> bool:
            turn = TurnVoice()
            for block in self._blocks(pcm):
                if block.near:
                    turn.hear(block.logit, 0.0, 0.0)
            voice = self._voiceprint(pcm) if wearer else None
            if wearer is None or voice is None:
                return turn.is_near
            likeness = wearer.likeness(voice)
            return not wearer.is_stranger(likeness, voice.seconds) and (turn.is_near or likeness > SURE)

        return admitted

    def cosines(self, people: People) -> list[tuple[float, float, bool]]:
        """Of each trial: cosine to the enrolled voice, octaves of a second of speech, whether it is the wearer's."""
        rows = []
        for wearer in people.wearers:
            known = enrolled(self._voiceprints(people.enrolment(wearer)))
            for trial in people.trials(wearer):
                if (voice := self._voiceprint(trial.pcm)) is not None:
                    octaves = float(np.clip(np.log2(voice.seconds), -2, 2))
                    rows.append((float(known @ voice.embedding), octaves, trial.own))
        return rows

    def parallaxes(self, people: People) -> list[tuple[float, float, float, float, bool]]:
        """Of each trial: nearer, towards_mouth, how much they are believed, the logit of one microphone, whose it is.

        people: heard by two microphones.
        """
        rows = []
        for trial in (trial for wearer in people.wearers for trial in people.trials(wearer)):
            alone = list(self._blocks(trial.pcm[:1]))
            found = [b.parallax for b in self._blocks(trial.pcm) if b.speech >= VOICED and b.parallax is not None]
            if found:
                believed = len(found) / (len(found) + SLOW_START)
                nearer, towards = np.mean([(p.nearer, p.towards_mouth) for p in found], axis=0)
                logit = float(np.mean([b.logit for b in alone]))
                rows.append((float(nearer), float(towards), believed, logit, trial.own))
        return rows

    def _voiceprints(self, sounds: Sequence[Pcm]) -> list[Voiceprint]:
        return [v for pcm in sounds if (v := self._voiceprint(pcm)) is not None]

    def _voiceprint(self, pcm: Pcm) -> Voiceprint | None:
        return self._ge2e.infer(Sample(pcm[0].copy(), 0.0))

    def _near(self, pcm: Pcm) -> float:
        logits = [block.logit for block in self._blocks(pcm)]
        return float(np.mean(logits)) if logits else _UNTOLD

    def _blocks(self, pcm: Pcm) -> Iterator[Block]:
        self._vad.reset()
        level, texture, nearness = LevelMeter(), TextureMeter(), Nearness()
        meter = ParallaxMeter(LAYOUT)
        for start in range(0, pcm.shape[1] - BLOCK + 1, BLOCK):
            parts = [channel[start : start + BLOCK].copy() for channel in pcm]
            block = Sample(parts[0], 0.0, parts[1] if len(parts) > 1 else None)
            speech, parallax = self._vad.infer(block), meter.infer(block)
            near = nearness.step(level.infer(block), texture.infer(block), speech, parallax)
            yield Block(speech, nearness.logit, parallax, near)


def fit(rows: list[tuple[float, float, bool]]) -> tuple[float, float, float]:
    """Of cosines: slope, the cosine at even odds after a second, and its rise with each octave."""
    given = np.array([(cosine, octaves, 1.0) for cosine, octaves, _ in rows])
    truth = np.array([own for _, _, own in rows], float)
    slope, octave, bias = map(float, regressed(given, truth, np.zeros(len(rows))))
    return slope, -bias / slope, -octave / slope


def fit_parallax(rows: list[tuple[float, float, float, float, bool]]) -> ParallaxWeights:
    """Of parallaxes: the weights that add most to what one microphone says."""
    given = np.array([(believed * nearer, believed * towards, believed) for nearer, towards, believed, _, _ in rows])
    truth = np.array([own for *_, own in rows], float)
    nearer, towards, bias = map(float, regressed(given, truth, np.array([row[3] for row in rows])))
    return ParallaxWeights(round(bias, 1), round(nearer, 1), round(towards, 1))


def regressed(
    given: NDArray[np.float64], truth: NDArray[np.float64], known: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Logistic regression by Newton's method: weights [m] of given [n, m]. known: log odds [n] there are without."""
    weights = np.zeros(given.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-given @ weights - known))
        curve = (given * (chance * (1 - chance))[:, None]).T @ given + _RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curve, given.T @ (chance - truth) + _RIDGE * weights)
    return weights


def print_fits(verifiers: Verifiers, mixer: Mixer) -> None:
    """What the constants of decide/wearer.py and decide/nearness.py come from, next to those in use."""
    slope, even, octave = fit(verifiers.cosines(People("train", mixer)))
    print(f"voice, fitted on side train: slope {slope:.1f}, even at {even:.3f}, {octave:+.3f} an octave of speech")
    print(f"in use:                      slope {SLOPE:.1f}, even at {EVEN:.3f}, {EVEN_PER_OCTAVE:+.3f}")
    print(
        f"parallax, fitted on side train: {fit_parallax(verifiers.parallaxes(People('train', mixer, microphones=2)))}"
    )
    print(f"in use:                         {ParallaxWeights()}")


def print_ways(verifiers: Verifiers, mixer: Mixer, side: Side, microphones: Count) -> None:
    """Equal errors of each way, and what the thresholds in use come to."""
    ways: dict[str, Enrol] = {
        "loudness alone": loudness,
        "nearness, nobody enrolled": verifiers.nearness,
        "the enrolled voice": verifiers.voice,
        "both": verifiers.both,
    }
    if microphones > 1:
        ways["nearness by two microphones, nobody enrolled"] = verifiers.nearness_of_two
        ways["both, by two microphones"] = verifiers.both_of_two
    seconds = ", ".join(map(str, LENGTHS_S))
    for name, enrol in ways.items():
        people = People(side, mixer, microphones=microphones)
        print(f"{name}: {len(people.wearers)} wearers of side {side}, {seconds} s; 95 % intervals\n")
        print(table(judge(enrol, people)) + "\n")
    for name, enrol in (("nobody enrolled", lambda _: verifiers.admits([])), ("enrolled", verifiers.admits)):
        people = People(side, mixer, microphones=microphones)
        print(f"thresholds in use, {name}, microphones: {microphones}\n")
        print(operating_table(operate(enrol, people)) + "\n")


def main() -> None:
    """Print each way's errors by length of speech, or fit the log odds of the voice and of two microphones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", choices=get_args(Side), default="test")
    parser.add_argument(
        "--microphones", type=int, choices=get_args(Count), default=1, help="2: also the ways that need two"
    )
    parser.add_argument("--fit", action="store_true", help="print what the log odds in use come from")
    given = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    verifiers, mixer = Verifiers(), Mixer(Cast(Synthesiser()))
    if given.fit:
        print_fits(verifiers, mixer)
        return
    print_ways(verifiers, mixer, given.side, given.microphones)


if __name__ == "__main__":
    main()
