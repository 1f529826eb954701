"""Who else talks: a part of the history that words alone do not have.

Nothing of others is ever recognised; when they speak is all that is known of them. That turns which meet tell of an
exchange was tried (its log odds by timing, against chance) and taken out: what the wearer's last turns were tells as
much, and a fit on side train gave the timing no weight beside it (docs/attention-trials.md).
"""

from typing import Final

from msgspec import Struct

from sottovoce_device.decide.chance import Chance

JUST_NOW_MS: Final = 2_000
"""Within this people answer each other (Stivers et al. 2009, PNAS 106(26)): the pause between two turns of others."""
TAKES_UP_MS: Final = 160
"""So much speech of somebody else's after the wearer's has taken it up: a word, no cough."""
SURELY_FAR: Final = -2.0
"""Mean log odds of a stretch that is taken for somebody else's: what the wearer says softly seems far, too, but hardly
so far (on sides train and dev nine of ten such stretches are above, nine of ten of others' below)."""
EXCHANGE_MS: Final = 10_000
"""For so long after the wearer's voice what others say may be an answer."""
ECHO_MS: Final = 250
"""After the wearer's voice its own reverberation may sound far."""
STRETCH_MS: Final = 250
"""Far speech shorter than this is a noise taken for one."""
OVER_MS: Final = 800
"""Far speech is over after this much silence."""


class Around(Struct, frozen=True):
    """What a turn of the wearer's meets.

    other_ms: since somebody else was heard, None when nobody was.
    by_chance: the probability that somebody else would have spoken just now whatever the wearer does.
    """

    other_ms: float | None = None
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
        self._near_ms: float | None = None
        self._start_ms: float | None = None
        self._end_ms: float | None = None
        self._heard: list[tuple[float, float]] = []
        self._by_voice = False
        self._last: Stretch | None = None
        self._other_ms: float | None = None
        self._since_near_ms = 0.0
        self._others_ms = 0.0

    def step(
        self,
        at_ms: float,
        block_ms: float,
        *,
        speech: bool,
        near: bool,
        logit: float,
        parallax: float = 0.0,
        replying: bool = False,
    ) -> Stretch | None:
        """Take a block; a stretch of far speech that is over, if one is. logit, parallax: as Nearness has them.

        replying: the glasses' own reply is heard, or may be. It is far speech, but nobody's, and tells nothing of how
        often others speak.
        """
        if not replying:
            self._pass_time(at_ms, block_ms)
        if speech and near:
            self._near_ms, self._since_near_ms = at_ms, 0.0
        elif speech and (self._near_ms is None or at_ms - self._near_ms > ECHO_MS):
            if self._start_ms is None:
                self._start_ms = at_ms - block_ms
            self._end_ms = at_ms
            if not replying:
                self._since_near_ms += block_ms
                self._others_ms += block_ms
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
        self._others_ms += end_ms - start_ms
        self._end_ms, self._near_ms, self._by_voice = end_ms, None, True
        self._heard.append((likeness, 0.0))

    def was_far(self, start_ms: float, end_ms: float, logit: float, parallax: float) -> None:
        """What seemed near for a moment was somebody else's after all; logit, parallax: as TurnVoice has them."""
        self._start_ms = start_ms if self._start_ms is None else min(self._start_ms, start_ms)
        self._end_ms = end_ms if self._end_ms is None else max(self._end_ms, end_ms)
        self._others_ms += end_ms - start_ms
        self._near_ms = None
        if not self._by_voice:
            self._heard.append((logit, parallax))

    def around(self, start_ms: float) -> Around:
        """What a turn that begins now meets."""
        other_ms = self._other_end_ms(start_ms)
        return Around(
            other_ms=None if other_ms is None else max(0.0, start_ms - other_ms),
            by_chance=self._chance.occupancy,
        )

    @property
    def taken_up(self) -> bool:
        """Whether somebody else has begun to speak since the wearer stopped."""
        return self._since_near_ms >= TAKES_UP_MS

    def _pass_time(self, at_ms: float, block_ms: float) -> None:
        """What is said around the wearer's turns may belong to them, and tells nothing of how often others speak."""
        if self._near_ms is not None and at_ms - self._near_ms <= EXCHANGE_MS:
            return
        just_now = self._last is not None and at_ms - self._last.end_ms <= JUST_NOW_MS
        self._chance.pass_time(block_ms, busy=self._start_ms is not None or just_now)

    def _other_end_ms(self, start_ms: float) -> float | None:
        if self._end_ms is not None and self._is_somebody:
            return min(self._end_ms, start_ms)
        return self._other_ms

    @property
    def _is_somebody(self) -> bool:
        """Whether the stretch that goes on is surely somebody else's: long enough, far enough, and not the reply."""
        seems = sum(logit for logit, _ in self._heard) / max(1, len(self._heard))
        return self._others_ms >= STRETCH_MS and seems <= SURELY_FAR

    def _close(self) -> Stretch | None:
        start, end = self._start_ms, self._end_ms
        if self._is_somebody:
            self._other_ms = end
        others_ms, self._others_ms = self._others_ms, 0.0
        heard, self._heard = self._heard, []
        by_voice, self._by_voice = self._by_voice, False
        self._start_ms = self._end_ms = None
        if start is None or end is None or others_ms < STRETCH_MS:
            return None
        logit, parallax = (sum(of) / len(heard) for of in zip(*heard, strict=True))
        self._last = Stretch(start, end, logit, by_voice, parallax)
        return self._last
