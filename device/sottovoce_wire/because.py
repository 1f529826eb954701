"""A line of the attention ledger as a sentence that a person can argue with."""

from typing import Final

from sottovoce_wire.events import Attended
from sottovoce_wire.evidence import Evidence, EvidenceName

SPEAKS_FOR: Final[dict[EvidenceName, str]] = {
    "prior": "nothing speaks against it",
    "request": "it is a request",
    "question": "it is a question",
    "second_person": "it says you as one does to a device",
    "name": "it calls the glasses by name",
    "narrative": "it is put as one speaks to a device",
    "subject": "it is about something they can do",
    "length": "it is as long as most requests",
    "follow_up": "the glasses had just answered or asked",
    "answer": "it answers what they asked",
    "wearer_voice": "it is the wearer's voice",
    "near_field": "the voice is near",
    "not_taken_up": "nobody else took it up",
    "two_microphones": "two microphones hear it come from the mouth",
    "interrupts": "it interrupts the reply",
    "held": "the button was held",
    "tapped": "the button was tapped",
    "never_mind": "it dismisses the reply",
    "policy": "they take all speech as meant for them",
}
SPEAKS_AGAINST: Final[dict[EvidenceName, str]] = {
    "prior": "people speak to people, mostly",
    "request": "it is no request",
    "question": "it is a question as one asks people",
    "second_person": "it speaks to a person",
    "narrative": "it tells something",
    "subject": "it is about nothing they can do",
    "length": "it is not as long as a request",
    "last_sentence": "what precedes it was not for them",
    "own_reply": "the reply was sounding",
    "wearer_voice": "it is not the wearer's voice",
    "near_field": "the voice is not near",
    "two_microphones": "two microphones hear it come from elsewhere",
    "other_voice": "somebody else had just spoken",
    "talking_on": "the wearer has been talking, and not to the glasses",
    "taken_up": "somebody else took it up",
    "looks_at_person": "the wearer looks at somebody",
    "faced_by_person": "somebody faces the wearer",
}


def because(line: Attended) -> str:
    """What was decided and why: the strongest reason first, then what spoke the other way."""
    verdict = "opened" if line.opened else "stayed shut"
    sides = [_reasons(line.evidence, opened=True), _reasons(line.evidence, opened=False)]
    why, although = sides if line.opened else sides[::-1]
    text = f"{verdict} ({line.confidence} %): {'; '.join(why) or 'it is taken as it comes'}"
    return f"{text}, although {' and '.join(although)}" if although else text


def _reasons(evidence: tuple[Evidence, ...], *, opened: bool) -> list[str]:
    words = SPEAKS_FOR if opened else SPEAKS_AGAINST
    found = sorted((e for e in evidence if e.weight and (e.weight > 0) == opened), key=lambda e: -abs(e.weight))
    return [f"{words.get(e.name, e.name.replace('_', ' '))} ({e.weight / 100:+.1f})" for e in found]
