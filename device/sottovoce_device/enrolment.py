"""Learns the wearer's voice, once: `sottovoce-device enrol`, and `replay --wearer`."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.light import open_light
from sottovoce_device.capture.microphone import open_microphone
from sottovoce_device.capture.mute_switch import open_switch
from sottovoce_device.capture.sample import BLOCK, RATE_HZ, Sample
from sottovoce_device.capture.simulated import check_sound_file, read_resampled
from sottovoce_device.config import Config
from sottovoce_device.decide.one_voice import is_one
from sottovoce_device.decide.wearer import enrolled
from sottovoce_device.decide.wearer_level import mean_syllable_db
from sottovoce_device.errors import EnrolmentError
from sottovoce_device.learnt import VOICE, KnownVoice, voice_to_bytes
from sottovoce_device.perceive.ge2e import Ge2e
from sottovoce_device.perceive.level import LevelMeter
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.curtain import Curtain
from sottovoce_trust.private_files import keep, private_folder

SPOKEN: Final = 0.5
ENOUGH_BLOCKS: Final = 40
"""1.3 s of speech: a sentence, not a cough."""
OVER_BLOCKS: Final = 25
MOST_BLOCKS: Final = 250
"""Eight seconds of it are a sentence, too."""
PATIENCE_BLOCKS: Final = 940
"""Half a minute for a sentence."""
PIECE_S: Final = 2.0
LEAST_S: Final = 3.0
"""Of speech: the model's window twice, and some for pauses."""
MOST_S: Final = 120.0
LOUD: Final = 0.99
CLIPPED: Final = 0.002
"""A share of samples at full scale above this bends the voice: the microphone is set too loud."""
SENTENCES: Final = (
    "The glasses shall know my voice from now on, wherever I am.",
    "When the sunlight strikes raindrops in the air, they act as a prism.",
    "Yesterday evening we walked along the river and talked about nothing.",
)
"""Read at the prompt. Any others would do; these have most sounds of English in them."""


class Enroller:
    """Learns one person's voice. Every sound that it is given is overwritten when it was learnt from."""

    def __init__(self, weights: Weights) -> None:
        self.ge2e = Ge2e(weights)
        self._vad = SileroVad(weights)
        self._level = LevelMeter()

    def from_file(self, path: Path) -> KnownVoice:
        """The one voice in a sound file. Raises SensorError or EnrolmentError."""
        if check_sound_file(path) > MOST_S:
            raise EnrolmentError(f"{path}: longer than {MOST_S:.0f} s; three sentences are enough")
        return self.learn(np.concatenate(list(read_resampled(path))), str(path))

    def from_microphone(self, config: Config, prompt: Callable[[str], None]) -> KnownVoice:
        """The voice of whoever reads SENTENCES aloud now. prompt: shows the sentence to read.

        Raises SensorError or EnrolmentError.
        """
        curtain = Curtain(open_switch(config.mute), open_light(config.light))
        curtain.told_muted = False
        microphone = open_microphone(config.microphone)
        heard: list[NDArray[np.float32]] = []
        try:
            blocks = (block for block in microphone.blocks() if _may_hear(curtain))
            for sentence in SENTENCES:
                prompt(sentence)
                heard.append(read_aloud(blocks, self._vad))
            return self.learn(np.concatenate(heard), "what was read aloud")
        finally:
            for part in heard:
                part.fill(0)
            microphone.close()
            curtain.close()

    def learn(self, sound: NDArray[np.float32], source: str) -> KnownVoice:
        """One voice at 16 kHz. source: what to call it. Raises EnrolmentError."""
        clipped = float(np.mean(np.abs(sound) >= LOUD)) if len(sound) else 0.0
        speech, syllable_db = self._speech_of(sound)
        sound.fill(0)
        length = round(PIECE_S * RATE_HZ)
        pieces = [Sample(speech[start : start + length], 0.0) for start in range(0, len(speech), length)]
        voices = [voice for voice in map(self.ge2e.infer, pieces) if voice is not None]
        speech.fill(0)
        seconds = sum(voice.seconds for voice in voices)
        if seconds < LEAST_S:
            raise EnrolmentError(f"{source}: {seconds:.1f} s of speech; it takes {LEAST_S:.0f}: say three sentences")
        if clipped > CLIPPED:
            raise EnrolmentError(f"{source}: {100 * clipped:.1f} % of it is clipped; turn the microphone down")
        if not is_one(voices):
            raise EnrolmentError(f"{source}: more than one voice, or much noise; be alone, in a quiet place")
        return KnownVoice(enrolled(voices).tolist(), syllable_db)

    def _speech_of(self, sound: NDArray[np.float32]) -> tuple[NDArray[np.float32], float | None]:
        """The blocks of it that are speech, and how loud their syllables are."""
        self._vad.reset()
        blocks = sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK)
        speech = [self._vad.infer(Sample(block, 0.0)) for block in blocks]
        self._vad.reset()
        levels = [self._level.infer(Sample(block, 0.0)) for block in blocks]
        return blocks[np.array(speech) >= SPOKEN].ravel(), mean_syllable_db(levels, speech)


def read_aloud(blocks: Iterator[Sample], vad: SileroVad) -> NDArray[np.float32]:
    """One sentence: from its first sound until 0.8 s of silence. Raises EnrolmentError where nobody speaks."""
    kept: list[NDArray[np.float32]] = []
    spoken = quiet = 0
    for number, block in enumerate(blocks):
        speech = vad.infer(block) >= SPOKEN
        if speech or spoken:
            kept.append(block.data.copy())
        block.wipe()
        spoken, quiet = spoken + speech, 0 if speech else quiet + 1
        if spoken >= MOST_BLOCKS or (spoken >= ENOUGH_BLOCKS and quiet >= OVER_BLOCKS):
            return np.concatenate(kept)
        if number >= PATIENCE_BLOCKS:
            break
    raise EnrolmentError("nobody read the sentence aloud; check [microphone], come closer, try again")


def _may_hear(curtain: Curtain) -> bool:
    if curtain.look() != "on":
        raise EnrolmentError("the glasses are muted; open the switch, then enrol")
    return True


def keep_voice(folder: Path, voice: KnownVoice) -> Path:
    """Keep it where sense finds it: whole or not at all. Raises PairingError where the disk refuses.

    Only its owner may read it. In a folder where a group may write (installed glasses: the gate's), the group may
    overwrite it, so as to forget it.
    """
    path = private_folder(folder) / VOICE
    keep(path, voice_to_bytes(voice), 0o620 if folder.stat().st_mode & stat.S_IWGRP else 0o600)
    return path
