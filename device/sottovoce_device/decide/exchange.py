"""Who else talks, and whether with the wearer: the history that words alone do not have.

Nothing of others is ever recognised; when they speak is all that is known of them, and enough. People who talk with
each other answer within two seconds, mostly within a fifth of one (Stivers et al. 2009, PNAS 106(26); Heldner &
Edlund 2010, J. Phonetics 38(4)). So an exchange with somebody shows in its timing: in how much more often turns meet
than they would by chance.
"""

import math
from typing import Final

from msgspec import Struct

from sottovoce_device.decide.chance import Chance

ANSWER_MS: Final = 2_000
"""Within this people answer each other."""
OVERLAP_MS: Final = 400
"""People begin before the other has ended by up to this much."""
ECHO_MS: Final = 250
"""After the wearer's voice its own reverberation may sound far."""
STRETCH_MS: Final = 250
"""Far speech shorter than this is a noise taken for one."""
OVER_MS: Final = 800
"""Far speech is over after this much silence."""
FADES_MS: Final = 30_000
"""An exchange is half forgotten after two thirds of this (time constant)."""
ANSWERS: Final = 0.85
"""So many turns that are said to somebody are answered within ANSWER_MS."""
MOST: Final = 3.0
"""Log odds of an exchange: more is never believed, of timing alone."""
AMONG_THEMSELVES: Final = 0.4
"""What it loses when others begin to speak and the wearer has not spoken: they mostly answer one another."""
UNDER_WAY: Final = 0.4
"""An exchange that has not faded below this is still going on."""


class Around(Struct, frozen=True):
    """What a turn of the wearer's meets.

    pause_ms: since anybody was heard. other_ms: since somebody else was heard. Both None when nobody was.
    exchange: log odds, by timing, that the wearer is in an exchange with somebody else; 0 to 3.
    talking_on: the wearer's turns of the last half minute that were for others or nobody; 0 to 3, fading.
    by_chance: the probability that somebody else would have spoken just now whatever the wearer does.
    """

    pause_ms: float | None = None
    other_ms: float | None = None
    exchange: float = 0.0
    talking_on: float = 0.0
    by_chance: float = 0.0


class Stretch(Struct, frozen=True):
    """Somebody else spoke: when, in ms, and the log odds of it having been the wearer after all.

    parallax: what of it two microphones told. by_voice: told by how the voice sounds, not by its being far.
    """

    start_ms: float
    end_ms: float
    logit: float
    by_voice: bool = False
    parallax: float = 0.0


