"""Which words may leave: turns come in, events go out, and every verdict has a line in the ledger."""

import math
from collections import deque
from collections.abc import Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sottovoce_device.config import AttentionConfig
from sottovoce_device.decide.addressee import Addressee, Circumstances, told
from sottovoce_device.decide.ask import Heard
from sottovoce_device.decide.clipping import clip, split
from sottovoce_device.decide.exchange import Around, Stretch
from sottovoce_device.decide.form import LEAST_WORDS, last_sentence
from sottovoce_device.decide.patience import COMPANY_MS, SURELY, answered, in_company
from sottovoce_device.decide.presses import Act
from sottovoce_device.decide.sight_cues import LATEST_MS, SightCues
from sottovoce_wire import AnyEvent, Attended, AwaitReply, Evidence, Hearing, Interrupted, Pressed, Said, Speaking
from sottovoce_wire.commands import AnyCommand

PARTIAL_IN_A_ROW: Final = 2
"""Judgements of one turn that must agree: half of what a single one opens falsely is taken back by the next."""
_SAID: Final = 480
_HEARING: Final = 240

SEEN: Final = 96
"""Cues that are kept: faces are looked at five times a second, and the longest piece of a turn lasts 16 s."""
TAP_MS: Final = 6_000
"""For how long a tap asks for attention."""

ToMs = Callable[[int], int]


class Sounded(Struct, frozen=True):
    """What is known of a turn by its sound.

    near, parallax: log odds of a near voice, and what of them two microphones tell; near is None where nobody measured.
    quiet_ms: of silence since the wearer's last word. taken_up: somebody else has spoken in it.
    talking_on: the wearer's turns before it that were for others or nobody, as `Talk` has them.
    """

    near: float | None = None
    parallax: float = 0.0
    quiet_ms: float = 0.0
    taken_up: bool = False
    talking_on: float = 0.0


UNHEARD: Final = Sounded()


class _Verdict(Struct):
    turn: int = -1
    started_ms: float = -1.0
    opened: bool | None = None
    probability: float = 0.0
    in_a_row: int = 0
    around: Circumstances = Circumstances()


