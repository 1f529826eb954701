"""Where a turn begins, where it ends, and which stretches of it the models are asked to hear."""

from collections.abc import Callable
from typing import Final, Literal

from msgspec import Struct, field

from sottovoce_device.config import HearingConfig
from sottovoce_device.decide.ask import Ask, Heard
from sottovoce_device.decide.erasure import BLOCK
from sottovoce_device.decide.stretch import SpeechStretch
from sottovoce_device.decide.unfinished import ends_open, is_unfinished
from sottovoce_device.observation import Transcript, TurnEnd, Voice

PER_MS: Final = 16
"""Samples in a millisecond at 16 kHz."""
LEAD: Final = 600 * PER_MS
"""How far before the first block of the wearer's speech a turn may begin: first words must be whole."""
MARGIN: Final = 200 * PER_MS
"""How far it begins before the stretch of what may be speech: soft onsets precede it. More is noise, and the recogniser
makes words of noise."""
TAIL: Final = 100 * PER_MS
"""How much of the silence after the last sound the recogniser hears: a last consonant fades within this."""
ONSET_BLOCKS: Final = 2
"""Blocks of speech in a row that begin a turn, or resume one: a click is shorter than 64 ms, a syllable is not."""
SHORTEST_BLOCKS: Final = 4
"""A turn with fewer blocks of speech is a cough: "no" takes at least 130 ms."""
PIECE_AT_PAUSE: Final = 6_000 * PER_MS
"""A turn longer than this is recognised in pieces, parted at its pauses: the last pass stays short."""
PIECE_LONGEST: Final = 16_000 * PER_MS
"""Where there is no pause a piece is parted here, at the least voiced moment of the last 1.5 s."""
_CUT_BLOCKS: Final = 47
_FLUSH_CHARACTERS: Final = 240
_SMART_TURN: Final = 8_000 * PER_MS
LONGEST_KEPT: Final = PIECE_LONGEST + 4_000 * PER_MS
"""The longest piece, its lead-in, and some room; of a turn whose words nobody answers for no more is kept, either."""


class _Piece(Struct):
    start: int
    text: str = ""
    heard_to: int = 0
    settled_to: int = 0
    closed_at: int | None = None

    @property
    def settled(self) -> bool:
        return self.closed_at is not None and self.settled_to >= self.closed_at


class _Turn(Struct):
    number: int
    onset: int
    voice_end: int
    begin: int
    pieces: dict[int, _Piece] = field(default_factory=dict)
    last_piece: int = 0
    speech_blocks: int = ONSET_BLOCKS
    resuming: int = 0
    asked_to: int = 0
    worded_to: int = 0
    pause: int = 0
    paused: bool = False
    checked_at: int = 0
    finished: bool = False

    @property
    def piece(self) -> _Piece:
        return self.pieces[self.last_piece]

    @property
    def text(self) -> str:
        return " ".join(p.text for p in self.pieces.values() if p.text)


Unsettled = Callable[[Heard], bool]
"""Whether it is too early for a verdict on a turn that sounds over."""


