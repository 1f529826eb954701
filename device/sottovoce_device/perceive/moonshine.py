"""Which words: Moonshine, English, tiny or base (MIT; Jeffries et al. 2024, arXiv 2410.15608)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.sample import RATE_HZ, Sample
from sottovoce_device.observation import Transcript
from sottovoce_device.perceive.runtime import open_model
from sottovoce_device.perceive.weights import Weights

_START, _END = 1, 2
_TOKENS_PER_S = 6.5
"""The authors' own guard: speech has fewer tokens a second than this, a repeating decoder has more."""
_SHORTEST_S = 0.4
"""Shorter sound than this makes the model invent words."""
_SILENCE = round(0.1 * RATE_HZ)
"""Digital silence behind what was heard: sound that stops in the middle makes the model go on with words of its own.
On 211 requests of scenes of side train it errs in 8.3 instead of 9.2 % of the words, on the first half of them in 10.1
instead of 15.5 % (base). With 0.2 s it errs as often, and ends a voice that does not fall with no comma any more: of
318 spoken requests 3.1 % were parted instead of 1.6."""
_LEAD = round(0.2 * RATE_HZ)
"""Where a second of silence is before the words, base ends before it begins: of 215 requests of scenes of side train
behind 0.2 to 3 s of it 58 came out empty. With all but this of the silence cut off, 3 do."""
_FRAME = round(0.02 * RATE_HZ)
_LASTS = 3
"""Sound begins with so many frames in a row louder than half way, in dB, from the softest tenth to the loudest."""
_PHRASE: Final = 4
_TIMES: Final = 3
"""What is left where the decoder did not end by itself, and says a phrase of so many tokens so often in a row."""
_MASK = "encoder_attention_mask"
Size = Literal["tiny", "base"]
Wanted = Literal["best", "tiny", "base"]
_FILES: Final[dict[Size, tuple[str, str]]] = {
    "tiny": ("moonshine_encoder.ort", "moonshine_decoder.ort"),
    "base": ("moonshine_base_encoder.onnx", "moonshine_base_decoder.onnx"),
}