class Attention:
    """Decides turn by turn; partial words leave only when the evidence is strong, final ones when it is enough.

    speaking_until_ms: until when the reply is taken to be sounding.
    """

    def __init__(self, config: AttentionConfig, addressee: Addressee) -> None:
        self._config = config
        self._addressee = addressee
        self.speaking_until_ms = -1.0
        self._awaiting_until_ms = -1.0
        self._reply_from_ms = float("inf")
        self._held_from_ms = self._held_until_ms = float("-inf")
        self._tapped_from_ms = float("-inf")
        self._verdict = _Verdict()
        self._likeness: float | None = None
        self._seen: deque[SightCues] = deque(maxlen=SEEN)
        self._faced_ms = float("-inf")

    def tell(self, command: AnyCommand, now_ms: float) -> None:
        """Take what the host says of the conversation."""
        if isinstance(command, Speaking):
            self.speaking_until_ms = now_ms + command.lasts_ms if command.speaking else now_ms
            self._reply_from_ms = now_ms if command.speaking else self._reply_from_ms
        elif isinstance(command, AwaitReply):
            self._awaiting_until_ms = now_ms + command.window_ms
            self._reply_from_ms = min(self._reply_from_ms, now_ms)

    def press(self, act: Act, now_ms: float) -> list[AnyEvent]:
        """Take an explicit act: what is said while the button is held, or soon after a tap, is for the glasses.

        An act is certain only some time after the finger came down; a turn that began meanwhile is meant, too.
        """
        if act.action == "held":
            self._held_from_ms, self._held_until_ms = act.since_ms, float("inf")
        elif act.action == "released":
            self._held_until_ms = now_ms
        else:
            self._tapped_from_ms = act.since_ms
        verdict, around = self._verdict, self._verdict.around
        verdict.around = replace(
            around,
            held=around.held or self._is_held(verdict.started_ms),
            tapped=around.tapped or self._is_tapped(verdict.started_ms),
        )
        return [Pressed(at_ms=round(now_ms), button="temple", action=act.action)]

    def see(self, cues: SightCues) -> None:
        """Take what sight tells. It comes after its frame, so the turn that runs is judged with it, too."""
        self._seen.append(cues)
        if cues.faced_by_person:
            self._faced_ms = cues.at_ms
        verdict = self._verdict
        verdict.around = self._with_sight(verdict.around, verdict.started_ms)

    def blind(self) -> None:
        """Forget what was seen: the sensors are off."""
        self._seen.clear()
        self._faced_ms = float("-inf")

    def _with_sight(self, around: Circumstances, started_ms: float) -> Circumstances:
        """What was seen since the turn began, or just before. What could not be seen is None, never "no"."""
        seen = [c for c in self._seen if c.at_ms >= started_ms - LATEST_MS]
        looks = [c.looks_at_person for c in seen if c.looks_at_person is not None]
        faced = [c.faced_by_person for c in seen if c.faced_by_person is not None]
        company = self._faced_ms >= started_ms - COMPANY_MS
        return replace(around, looks_at_person=_share(looks), faced=_share(faced), company=company)

    def _is_held(self, started_ms: float) -> bool:
        return self._held_from_ms <= started_ms <= self._held_until_ms

    def _is_tapped(self, started_ms: float) -> bool:
        return 0 <= started_ms - self._tapped_from_ms <= TAP_MS

    def begin(self, turn: int, started_ms: float, now_ms: float, around: Around, *, sure: bool) -> list[AnyEvent]:
        """A turn begins. sure: the voice is surely near. Speaking into the reply interrupts it."""
        sounding = self._reply_from_ms <= started_ms <= self.speaking_until_ms
        self._likeness = None
        self._verdict = _Verdict(
            turn,
            started_ms,
            around=self._with_sight(
                Circumstances(
                    follow_up=self._reply_from_ms <= started_ms <= self._awaiting_until_ms,
                    own_reply=sounding and not sure,
                    interrupts=sounding and sure,
                    around=around,
                    held=self._is_held(started_ms),
                    tapped=self._is_tapped(started_ms),
                ),
                started_ms,
            ),
        )
        return [Interrupted(at_ms=round(now_ms), turn=turn)] if sounding and sure else []

    def liken(self, turn: int, logit: float) -> None:
        """Take how much the voice of this turn is like the enrolled one, in log odds."""
        if turn == self._verdict.turn:
            self._likeness = logit

    def refuse(self, turn: int, at_ms: float, other: Stretch) -> list[AnyEvent]:
        """The ledger's line about somebody else's speech, which was never recognised."""
        by_two = told(other.parallax)
        alone = told(other.logit - other.parallax if by_two else min(0.0, other.logit))
        reasons = [Evidence(name="wearer_voice" if other.by_voice else "near_field", weight=alone)]
        if by_two:
            reasons.append(Evidence(name="two_microphones", weight=by_two))
        logit = min(0, alone + by_two) / 100 - 3  # rarely is anybody else's speech for the glasses
        confidence = round(100 / (1 + math.exp(-logit)))
        return [Attended(at_ms=round(at_ms), turn=turn, opened=False, confidence=confidence, evidence=tuple(reasons))]

    def withdraw(self, turn: int, at_ms: float, other: Stretch) -> list[AnyEvent]:
        """Words of this turn have left perhaps, and now its voice is surely somebody else's: the ledger says so."""
        if turn != self._verdict.turn or not self.opened:
            return []
        self._verdict.opened = False
        return self.refuse(turn, at_ms, other)

    def step(self, heard: Heard, now_ms: float, to_ms: ToMs, sounded: Sounded = UNHEARD) -> list[AnyEvent]:
        """Judge what was heard.

        now_ms: when the deciding sample was heard; to_ms: a position's time; sounded: what is known besides the words.
        """
        if heard.turn != self._verdict.turn:
            self.begin(heard.turn, to_ms(heard.start), now_ms, Around(), sure=False)
        heard, probability, evidence = self._read(heard, sounded)
        self._verdict.probability = probability
        if not heard.over:
            return self._partial(heard, probability, evidence, round(now_ms))
        return self._final(heard, probability, evidence, round(now_ms), to_ms)

    def unsettled(self, heard: Heard, sounded: Sounded) -> bool:
        """Whether it is too early for a verdict on a turn that sounds over: it could open, and nobody is sure of it."""
        known = sounded.taken_up or sounded.quiet_ms >= self._config.waits_ms or self._config.mode == "everything"
        if known or heard.turn != self._verdict.turn or not in_company(self._verdict.around):
            return False
        later = self._around(heard, replace(sounded, quiet_ms=self._config.waits_ms))
        probability, best = self._addressee.foresee(heard.text, self._around(heard, sounded), later)
        return best >= self._config.open_at and probability < self._surely

    @property
    def _surely(self) -> float:
        return max(SURELY, self._config.open_at)

    @property
    def probability(self) -> float:
        """That the newest turn was for the glasses, when it was last judged."""
        return self._verdict.probability

    @property
    def opened(self) -> bool:
        """Whether the newest turn was for the glasses."""
        return bool(self._verdict.opened)

    def _read(self, heard: Heard, sounded: Sounded) -> tuple[Heard, float, tuple[Evidence, ...]]:
        """What of it was for the glasses, if anything: all of it, or else perhaps the last sentence."""
        probability, evidence = self._weigh(heard, sounded)
        refused = heard.over and probability < self._config.open_at
        if refused and (last := last_sentence(heard.text)):
            alone, reasons = self._addressee.weigh_last(last, self._around(heard, sounded))
            if alone >= self._config.open_at:
                length = round((heard.end - heard.start) * len(last) / len(heard.text))
                return replace(heard, text=last, start=heard.end - length), alone, reasons
        return heard, probability, evidence

    def _weigh(self, heard: Heard, sounded: Sounded) -> tuple[float, tuple[Evidence, ...]]:
        if self._config.mode == "everything":
            return 1.0, (Evidence(name="policy", weight=1000),)
        return self._addressee.weigh(heard.text, self._around(heard, sounded))

    def _around(self, heard: Heard, sounded: Sounded) -> Circumstances:
        around = replace(
            self._verdict.around,
            near=sounded.near,
            parallax=sounded.parallax,
            likeness=self._likeness,
            talking_on=sounded.talking_on,
        )
        if heard.over and not heard.continues:  # who speaks on leaves nobody time to answer
            around = answered(around, sounded.quiet_ms, self._config.waits_ms, taken_up=sounded.taken_up)
        return around

    def _partial(self, heard: Heard, probability: float, evidence: tuple[Evidence, ...], at_ms: int) -> list[AnyEvent]:
        strong = len(heard.text.split()) >= LEAST_WORDS and probability >= self._surely
        self._verdict.in_a_row = self._verdict.in_a_row + 1 if strong else 0
        if self._verdict.in_a_row < PARTIAL_IN_A_ROW:
            return []
        out = self._attended(heard, probability, evidence, at_ms, opened=True)
        if self._config.mode == "shadow":
            return out
        out.append(Hearing(at_ms=at_ms, turn=heard.turn, text=clip(self._addressee.uncalled(heard.text), _HEARING)))
        return out

    def _final(
        self, heard: Heard, probability: float, evidence: tuple[Evidence, ...], at_ms: int, to_ms: ToMs
    ) -> list[AnyEvent]:
        opened = probability >= self._config.open_at
        out = self._attended(heard, probability, evidence, at_ms, opened=opened)
        parts = split(self._addressee.uncalled(heard.text), _SAID) if opened and self._config.mode != "shadow" else []
        for number, text in enumerate(parts, start=1):
            said = Said(
                at_ms=at_ms,
                turn=heard.turn,
                text=text,
                speaker="wearer" if self._likeness is not None and self._likeness > 0 else "unknown",
                addressee="device",
                confidence=round(100 * probability),
                started_ms=to_ms(heard.start),
                ended_ms=to_ms(heard.end),
                continues=heard.continues or number < len(parts),
                evidence=evidence,
            )
            out.append(said)
        return out

    def _attended(
        self, heard: Heard, probability: float, evidence: tuple[Evidence, ...], at_ms: int, *, opened: bool
    ) -> list[AnyEvent]:
        """A ledger line, where the verdict on this turn is new or another than before."""
        if self._verdict.opened == opened:
            return []
        self._verdict.opened = opened
        confidence = round(100 * probability)
        return [Attended(at_ms=at_ms, turn=heard.turn, opened=opened, confidence=confidence, evidence=evidence)]


def _share(seen: list[bool]) -> float | None:
    """How much of the time it was so; None: it was never seen."""
    return sum(seen) / len(seen) if seen else None
