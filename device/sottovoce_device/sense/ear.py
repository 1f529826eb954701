"""Hearing, wired: blocks go to models, what they observe goes to rules, events come out."""

from collections.abc import Callable
from typing import Final

from sottovoce_device.capture.lookback import Lookback
from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.config import Config
from sottovoce_device.decide.attention import Attention
from sottovoce_device.decide.level_gate import LevelGate
from sottovoce_device.decide.turn import PER_MS, Ask, Heard, TurnTaking
from sottovoce_device.observation import Transcript, TurnEnd, Voice
from sottovoce_device.perceive.level import LevelMeter
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_wire import AnyEvent
from sottovoce_wire.commands import AnyCommand

LOOKBACK_S: Final = 20.0
"""The longest piece that the recogniser is given (16 s), its lead-in, and some room."""
WARM_BLOCKS: Final = 3
"""What voice activity detection hears before the block that opened the level gate, to get its bearings."""

Submit = Callable[[Ask, Sample], None]
"""Takes a stretch of sound to the model that the Ask is for; the answer comes back through Ear.learn()."""
Emit = Callable[[AnyEvent], None]


class Ear:
    """One wearer's hearing, from blocks to events. Not thread-safe: one thread calls it.

    The same object runs in the glasses, where `submit` hands sound to a thread, and in replay, where it answers
    at once.
    """

    def __init__(self, config: Config, vad: SileroVad, submit: Submit, emit: Emit) -> None:
        self._level = LevelMeter()
        self._gate = LevelGate()
        self._vad = vad
        self._turns = TurnTaking(config.hearing)
        self._attention = Attention(config.attention)
        self._lookback = Lookback(LOOKBACK_S)
        self._submit = submit
        self._emit = emit
        self._listening = False
        self._now_ms = 0.0

    def hear(self, block: Sample) -> None:
        """Take the next block of 512 samples, and overwrite it."""
        self._now_ms = block.at_ms
        self._lookback.write(block)
        probability = self._voice(block)
        block.wipe()
        voice = Voice(probability, self._lookback.position, self._now_ms)
        self._go_on(self._turns.step(voice), self._now_ms)
        self._lookback.forget_before(self._turns.keep_from)

    def learn(self, ask: Ask, found: Transcript | TurnEnd) -> None:
        """Take a model's answer."""
        self._go_on(self._turns.learn(ask, found), self._to_ms(ask.at))

    def obey(self, command: AnyCommand, now_ms: float) -> None:
        """Take what the host says of the conversation."""
        self._attention.tell(command, now_ms)

    def deafen(self) -> None:
        """Forget all that was heard and not yet said: the wearer muted the glasses."""
        self._turns.cancel()
        self._lookback.wipe()

    def _voice(self, block: Sample) -> float:
        listening = self._gate.step(self._level.infer(block))
        if listening and not self._listening:
            self._vad.reset()
            end = self._lookback.position - BLOCK
            for start in range(end - WARM_BLOCKS * BLOCK, end, BLOCK):
                before = self._lookback.cut(start, start + BLOCK, block.at_ms)
                if len(before.data) == BLOCK:
                    self._vad.infer(before)
                before.wipe()
        self._listening = listening
        return self._vad.infer(block) if listening else 0.0

    def _go_on(self, results: list[Ask | Heard], decided_ms: float) -> None:
        for result in results:
            if isinstance(result, Ask):
                self._submit(result, self._lookback.cut(result.start, result.end, self._now_ms))
            else:
                for event in self._attention.step(result, decided_ms, self._to_ms):
                    self._emit(event)

    def _to_ms(self, position: int) -> int:
        """When the sample at this position was heard."""
        return max(0, round(self._now_ms - (self._lookback.position - position) / PER_MS))
