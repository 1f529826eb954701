"""Hearing, wired: blocks go to models, what they observe goes to rules, events come out."""

from collections.abc import Callable
from typing import Final

from sottovoce_device.capture.lookback import Lookback
from sottovoce_device.capture.sample import BLOCK, RATE_HZ, Sample
from sottovoce_device.config import Config
from sottovoce_device.decide.addressee import USUAL_NEAR, Addressee
from sottovoce_device.decide.ask import Ask, Heard
from sottovoce_device.decide.attention import Attention, Sounded
from sottovoce_device.decide.echo import Echo
from sottovoce_device.decide.erasure import Erasure
from sottovoce_device.decide.exchange import Exchange, Stretch
from sottovoce_device.decide.foretold import Foretold
from sottovoce_device.decide.level_gate import LevelGate
from sottovoce_device.decide.nearness import Nearness
from sottovoce_device.decide.presses import Act
from sottovoce_device.decide.sight_cues import SightCues
from sottovoce_device.decide.talk import Spoken, Talk
from sottovoce_device.decide.turn import LONGEST_KEPT, PER_MS, TurnTaking
from sottovoce_device.decide.turn_voice import TurnVoice
from sottovoce_device.decide.wearer import Wearer
from sottovoce_device.decide.wearer_level import VOICED, WearerLevel
from sottovoce_device.observation import Level, Transcript, TurnEnd, Voice, Voiceprint
from sottovoce_device.perceive.bands import BandMeter
from sottovoce_device.perceive.level import LevelMeter
from sottovoce_device.perceive.parallax import ParallaxMeter, layout
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.texture import TextureMeter
from sottovoce_device.sense.verification import Verification
from sottovoce_wire import AnyEvent, ExpectEcho, Speaking
from sottovoce_wire.commands import AnyCommand
from sottovoce_wire.echo import EDGES_HZ, FRAME_MS

BLOCK_MS: Final = 32.0
SURE: Final = 2.5
"""Log odds of the wearer's voice, near or like theirs, that is believed. The glasses' own reply does not reach it: it
is 10 dB softer than the wearer."""
REPLY_FADES_MS: Final = 500
"""For so long after its end the reply may still be heard: a loudspeaker's delay, and the room."""
WARM_BLOCKS: Final = 3
"""What voice activity detection hears before the block that opened the level gate, to get its bearings."""

Submit = Callable[[Ask, Sample], None]
"""Takes a stretch of sound to the model that the Ask is for; the answer comes back through Ear.learn()."""
Emit = Callable[[AnyEvent], None]