class TurnTaking:
    """Follows the probability of speech; says what the models shall hear, and what has been heard.

    It never reads a clock: time is the position of the newest sample.
    """

    def __init__(self, config: HearingConfig, unsettled: Unsettled = lambda _heard: False) -> None:
        self._config = config
        self._unsettled = unsettled
        self._turn: _Turn | None = None
        self._number = 0
        self._onset = 0
        self._position = 0
        self._free_from = 0
        self._recent: list[tuple[float, int]] = []
        self._stretch = SpeechStretch()

    @property
    def turn(self) -> int | None:
        """The number of the turn that is going on, if one is."""
        return None if self._turn is None else self._turn.number

    @property
    def onset(self) -> int:
        """Where its first sound of speech is."""
        return self._position if self._turn is None else self._turn.onset

    def number(self) -> int:
        """A number for a stretch of speech that is no turn of the wearer's."""
        self._number += 1
        return self._number

    @property
    def keep_from(self) -> int:
        """The oldest sound that may still be asked for."""
        if self._turn is None:
            return self._position - LEAD - (ONSET_BLOCKS + 1) * BLOCK
        asked = min(self._turn.piece.start, max(self._turn.begin, self._position - _SMART_TURN))
        return max(asked, self._position - LONGEST_KEPT)

    def step(self, voice: Voice) -> list[Ask | Heard]:
        """Take the next block."""
        self._position = voice.position
        self._stretch.step(voice)
        self._recent = [*self._recent[-_CUT_BLOCKS:], (voice.probability, voice.position)]
        turn = self._turn
        if turn is None:
            self._begin(voice)
            return []
        spoken = voice.probability >= (self._config.voice_off if not turn.paused else self._config.voice_on)
        if not spoken:
            turn.resuming = 0
            return self._quiet(turn)
        turn.speech_blocks += 1
        if turn.paused:
            turn.resuming += 1
            if turn.resuming < ONSET_BLOCKS:
                return []
            self._resume(turn)
        turn.voice_end = self._position
        return self._speech(turn)

    def learn(self, ask: Ask, found: Transcript | TurnEnd | None) -> list[Ask | Heard]:
        """Take a model's answer to an Ask; None: it was late, and there will be none."""
        turn = self._turn
        if turn is None or ask.turn != turn.number:
            return []
        if found is None:
            return self._do_without(turn, ask)
        if isinstance(found, TurnEnd):
            if turn.paused and ask.pause == turn.pause and found.probability >= self._config.turn_over:
                turn.finished = True
            return self._close_if_over(turn)
        piece = turn.pieces.get(ask.piece)
        if piece is None or (ask.kind == "words" and (ask.end < piece.heard_to or piece.closed_at is not None)):
            return []
        changed = found.text != piece.text
        piece.text, piece.heard_to = found.text, ask.end
        if ask.kind == "final":
            piece.settled_to = max(ask.end, piece.settled_to)
        out = self._close_if_over(turn)
        if not out and changed and ask.kind == "words" and turn.text:
            out.append(self._heard(turn, turn.text, over=False, continues=False))
        return out or self._flush(turn)

    def _do_without(self, turn: _Turn, ask: Ask) -> list[Ask | Heard]:
        """What was known of a piece before is all that will be; whether the turn is over will be asked again."""
        piece = turn.pieces.get(ask.piece)
        if piece is None or ask.kind != "final":
            return []
        piece.settled_to = max(ask.end, piece.settled_to)
        return self._close_if_over(turn) or self._flush(turn)

    def expect(self) -> None:
        """It is known otherwise that somebody speaks: the next block of speech begins the turn."""
        if self._turn is None:
            self._onset = max(self._onset, ONSET_BLOCKS - 1)

    def cancel(self) -> None:
        """Forget the turn that is going on, if any."""
        self._turn = None
        self._onset = 0
        self._free_from = self._position

    def _begin(self, voice: Voice) -> None:
        self._onset = self._onset + 1 if voice.probability >= self._config.voice_on else 0
        if self._onset < ONSET_BLOCKS:
            return
        self._number += 1
        onset = self._position - ONSET_BLOCKS * BLOCK
        begin = max(self._free_from, onset - LEAD, min(onset, self._stretch.began) - MARGIN, 0)
        self._turn = _Turn(self._number, onset, self._position, begin, {0: _Piece(begin)}, asked_to=onset)
        self._onset = 0

    def _speech(self, turn: _Turn) -> list[Ask | Heard]:
        piece = turn.piece
        length = self._position - piece.start
        if length >= PIECE_LONGEST:
            return [self._part(turn, min(self._recent)[1])]
        apart = max(self._config.partial_ms * PER_MS, length // 10)
        if self._position - turn.asked_to < apart or length < MARGIN + self._config.partial_ms * PER_MS:
            return []
        turn.asked_to = self._position
        return [self._ask(turn, "words", piece.start)]

    def _quiet(self, turn: _Turn) -> list[Ask | Heard]:
        quiet_ms = (self._position - turn.voice_end) // PER_MS
        if quiet_ms < self._config.pause_ms:
            return self._words_so_far(turn) if quiet_ms * PER_MS >= TAIL else []
        if not turn.paused:
            if turn.speech_blocks < SHORTEST_BLOCKS:
                self.cancel()
                return []
            turn.paused, turn.finished = True, False
            turn.pause += 1
            turn.checked_at = self._position
            return [*self._words_so_far(turn), self._ask(turn, "end", turn.begin)]
        if quiet_ms >= self._config.silence_limit_ms:
            turn.finished = True
        if turn.finished:
            return self._close_if_over(turn)
        if self._position - turn.checked_at >= self._config.recheck_ms * PER_MS:
            turn.checked_at = self._position
            return [self._ask(turn, "end", turn.begin)]
        return []

    def _words_so_far(self, turn: _Turn) -> list[Ask | Heard]:
        """Ask for what was said, once a silence, as soon as all is there that the recogniser hears of the silence."""
        before, turn.worded_to = turn.worded_to, turn.voice_end
        wanted = before < turn.voice_end and turn.speech_blocks >= SHORTEST_BLOCKS
        return [self._ask(turn, "final", turn.piece.start)] if wanted else []

    def _resume(self, turn: _Turn) -> None:
        """Speech goes on after a pause; a long piece is parted in the middle of the pause, where it was recognised."""
        turn.paused, turn.finished, turn.resuming = False, False, 0
        if self._position - turn.piece.start >= PIECE_AT_PAUSE:
            middle = (turn.voice_end + self._position - ONSET_BLOCKS * BLOCK) // 2
            turn.piece.closed_at = min(turn.voice_end, middle)
            start = min(middle, turn.voice_end + TAIL)
            # Where models are late a silence may last: no more of it is kept than a piece has before it is parted.
            self._open_piece(turn, max(start, self._position - PIECE_AT_PAUSE))

    def _part(self, turn: _Turn, cut: int) -> Ask:
        turn.piece.closed_at = cut
        ask = Ask("final", turn.number, turn.last_piece, turn.pause, turn.piece.start, cut, self._position)
        self._open_piece(turn, cut)
        return ask

    def _open_piece(self, turn: _Turn, start: int) -> None:
        turn.last_piece += 1
        turn.pieces[turn.last_piece] = _Piece(start)
        turn.asked_to = self._position

    def _ask(self, turn: _Turn, kind: Literal["words", "final", "end"], start: int) -> Ask:
        end = self._position
        if kind == "end":
            start = max(start, end - _SMART_TURN)
        elif kind == "final":
            end = min(end, turn.voice_end + TAIL)
        return Ask(kind, turn.number, turn.last_piece, turn.pause, start, end, self._position)

    def _close_if_over(self, turn: _Turn) -> list[Ask | Heard]:
        """The turn is over when it sounds so, or the silence was long, and all of its words are known."""
        known = turn.piece.settled_to >= turn.voice_end and all(p.settled for p in list(turn.pieces.values())[:-1])
        if not (turn.paused and turn.finished and known) or turn.resuming:
            return []
        text = turn.text
        if self._position - turn.voice_end < self._patience_ms(text) * PER_MS:
            return []
        heard = self._heard(turn, text, over=True, continues=False)
        if text and self._unsettled(heard):
            return []
        self.cancel()
        return [heard] if text else []

    def _patience_ms(self, text: str) -> int:
        """For how much silence these words are waited after, however finished they sound."""
        if is_unfinished(text):
            return self._config.silence_limit_ms
        return self._config.pause_ms + 2 * self._config.recheck_ms if ends_open(text) else 0

    def _flush(self, turn: _Turn) -> list[Ask | Heard]:
        """Say what is settled of a long turn, so that neither words nor memory pile up."""
        closed = [p for key, p in turn.pieces.items() if key != turn.last_piece]
        text = " ".join(p.text for p in closed if p.text)
        if len(text) < _FLUSH_CHARACTERS or not all(p.settled for p in closed):
            return []
        turn.pieces = {turn.last_piece: turn.piece}
        out: list[Ask | Heard] = [self._heard(turn, text, over=True, continues=True)]
        turn.onset = turn.piece.start
        return out

    def _heard(self, turn: _Turn, text: str, *, over: bool, continues: bool) -> Heard:
        end = turn.piece.start if continues else turn.voice_end
        return Heard(turn.number, text, over, continues, turn.onset, end)