class Exchange:
    """Follows who speaks when. Time comes in; nothing else is known of anybody."""

    def __init__(self) -> None:
        self._chance = Chance()
        self._unasked = False
        self._near_ms: float | None = None
        self._start_ms: float | None = None
        self._end_ms: float | None = None
        self._heard: list[tuple[float, float]] = []
        self._by_voice = False
        self._last: Stretch | None = None
        self._wearer_end_ms: float | None = None
        self._refused = False
        self._talking_on = 0.0
        self._exchange = 0.0
        self._exchange_ms = 0.0

    def step(
        self, at_ms: float, block_ms: float, *, speech: bool, near: bool, logit: float, parallax: float = 0.0
    ) -> Stretch | None:
        """Take a block; a stretch of far speech that is over, if one is. logit, parallax: as Nearness has them."""
        self._pass_time(at_ms, block_ms)
        if speech and near:
            self._near_ms = at_ms
        elif speech and (self._near_ms is None or at_ms - self._near_ms > ECHO_MS):
            if self._start_ms is None:
                self._start_ms = at_ms - block_ms
                self._unasked = self._since(self._near_ms, at_ms) > ANSWER_MS
            self._end_ms = at_ms
            if not self._by_voice:
                self._heard.append((logit, parallax))
            del self._heard[:-500]
        elif self._start_ms is not None and self._end_ms is not None and at_ms - self._end_ms > OVER_MS:
            return self._close()
        return None

    def was_other(self, start_ms: float, end_ms: float, likeness: float) -> None:
        """What was near turns out to be somebody else's voice. likeness: log odds that it is the wearer's."""
        if not self._by_voice:
            self._start_ms = start_ms if self._start_ms is None else min(self._start_ms, start_ms)
            self._heard.clear()
        self._end_ms, self._near_ms, self._by_voice = end_ms, None, True
        self._heard.append((likeness, 0.0))

    def around(self, start_ms: float) -> Around:
        """What a turn that begins now meets; call it once a turn."""
        other_ms = self._other_end_ms(start_ms)
        exchange = self._faded(start_ms)
        if self._refused and self._answered():  # after a turn for the glasses, the voice that follows is theirs
            exchange += self._unlikely(self._chance.onset_within(OVERLAP_MS + ANSWER_MS))
        if exchange > UNDER_WAY and other_ms is not None and start_ms - other_ms <= ANSWER_MS:
            exchange += self._unlikely(self._chance.occupancy)
        self._exchange, self._exchange_ms = min(MOST, exchange), start_ms
        last = max((m for m in (other_ms, self._wearer_end_ms) if m is not None), default=None)
        return Around(
            pause_ms=None if last is None else max(0.0, start_ms - last),
            other_ms=None if other_ms is None else max(0.0, start_ms - other_ms),
            exchange=self._exchange,
            talking_on=self._talking_on * self._left_after(self._since(self._wearer_end_ms, start_ms)),
            by_chance=self._chance.occupancy,
        )

    def judged(self, end_ms: float, *, opened: bool, for_others: float) -> None:
        """A turn is over. for_others: the probability that it was the wearer's, and not for the glasses."""
        faded = self._talking_on * self._left_after(self._since(self._wearer_end_ms, end_ms))
        self._talking_on = faded / 2 if opened else min(MOST, faded + for_others)
        self._wearer_end_ms = end_ms
        self._refused = not opened
        if opened:
            self._exchange /= 2

    def _pass_time(self, at_ms: float, block_ms: float) -> None:
        others = self._start_ms is not None
        alone = not others and self._since(self._near_ms, at_ms) > ANSWER_MS
        just_now = self._last is not None and at_ms - self._last.end_ms <= ANSWER_MS
        self._chance.pass_time(block_ms, free=alone, busy=others or just_now)

    @staticmethod
    def _unlikely(by_chance: float) -> float:
        """What it adds to the log odds that two turns met: as they do in an exchange, and as they would by chance."""
        return max(0.0, math.log(ANSWERS / by_chance))

    def _answered(self) -> bool:
        """Whether somebody else began to speak when the wearer's last turn had ended."""
        begun = self._start_ms if self._start_ms is not None else (self._last.start_ms if self._last else None)
        return (
            begun is not None
            and self._wearer_end_ms is not None
            and -OVERLAP_MS <= begun - self._wearer_end_ms <= ANSWER_MS
        )

    def _other_end_ms(self, start_ms: float) -> float | None:
        long_enough = (
            self._start_ms is not None and self._end_ms is not None and self._end_ms - self._start_ms >= STRETCH_MS
        )
        if long_enough and self._end_ms is not None:
            return min(self._end_ms, start_ms)
        return self._last.end_ms if self._last is not None else None

    def _faded(self, now_ms: float) -> float:
        return self._exchange * self._left_after(now_ms - self._exchange_ms)

    @staticmethod
    def _left_after(passed_ms: float) -> float:
        return math.exp(-max(0.0, passed_ms) / FADES_MS)

    def _close(self) -> Stretch | None:
        start, end = self._start_ms, self._end_ms
        heard, self._heard = self._heard, []
        by_voice, self._by_voice = self._by_voice, False
        self._start_ms = self._end_ms = None
        if start is None or end is None or end - start < STRETCH_MS:
            return None
        if self._unasked:
            self._chance.count()
            self._exchange = max(0.0, self._exchange - AMONG_THEMSELVES)
        logit, parallax = (sum(of) / len(heard) for of in zip(*heard, strict=True))
        self._last = Stretch(start, end, logit, by_voice, parallax)
        return self._last

    @staticmethod
    def _since(then_ms: float | None, now_ms: float) -> float:
        return math.inf if then_ms is None else now_ms - then_ms