class Moonshine:
    """Speech to text, greedy.

    Budget: tiny 40 ms a second of sound on a desktop core, 160 MB; base 80 ms, 200 MB.
    """

    def __init__(self, weights: Weights, size: Size = "tiny") -> None:
        encoder, decoder = _FILES[size]
        self._encoder = open_model(weights.path(encoder), weights.onnx)
        self._decoder = open_model(weights.path(decoder), weights.onnx)
        self._tokens = read_tokens(weights.path("moonshine_tokens.bin"))
        inputs = {i.name: i.shape for i in self._decoder.get_inputs()}
        self._takes_mask = _MASK in inputs
        self._encoder_masks = any(i.name == "attention_mask" for i in self._encoder.get_inputs())
        self._empty = {
            name: np.zeros((0, shape[1], 1, shape[3]), np.float32)
            for name, shape in inputs.items()
            if name.startswith("past_key_values")
        }
        self._outputs = [o.name for o in self._decoder.get_outputs()]

    def infer(self, speech: Sample, give_up: Callable[[], bool] = lambda: False) -> Transcript | None:
        """speech: 16 kHz mono. None when give_up() became true on the way: somebody needs the model more."""
        found = self._hear(speech.data, give_up)
        begins = 0 if found is None or found.text else _begins(speech.data) - _LEAD
        return found if begins <= 0 else self._hear(speech.data[begins:], give_up)

    def _hear(self, values: NDArray[np.float32], give_up: Callable[[], bool]) -> Transcript | None:
        if len(values) < _SHORTEST_S * RATE_HZ:
            return Transcript("", 0.0)
        limit = max(4, int(len(values) / RATE_HZ * _TOKENS_PER_S))
        sound = np.zeros((1, len(values) + _SILENCE), np.float32)
        sound[0, : len(values)] = values
        # One mask entry a sample, for both halves: the decoder itself takes every 384th of it.
        mask = np.ones(sound.shape, np.int64)
        try:
            hidden = self._encode(sound, mask)
        finally:
            sound.fill(0)
        return self._decode(hidden, mask, limit, give_up)

    def _encode(self, sound: NDArray[np.float32], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        feed: dict[str, Any] = {"input_values": sound}
        if self._encoder_masks:
            feed["attention_mask"] = mask
        hidden: NDArray[np.float32] = self._encoder.run(None, feed)[0]
        return hidden

    def _decode(
        self, hidden: NDArray[np.float32], mask: NDArray[np.int64], limit: int, give_up: Callable[[], bool]
    ) -> Transcript | None:
        feed: dict[str, Any] = {"encoder_hidden_states": hidden, **self._empty}
        if self._takes_mask:
            feed[_MASK] = mask
        tokens, chances = [_START], []
        for step in range(limit):
            if give_up():
                return None
            feed["input_ids"] = np.array([tokens[-1:]], np.int64)
            feed["use_cache_branch"] = np.array([step > 0])
            found = dict(zip(self._outputs, self._decoder.run(self._outputs, feed), strict=True))
            logits = found.pop("logits")[0, -1]
            token = int(logits.argmax())
            if token == _END:
                break
            tokens.append(token)
            chances.append(float(1 / np.exp(logits - logits[token]).sum()))
            for name, value in found.items():
                if step == 0 or ".decoder." in name:  # what is known of the sound is computed once, at the first step
                    feed[name.replace("present", "past_key_values")] = value
        else:  # it would go on: what it only says again is not the speaker's
            while again := said_again(tokens):
                del tokens[-again:], chances[-again:]
        return self._text(tokens[1:], chances)

    def _text(self, tokens: list[int], chances: list[float]) -> Transcript:
        joined = b"".join(self._tokens[t] for t in tokens if t < len(self._tokens))
        text = joined.decode("utf-8", "ignore").replace("\u2581", " ").strip()
        return Transcript(text, float(np.mean(chances)) if chances else 0.0)


def _begins(values: NDArray[np.float32]) -> int:
    """The sample at which sound begins that stands out of what is before it; 0 where none does."""
    frames = values[: len(values) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if len(frames) < _LASTS:
        return 0
    level_db = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    loud = level_db > np.mean(np.quantile(level_db, (0.1, 0.95)))
    lasting = np.lib.stride_tricks.sliding_window_view(loud, _LASTS).all(axis=1)
    return int(lasting.argmax()) * _FRAME


def said_again(tokens: list[int]) -> int:
    """How many tokens at the end only repeat what is before them; 0 where nothing is said _TIMES in a row."""
    for length in range(_PHRASE, len(tokens) // _TIMES + 1):
        phrase = tokens[-length:]
        if all(tokens[-length * n : len(tokens) - length * (n - 1)] == phrase for n in range(2, _TIMES + 1)):
            return length * (_TIMES - 1)
    return 0


def larger(weights: Weights, wanted: Wanted) -> Moonshine | None:
    """What hears final words, where tiny shall not: base, which is too slow to follow what is still being said.

    "best" is base where its files are. Raises ModelError where it is wanted and they are not.
    """
    if wanted == "tiny" or (wanted == "best" and not all(map(weights.holds, _FILES["base"]))):
        return None
    return Moonshine(weights, "base")


def read_tokens(path: Path) -> list[bytes]:
    """The vocabulary: strings one after the other, each behind its length in one byte, or two from 128 on."""
    data, place, tokens = path.read_bytes(), 0, []
    while place < len(data):
        length = data[place]
        place += 1
        if length >= 128:  # noqa: PLR2004 -- the format's continuation bit
            length += (data[place] - 1) * 128
            place += 1
        tokens.append(data[place : place + length])
        place += length
    return tokens
