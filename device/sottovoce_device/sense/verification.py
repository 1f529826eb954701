"""Whose voice a turn is, asked before its words are: a stranger's are never recognised."""

from typing import Final

from msgspec import Struct, field

from sottovoce_device.decide.ask import Ask
from sottovoce_device.decide.turn import PER_MS
from sottovoce_device.decide.wearer import Wearer
from sottovoce_device.observation import Voiceprint

FIRST: Final = 400 * PER_MS
"""Speech before a voice is asked for the first time: two syllables."""
LONGEST: Final = 1_600 * PER_MS
"""The newest so much is compared: what the model was trained on, and soon over when another voice falls in."""
AGAIN: Final = 2
"""It is asked again when the turn is this many times as long, every LONGEST later on, and soon while in doubt."""


GOES_ON: Final = 2_000 * PER_MS
"""So soon after a stranger, a voice in doubt is the stranger's still."""


class _Turn(Struct):
    number: int
    asked_to: int = 0
    likeness: float | None = None
    stranger: bool = False
    checking: bool = False
    held: dict[tuple[str, int], Ask] = field(default_factory=dict)


class Verification:
    """Holds back what is asked of a turn's words until its voice is known; asks for the voice by Asks of its own."""

    def __init__(self, wearer: Wearer) -> None:
        self._wearer = wearer
        self._turn = _Turn(-1)
        self._stranger_to = -GOES_ON

    def admit(self, ask: Ask, onset: int) -> list[Ask]:
        """What to submit now, where the rules ask this of the recogniser. onset: of the turn, a position."""
        if ask.turn != self._turn.number:
            self._turn = _Turn(ask.turn)
        turn = self._turn
        length = ask.end - onset
        due = length >= FIRST and length >= self._next(turn.asked_to - onset)
        if not due and (turn.likeness is not None or ask.kind == "words"):
            return self._let_through([ask])
        turn.held[ask.kind, ask.piece] = ask
        if turn.checking:
            return []
        turn.checking = True
        start = max(onset, ask.end - LONGEST)
        return [Ask("voice", ask.turn, ask.piece, ask.pause, start, ask.end, ask.at)]

    def learn(self, ask: Ask, found: Voiceprint | None) -> tuple[float | None, list[Ask]]:
        """Take a voice: the log odds that it is the wearer's (None: too little to tell), and what to submit now."""
        turn = self._turn
        if ask.turn != turn.number:
            return None, []
        turn.checking, turn.asked_to = False, ask.end
        stranger = False
        if found is not None:
            turn.likeness = self._wearer.likeness(found)
            stranger = self._wearer.is_stranger(turn.likeness, found.seconds)
        doubtful = turn.likeness is None or turn.likeness < 0
        if stranger or (doubtful and ask.start - self._stranger_to < GOES_ON):
            turn.stranger, self._stranger_to = True, ask.end
        held = list(turn.held.values())
        turn.held.clear()
        return turn.likeness, self._let_through(held)

    def forget(self) -> None:
        """Forget who was heard; the enrolled voice stays known."""
        self._turn = _Turn(-1)
        self._stranger_to = -GOES_ON

    @property
    def held_from(self) -> int | None:
        """The oldest sound of what waits for the voice to be known; None: nothing waits."""
        return min((ask.start for ask in self._turn.held.values()), default=None)

    @property
    def is_stranger(self) -> bool:
        """Whether the newest voice is surely somebody else's."""
        return self._turn.stranger

    def _next(self, known: int) -> int:
        """How long the turn has to be before it is asked again."""
        if self._turn.likeness is not None and self._turn.likeness < 0:
            return known + FIRST
        return min(AGAIN * known, known + LONGEST)

    def _let_through(self, asks: list[Ask]) -> list[Ask]:
        """Words that are still being said wait until the voice is more likely the wearer's; final ones do not."""
        likely = self._turn.likeness is not None and self._turn.likeness >= 0
        return [] if self._turn.stranger else [a for a in asks if likely or a.kind == "final"]
