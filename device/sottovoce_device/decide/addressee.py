"""To whom was that said, going by the form of the words and the state of the conversation.

A logistic model over named evidence, small enough to be argued with. The weights are set by reasoning, not learnt:
a request or a question speaks for the glasses, telling a story speaks against, an open exchange outweighs most.
Everything is about form, nothing about topic: what can be asked of the glasses grows with every skill.
"""

import math
import re
from typing import Final

from msgspec import Struct

from sottovoce_wire.evidence import Evidence, EvidenceName

WEIGHTS: Final[dict[EvidenceName, float]] = {
    "prior": -1.2,
    "request": 3.2,
    "question": 1.9,
    "second_person": -1.6,
    "narrative": -1.2,
    "length": -0.08,
    "follow_up": 1.7,
    "answer": 2.0,
    "own_reply": -8.0,
    "never_mind": 4.0,
}
"""Logits: what each piece of evidence adds. `narrative` counts up to four times, `length` a word from the 16th on."""

_LENGTH_FREE: Final = 15
_LENGTH_MOST: Final = 25
_NARRATIVE_MOST: Final = 4

_WORD: Final = re.compile(r"[a-z0-9']+")
_LEAD_IN: Final = frozenset(
    "ok okay so um uh er hey hi hello well and oh now then please just right alright also".split()
)
_IMPERATIVES: Final = frozenset(
    """
    add alert answer ask begin book bring brew buy calculate call cancel change check clear close convert
    count create decrease define delete describe dial dim direct disable drop email enable end erase
    explain fetch find finish fix forward get give go guide heat help hold increase keep launch let list
    locate look lower make mark measure memorise message minimise move mute name navigate note notify open
    order pause pick play post prepare print put quit raise read recite recommend record reduce remember
    remind remove rename reorder repeat reply report reserve reset restart resume say save schedule search
    send serve set shop show shuffle shut silence skip snooze solve speak spell start stop subtract suggest
    switch take tell text throw time transfer translate try turn tweet unmute update wake warm warn write
    divide multiply volume
    """.split()
)  # fmt: skip
_FRAMES: Final = re.compile(
    r"(?:(?:can|could|would|will) you|(?:can|could|may) (?:i|we) (?:please )?(?:get|have|order|see|hear)"
    r"|i(?: would|'d) (?:like|love)|i(?:'ll| will) (?:have|take|get)|i (?:want|need)|let me (?:have|get|hear|see|know)"
    r"|do me a|i have to have|make sure|next|how about (?:a|an|some))\b"
)
_QUESTION: Final = frozenset(
    """what what's whats who who's whose whom where where's when when's why how how's which is are am was were do does
    did will would can could should shall has have had isn't aren't any""".split()
)
_CHAT: Final = re.compile(
    r"\b(?:you (?:know|think|like|see|hear|feel|mean|remember|said|guys|ever|want|get|were|are|were|going|love|prefer)"
    r"|(?:are|were|did|have|don't|aren't|haven't|didn't|do|how about|what about|about|with|thank|for|love|told|tell)"
    r" you"
    r"|you(?:'re|'ve|'d)|your (?:favorite|favourite|mum|mom|dad|wife|husband|brother|sister|friend))\b"
)
_POLITE: Final = re.compile(
    r"^(?:(?:can|could|would|will) you|do you (?:know (?:what|who|where|when|how|the|if)|have))"
)
_NARRATIVE: Final = re.compile(
    r"\b(?:i think|i mean|i guess|i was|i had|i just|i've|i saw|i liked?|i love|i really|i don't|i know|i agree|me too"
    r"|he|she|they|we|we're|they're|he's|she's|him|her|his|their|was|were|said|had|been|yeah|yes"
    r"|haha|lol|wow|actually|because)\b"
)
_DISMISSAL: Final = re.compile(
    r"(?:never mind|nevermind|cancel(?: that)?|stop(?: it| that)?|forget (?:it|that)|be quiet|thank you|thanks)"
)


_ANSWER: Final = re.compile(
    r"(?:yes|yeah|yep|no|nope|sure|both|all|none|neither)(?: (?:please|thanks|thank you|of them))?"
)


class Circumstances(Struct, frozen=True):
    """What is known besides the words.

    follow_up: the glasses have just answered or asked. own_reply: the reply was sounding when the turn began.
    """

    follow_up: bool = False
    own_reply: bool = False


def weigh(text: str, around: Circumstances) -> tuple[float, tuple[Evidence, ...]]:
    """Probability that these words were said to the glasses, and the evidence that says so."""
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    start = next((i for i, w in enumerate(words) if w not in _LEAD_IN), len(words))
    body = words[start:] or words
    plain = " ".join(body)
    counts: dict[EvidenceName, float] = {"prior": 1}
    counts["request"] = float(bool(body) and (body[0] in _IMPERATIVES or bool(_FRAMES.match(plain))))
    asks = bool(body) and (body[0] in _QUESTION or text.rstrip().endswith("?"))
    counts["question"] = float(asks and not counts["request"])
    counts["second_person"] = float(bool(_CHAT.search(_POLITE.sub("", plain))))
    counts["narrative"] = min(_NARRATIVE_MOST, len(_NARRATIVE.findall(plain)))
    counts["length"] = min(_LENGTH_MOST, max(0, len(words) - _LENGTH_FREE))
    counts["follow_up"] = float(around.follow_up)
    counts["own_reply"] = float(around.own_reply)
    counts["never_mind"] = float(bool(_DISMISSAL.fullmatch(plain)) and around.follow_up)
    counts["answer"] = float(bool(_ANSWER.fullmatch(plain)) and around.follow_up)
    evidence = tuple(
        Evidence(name=name, weight=round(100 * WEIGHTS[name] * count)) for name, count in counts.items() if count
    )
    logit = sum(e.weight for e in evidence) / 100
    return 1 / (1 + math.exp(-logit)), evidence[:8]
