"""Why the glasses took something as said to them, or not: named, weighted, without content."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from sottovoce_wire.bounds import Centilogit

EvidenceName = Literal[
    "prior",
    "request",
    "question",
    "second_person",
    "name",
    "narrative",
    "subject",
    "length",
    "last_sentence",
    "follow_up",
    "answer",
    "own_reply",
    "wearer_voice",
    "near_field",
    "two_microphones",
    "other_voice",
    "talking_on",
    "taken_up",
    "not_taken_up",
    "interrupts",
    "looks_at_person",
    "faced_by_person",
    "held",
    "tapped",
    "never_mind",
    "policy",
]


class Evidence(Struct, frozen=True, forbid_unknown_fields=True):
    """One named reason of a decision about attention.

    name: what was noticed.
    weight: what it added, in hundredths of a logit; positive speaks for "said to the glasses".
    """

    name: EvidenceName
    weight: Centilogit


MOST_REASONS: Final = 16
Reasons = Annotated[tuple[Evidence, ...], Meta(max_length=MOST_REASONS)]
