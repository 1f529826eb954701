"""Other ways to open, on the same scenes: a wake word, voice activity alone, a button."""

import math
import time
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
import numpy as np
from tests.bench.corpus import read
from tests.scenes.listening import Recording
from tests.scenes.mixer import Mixer, Truth
from tests.scenes.openings import Turn
from tests.scenes.score import Result, judge
from tests.scenes.script import Script, read_script
from tests.scenes.split import Side, number
from tests.scenes.voices import Cast, speakers

from sottovoce_host.voice.hibari import Synthesiser

WORD_S: Final = 0.8
"""A wake word is as long; the detector fires at its end."""
DEAF_S: Final = 2.0
"""Detections so close to the last one are the same."""
_STEP: Final = 160


class WakeWord:
    """microWakeWord's "alexa", as Home Assistant's voice devices run it, at its own cutoff."""

    def __init__(self) -> None:
        from pymicro_wakeword import MicroWakeWord, Model

        self._model = MicroWakeWord.from_builtin(Model.ALEXA)

    def detections(self, pcm: bytes) -> Iterator[float]:
        """When it fires, in seconds. pcm: int16, 16 kHz, mono."""
        from pymicro_wakeword import MicroWakeWordFeatures

        self._model.reset()
        features = MicroWakeWordFeatures()
        last = -DEAF_S
        for start in range(0, len(pcm) - 2 * _STEP + 1, 2 * _STEP):
            at = start / 2 / 16_000 + _STEP / 16_000
            fired = False
            for frame in features.process_streaming(pcm[start : start + 2 * _STEP]):
                fired |= self._model.process_streaming(frame)
            if fired and at - last >= DEAF_S:
                last = at
                yield at


def with_wake_word(script: Script, side: Side) -> Script:
    """The same scene, but the wearer says "alexa" before each request: a recording of one other person a scene."""
    people = list(speakers("alexa", side).values())
    clip = people[number(script.name) % len(people)][0].path
    lines = [
        msgspec.structs.replace(line, before=clip) if line.who == "wearer" and line.to == "device" else line
        for line in script.lines
    ]
    return msgspec.structs.replace(script, lines=tuple(lines))


def wake_word(scenes: Sequence[Recording], side: Side) -> Iterator[Result]:
    """Scenes made by a script, with the wake word in front of each request; what it makes of them."""
    detector, mixer = WakeWord(), Mixer(Cast(Synthesiser()))
    for scene in scenes:
        if scene.script:
            mixed = mixer.mix(with_wake_word(read_script(scene.script), side))
            pcm, truth = mixed.pcm[0].tobytes(), mixed.truth
        else:  # somebody's own recordings: they show at least how often it opens unasked
            pcm, truth = np.round(32767 * read(scene.sound)).astype(np.int16).tobytes(), scene.truth
        begun_s = time.process_time()
        found = list(detector.detections(pcm))
        result = judged(scene, len(pcm) / 2 / 16_000, truth, found)
        yield msgspec.structs.replace(result, cpu_s=time.process_time() - begun_s)


def judged(scene: Recording, seconds: float, truth: list[Truth], detections: list[float]) -> Result:
    """A detection opens for what is said then."""
    turns = [Turn(at - WORD_S, at + 0.2, at, opened=True, confidence=100, final=True) for at in detections]
    result = judge(scene.family, seconds, truth, turns)
    quiet = tuple(msgspec.structs.replace(j, delay_s=math.nan, cut=False) for j in result.judged)
    return msgspec.structs.replace(result, judged=quiet)


def press_to_talk(everything: Sequence[Result]) -> list[Result]:
    """Of what voice activity opened for, what a wearer would have held a button for, who never forgets to.

    everything: results of glasses that open for all speech.
    """
    return [
        msgspec.structs.replace(
            result,
            judged=tuple(
                j if j.addressed else msgspec.structs.replace(j, opened=False, confidence=0) for j in result.judged
            ),
            strays=(),
            recognised=0,
            given_s=0.0,
            cpu_s=math.nan,
        )
        for result in everything
    ]
