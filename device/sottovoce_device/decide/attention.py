"""Which words may leave: turns come in, events go out, and every verdict has a line in the ledger."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from sottovoce_device.config import AttentionConfig
from sottovoce_device.decide.addressee import Circumstances, weigh
from sottovoce_device.decide.turn import Heard
from sottovoce_wire import AnyEvent, Attended, AwaitReply, Evidence, Hearing, Said, Speaking
from sottovoce_wire.commands import AnyCommand

PARTIAL_WORDS: Final = 3
"""Before three words the form of a sentence cannot be told."""
PARTIAL_MARGIN: Final = 0.15
"""Words that are still changing need this much more probability than the final ones."""
_SAID: Final = 480
_HEARING: Final = 240

ToMs = Callable[[int], int]


class _Verdict(Struct):
    turn: int = -1
    opened: bool | None = None
    around: Circumstances = Circumstances()


class Attention:
    """Decides turn by turn; partial words leave only when the evidence is strong, final ones when it is enough."""

    def __init__(self, config: AttentionConfig) -> None:
        self._config = config
        self._speaking_until_ms = -1.0
        self._awaiting_until_ms = -1.0
        self._verdict = _Verdict()

    def tell(self, command: AnyCommand, now_ms: float) -> None:
        """Take what the host says of the conversation."""
        if isinstance(command, Speaking):
            self._speaking_until_ms = now_ms + command.lasts_ms if command.speaking else now_ms
        elif isinstance(command, AwaitReply):
            self._awaiting_until_ms = now_ms + command.window_ms

    def step(self, heard: Heard, now_ms: float, to_ms: ToMs) -> list[AnyEvent]:
        """Judge what was heard. now_ms: when the deciding sample was heard; to_ms: a position's time."""
        if heard.turn != self._verdict.turn:
            started_ms = to_ms(heard.start)
            around = Circumstances(
                follow_up=started_ms <= self._awaiting_until_ms,
                own_reply=started_ms <= self._speaking_until_ms,
            )
            self._verdict = _Verdict(turn=heard.turn, around=around)
        probability, evidence = self._weigh(heard)
        if not heard.over:
            return self._partial(heard, probability, evidence, round(now_ms))
        return self._final(heard, probability, evidence, round(now_ms), to_ms)

    def _weigh(self, heard: Heard) -> tuple[float, tuple[Evidence, ...]]:
        if self._config.mode == "everything":
            return 1.0, (Evidence(name="policy", weight=1000),)
        return weigh(heard.text, self._verdict.around)

    def _partial(self, heard: Heard, probability: float, evidence: tuple[Evidence, ...], at_ms: int) -> list[AnyEvent]:
        enough = len(heard.text.split()) >= PARTIAL_WORDS and probability >= min(
            1.0, self._config.open_at + PARTIAL_MARGIN
        )
        if not enough:
            return []
        out = self._attended(heard, probability, evidence, at_ms, opened=True)
        out.append(Hearing(at_ms=at_ms, turn=heard.turn, text=clip(heard.text, _HEARING)))
        return out

    def _final(
        self, heard: Heard, probability: float, evidence: tuple[Evidence, ...], at_ms: int, to_ms: ToMs
    ) -> list[AnyEvent]:
        opened = probability >= self._config.open_at
        out = self._attended(heard, probability, evidence, at_ms, opened=opened)
        parts = split(heard.text, _SAID) if opened else []
        for number, text in enumerate(parts, start=1):
            said = Said(
                at_ms=at_ms,
                turn=heard.turn,
                text=text,
                speaker="unknown",
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


def split(text: str, length: int) -> list[str]:
    """The text in parts of at most this many characters, parted between words where there are any."""
    parts = []
    while len(text) > length:
        space = text.rfind(" ", 1, length + 1)
        cut = space if space > 0 else length
        parts.append(text[:cut].strip())
        text = text[cut:].strip()
    return [p for p in [*parts, text] if p]


def clip(text: str, length: int) -> str:
    """The end of a text that is too long: the newest words matter."""
    return text if len(text) <= length else split(text[-length:].partition(" ")[2] or text[-length:], length)[-1]