class Ear:
    """One wearer's hearing, from blocks to events. Not thread-safe: one thread calls it.

    The same object runs in the glasses, where `submit` hands sound to a thread, and in replay, where it answers
    at once. wearer: the enrolled voice, where there is one.
    """

    def __init__(
        self,
        config: Config,
        vad: SileroVad,
        submit: Submit,
        emit: Emit,
        addressee: Addressee,
        wearer: Wearer | None = None,
    ) -> None:
        self._anybody = config.attention.mode == "everything"
        self._level = LevelMeter()
        self._gate = LevelGate()
        self._vad = vad
        self._texture = TextureMeter()
        self._parallax: ParallaxMeter | None = None
        if config.microphone.channels > 1:
            self._parallax = ParallaxMeter(layout(config.microphone.second_m, config.microphone.mouth_m))
        self._nearness = Nearness(WearerLevel(None if wearer is None else wearer.syllable_db))
        self._exchange = Exchange()
        self._talk = Talk()
        self._erasure = Erasure()
        self._turns = TurnTaking(config.hearing, self._unsettled)
        self._attention = Attention(config.attention, addressee)
        self._verification = None if wearer is None or self._anybody else Verification(wearer)
        self._begun, self._started_ms = 0, 0.0
        self._voice = TurnVoice()
        self._likeness = 0.0
        self._withheld: Ask | None = None
        self._echo = Echo()
        self._bands = BandMeter(EDGES_HZ, FRAME_MS)
        self._foretold = Foretold()
        self._into_reply: bool | None = None
        self._lookback = Lookback(LONGEST_KEPT / RATE_HZ)
        self._submit = submit
        self._emit = emit
        self._listening = False
        self._now_ms = 0.0

    def hear(self, block: Sample) -> None:
        """Take the next block of 512 samples, and overwrite it."""
        self._now_ms = block.at_ms
        self._lookback.write(block)
        level = self._level.infer(block)
        speech = self._speech(level, block)
        self._into_reply = None
        if self._sounding:
            self._into_reply = self._foretold.step(self._bands.infer(block), self._now_ms, self._nearness.wearer_db)
        near = self._is_near(level, block, speech)
        block.wipe()
        voice = Voice(speech if near else 0.0, self._lookback.position, self._now_ms, speech)
        results = self._turns.step(voice)
        self._notice_turn()
        self._go_on(results, self._now_ms)
        held = self._verification.held_from if self._verification is not None else None
        kept = self._turns.keep_from
        self._lookback.forget_before(kept if held is None else min(kept, held))

    def learn(self, ask: Ask, found: Transcript | TurnEnd | Voiceprint | None) -> None:
        """Take a model's answer; None: it had none."""
        if ask.kind != "voice" and not isinstance(found, Voiceprint):
            self._go_on(self._turns.learn(ask, found), self._to_ms(ask.at))
        elif self._verification is not None and not isinstance(found, Transcript | TurnEnd):
            self._verify(self._verification, ask, found)

    def obey(self, command: AnyCommand, now_ms: float) -> None:
        """Take what the host says of the conversation, and of how its reply will sound."""
        if isinstance(command, ExpectEcho):
            self._foretold.expect(command, now_ms)
            return
        if isinstance(command, Speaking):
            self._foretold.forget()
        self._attention.tell(command, now_ms)

    def deafen(self) -> None:
        """Forget all that was heard and not yet said: the wearer muted the glasses.

        What stays is how loud the wearer is, and how the reply arrives.
        """
        self._turns.cancel()
        self._forget_before()
        self._exchange, self._talk, self._erasure, self._voice = Exchange(), Talk(), Erasure(), TurnVoice()
        self._withheld = None
        self._nearness.forget()
        if self._verification is not None:
            self._verification.forget()
        self._attention.blind()
        self._lookback.wipe()

    def see(self, cues: SightCues) -> None:
        """Take what sight says about who is being spoken to."""
        self._attention.see(cues)

    def press(self, act: Act, now_ms: float) -> None:
        """Take an explicit act of the wearer's."""
        self._tell(self._attention.press(act, now_ms))

    @property
    def _sounding(self) -> bool:
        """Whether the reply is taken to be sounding."""
        return self._now_ms <= self._attention.speaking_until_ms

    def _is_near(self, level: Level, block: Sample, speech: float) -> bool:
        """Whether the block is the wearer's speech. Others are followed, never recognised."""
        if self._anybody:
            return True
        voiced = speech >= VOICED
        parallax = self._parallax.infer(block) if self._parallax is not None and voiced else None
        texture = self._texture.infer(block) if voiced else None
        near = self._nearness.step(level, texture, speech, parallax, learns=not self._sounding)
        if voiced and self._sounding:
            louder = self._echo.exceeded(self._nearness.peak_db) and near and self._nearness.logit > SURE
            near = louder if self._into_reply is None else self._into_reply
            if self._into_reply:
                self._turns.expect()
        logit, by_two = self._nearness.logit, self._nearness.parallax
        erased = self._erasure.step(self._lookback.position, voiced=voiced, near=near, logit=logit)
        if erased is not None:
            self._lookback.erase(*erased)
        replying = self._now_ms <= self._attention.speaking_until_ms + REPLY_FADES_MS
        other = self._exchange.step(
            self._now_ms, BLOCK_MS, speech=voiced, near=near, logit=logit, parallax=by_two, replying=replying
        )
        if other is not None:
            self._tell(self._attention.refuse(self._turns.number(), self._now_ms, other))
        if near:
            self._voice.hear(logit, by_two, self._nearness.peak_db)
        return near

    def _notice_turn(self) -> None:
        turn = self._turns.turn
        if self._withheld is not None and self._withheld.turn != turn:
            start_ms, end_ms = self._to_ms(self._withheld.start), self._to_ms(self._withheld.end)
            self._exchange.was_far(start_ms, end_ms, self._voice.logit or 0.0, self._voice.parallax)
            self._withheld = None
        if turn is None or turn == self._begun:
            return
        self._begun = turn
        self._voice.begin()
        self._nearness.begin()
        self._likeness = 0.0
        self._started_ms = started_ms = self._to_ms(self._turns.onset)
        sure = not self._anybody and (self._into_reply or self._nearness.logit > SURE)
        around = self._exchange.around(started_ms)
        self._tell(self._attention.begin(turn, started_ms, self._now_ms, around, sure=sure))

    def _speech(self, level: Level, block: Sample) -> float:
        """How likely the block is speech."""
        listening = self._gate.step(level)
        if listening and not self._listening:
            self._vad.reset()
            end = self._lookback.position - BLOCK
            for start in range(end - WARM_BLOCKS * BLOCK, end, BLOCK):
                before = self._lookback.cut(start, start + BLOCK, block.at_ms)
                if len(before.data) == BLOCK:
                    self._vad.infer(before)
                before.wipe()
        elif self._listening and not listening:
            self._forget_before()
        self._listening = listening
        return self._vad.infer(block) if listening else 0.0

    def _verify(self, verification: Verification, ask: Ask, found: Voiceprint | None) -> None:
        """Whose voice the turn is has been heard; a stranger's turn ends here, before a word of it is known."""
        likeness, asks = verification.learn(ask, found)
        if likeness is not None:
            self._attention.liken(ask.turn, likeness)
            self._likeness = likeness if ask.turn == self._turns.turn else self._likeness
            if verification.is_stranger or likeness > SURE:
                self._nearness.teach(own=not verification.is_stranger)
        if verification.is_stranger and self._turns.turn == ask.turn:
            other = Stretch(self._to_ms(self._turns.onset), self._to_ms(ask.end), likeness or 0.0, by_voice=True)
            self._exchange.was_other(other.start_ms, other.end_ms, other.logit)
            self._tell(self._attention.withdraw(ask.turn, self._now_ms, other))
            self._turns.cancel()
        for held in asks:
            self._hand_in(held)

    def _hand_in(self, ask: Ask) -> None:
        """Give a model what it shall hear; no words of a turn that is not near as a whole."""
        if ask.kind in ("words", "final") and not self._is_wearers:
            if ask.kind == "final":
                self._withheld = ask
                self._go_on(self._turns.learn(ask, Transcript("", 0.0)), self._to_ms(ask.at))
            return
        self._withheld = None if ask.kind == "final" else self._withheld
        self._submit(ask, self._lookback.cut(ask.start, ask.end, self._now_ms))

    @property
    def _is_wearers(self) -> bool:
        """Whether the words of the turn that goes on are recognised. Once words have left, the rest follows them."""
        return self._anybody or self._voice.is_near or self._likeness > SURE or self._attention.opened

    def _forget_before(self) -> None:
        """Overwrite what the models of hearing keep of the block before: nothing may follow for hours."""
        self._vad.reset()
        self._texture.wipe()
        if self._parallax is not None:
            self._parallax.wipe()

    def _go_on(self, results: list[Ask | Heard], decided_ms: float) -> None:
        for result in results:
            if isinstance(result, Ask):
                admitted = [result]
                if self._verification is not None and result.kind != "end":
                    admitted = self._verification.admit(result, self._turns.onset)
                for ask in admitted:
                    self._hand_in(ask)
            else:
                self._tell(self._attention.step(result, decided_ms, self._to_ms, self._sounded(result)))
                if result.over:
                    self._settle(self._to_ms(result.end))

    def _settle(self, end_ms: float) -> None:
        """What a turn that is over, as a whole or in part, tells of those to come."""
        near, peak_db = self._voice.logit, self._voice.peak_db
        opened = self._attention.opened
        if opened and peak_db is not None:
            self._echo.asked(peak_db)
        if self._likeness > SURE:
            self._nearness.teach(own=True)
        own = 1.0 if near is None else max(0.0, min(1.0, near / USUAL_NEAR))
        self._talk.judged(Spoken(end_ms, opened, own * (1 - self._attention.probability), peak_db))

    def _tell(self, events: list[AnyEvent]) -> None:
        for event in events:
            self._emit(event)

    def _sounded(self, heard: Heard) -> Sounded:
        quiet_ms = self._now_ms - self._to_ms(heard.end)
        voice, talking_on = self._voice, self._talk.before(self._started_ms, self._voice.peak_db)
        return Sounded(voice.logit, voice.parallax, quiet_ms, self._exchange.taken_up, talking_on)

    def _unsettled(self, heard: Heard) -> bool:
        """Whether the verdict on this turn waits."""
        return self._attention.unsettled(heard, self._sounded(heard))

    def _to_ms(self, position: int) -> int:
        """When the sample at this position was heard."""
        return max(0, round(self._now_ms - (self._lookback.position - position) / PER_MS))
