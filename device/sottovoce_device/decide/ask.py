"""What turn taking has the models hear, and what has been heard by then."""

from typing import Literal

from msgspec import Struct


class Ask(Struct, frozen=True):
    """A stretch of sound that a model shall hear.

    kind: "words" for what is being said, droppable; "final" for what was said; "end" for whether the turn is over;
    "voice" for who speaks.
    turn, piece, pause: what the answer belongs to. start, end: positions. at: the position when it was asked; what
    the answer decides was decided by this sample.
    """

    kind: Literal["words", "final", "end", "voice"]
    turn: int
    piece: int
    pause: int
    start: int
    end: int
    at: int


class Heard(Struct, frozen=True):
    """What has been heard of a turn.

    text: its words so far, or all of them when it is over. continues: over, but only because it is long.
    start, end: positions of the first and last sound of speech.
    """

    turn: int
    text: str
    over: bool
    continues: bool
    start: int
    end: int
