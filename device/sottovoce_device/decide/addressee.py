"""To whom was that said: a logistic model over named evidence, small enough to be argued with.

The weights of the words' form are learnt (words.toml says from what); those of the circumstances are fitted or
reasoned, as it says beside each. It is about form, and about words that people say to devices or to each other.
"""

import math
import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from sottovoce_device.decide.exchange import Around
from sottovoce_device.decide.form import evidence_of, features, last_sentence, plain_words
from sottovoce_wire.evidence import MOST_REASONS, Evidence, EvidenceName

WEIGHTS: Final[dict[EvidenceName, float]] = {
    "prior": 0.4,  # fitted, beside what the words' own bias says
    "follow_up": 0.5,  # 0 fitted, where nobody was brief: the glasses have just answered or asked
    "interrupts": 0.2,  # 0 fitted: the wearer speaks into the reply, be it to go on with what was no request
    "other_voice": -1.6,  # fitted: somebody else has just spoken, and not by chance
    "talking_on": -1.5,  # fitted: each turn of the last half minute that was for others or nobody, up to three
    "taken_up": -2.0,  # fitted: somebody else has spoken since the wearer stopped, and not by chance
    "not_taken_up": 2.2,  # fitted: somebody is there, and has left the silence to the glasses
    "last_sentence": -0.8,  # reasoned: the rest of the turn was for somebody else; -0.4 to -1.4 decide alike
    "near_field": 1.0,  # fitted: factor on how far the log odds of a near voice fall short of the usual
    "two_microphones": 1.0,  # the same factor: what of a near voice's log odds is told by the two
    "wearer_voice": 1.0,  # it is in log odds already, so it counts as it is
    "answer": 7.0,  # "yes" to what they asked: nobody else asked
    "never_mind": 7.0,  # "stop", "cancel" after a reply or during one
    "own_reply": -8.0,  # the reply was sounding, and the voice was not surely near
    "looks_at_person": -1.3,  # fitted: factor on the share of the turn; -1.0 was reasoned (Vertegaal et al. 2001)
    "faced_by_person": -1.5,  # -0.8 fitted: likewise; -1.2 was reasoned. On scripted looks, see docs/attention.md
    "held": 10.0,  # an explicit act outweighs everything: beside it only the voice counts
    "tapped": 6.0,
    "name": 5.0,  # reasoned: who calls them by name means them, also after three turns of talk with somebody
}
"""Logits: what each piece of evidence adds, or a factor where it says so. Fitted: by `python -m tests.attention.fit` on
1.7 hours of scenes of side train with words that were learnt without it, drawn towards what was in use before, while
every turn in company waited for its verdict: else whether it was taken up is seen only of those that were hard to tell.
What follows or interrupts a reply: by a little towards what was reasoned, because people are briefer then than in the
scenes. Both of sight: by the same with `--only looks_at_person faced_by_person`, on as many that
`python -m tests.scenes.eyesight` gave eyes; being faced counts for more than was fitted, because the scenes have few
first words to somebody, before whom nobody has spoken yet. The rest is reasoned. Since then the words were learnt anew
and are recognised better: fitted again on as many scenes of side train they gain 3 nats of 161, which is chance."""

OTHER_MS: Final = 1_500
USUAL_NEAR: Final = 3.0
"""Log odds that the wearer's own voice reaches on most microphones; less speaks against, down to -2.5."""
IN_COMPANY: Final = 0.3
"""What the history of the talk counts where somebody has faced the wearer of late: sight itself tells then when the
wearer turns to them. Chosen on side train among 1, 0.6, 0.3 and 0 (log loss 53, 43, 40, 40 on 63 requests)."""
_BESIDE_AN_ACT: Final = frozenset({"held", "tapped", "near_field", "two_microphones", "wearer_voice"})
"""Who presses the button has said to whom the words are: all that is left to ask is whose voice it is."""
_NEAR_LEAST: Final = -2.5
_VOICE_MOST: Final = 3.0
_MOST: Final = 10.0
_LEAST: Final = 0.05
"""Weights are told in tenths of a logit: more than anybody can argue about, and less for anything to hide in."""
_STOPS: Final = r"never ?mind|cancel(?: that)?|stop(?: it| that| talking)?|shut up|be quiet"
_DISMISSAL: Final = re.compile(
    rf"(?:oh |ok |okay |please )*(?:{_STOPS}|stop please|forget (?:it|that)|quiet|enough|that's enough"
    r"|thank you|thanks)(?: please| thanks| thank you)?"
)
_DISMISSAL_INTO_REPLY: Final = re.compile(rf"(?:\S+ ){{0,4}}(?:{_STOPS})(?: please)?")
"""What is said into the reply, which is heard with it: "timer never mind"."""
_ANSWER: Final = re.compile(
    r"(?:yes|yeah|yep|no|nope|sure|both|all|none|neither)(?: (?:please|thanks|thank you|of them))?"
)

_CONTINUES: Final = re.compile(r"(?:and|or|what about|how about|but)\b(?: \S+){1,4}$")
"""Half a sentence, whose other half is the question before: "and in Berlin", "what about tomorrow"."""
_HALF_A_SENTENCE: Final = 5
"""How many follow-ups it counts for, 2.5 logits; reasoned, no scene has any. Who has not just asked hardly says it."""


class Circumstances(Struct, frozen=True):
    """What is known besides the words.

    follow_up: the glasses have just answered or asked. own_reply: the reply was sounding when the turn began, and the
    voice was not surely the wearer's. interrupts: it was sounding, and the voice was. around: who else talks.
    talking_on: the wearer's turns of the last half minute that were for others or nobody; 0 to 3, fading.
    near: log odds of a near voice, None where nobody measured. parallax: what of it two microphones tell. likeness: log
    odds of the wearer's enrolled voice.
    taken_up: somebody else has spoken since the wearer stopped. not_taken_up: nobody has, 0 to 1 with the silence.
    held, tapped: an explicit act. looks_at_person, faced: for how much of the turn so far, 0 to 1, as far as it was
    seen; None is "could not see". company: somebody has faced the wearer in the last half minute.
    """

    follow_up: bool = False
    own_reply: bool = False
    interrupts: bool = False
    around: Around = field(default_factory=Around)
    talking_on: float = 0.0
    near: float | None = None
    parallax: float = 0.0
    likeness: float | None = None
    taken_up: bool = False
    not_taken_up: float = 0.0
    held: bool = False
    tapped: bool = False
    looks_at_person: float | None = None
    faced: float | None = None
    company: bool = False


class Addressee:
    """The model. words: logits of the features of form; `bias` among them. name: an optional name of the glasses."""

    def __init__(self, words: Mapping[str, float], name: str = "") -> None:
        self._words = words
        self._call = _calling(name)

    def weigh(self, text: str, around: Circumstances) -> tuple[float, tuple[Evidence, ...]]:
        """Probability that these words were said to the glasses, and the evidence that adds up to it."""
        return self._add_up(self.of_words(text), text, around)

    def weigh_last(self, text: str, around: Circumstances) -> tuple[float, tuple[Evidence, ...]]:
        """The same of these words as the last sentence of a turn whose rest was not said to the glasses."""
        return self._add_up(self._of_last(text), text, around)

    def foresee(self, text: str, now: Circumstances, later: Circumstances) -> tuple[float, float]:
        """Probability that they, or the last sentence of them, were; and what it would be in other circumstances."""
        last = last_sentence(text)
        readings = [(text, self.of_words(text)), *([(last, self._of_last(last))] if last else [])]
        best = [max(self._add_up(words, said, at)[0] for said, words in readings) for at in (now, later)]
        return best[0], best[1]

    def _add_up(
        self, words: Mapping[EvidenceName, float], text: str, around: Circumstances
    ) -> tuple[float, tuple[Evidence, ...]]:
        logits = dict(words)
        for name, amount in self.of_circumstances(text, around).items():
            logits[name] = logits.get(name, 0.0) + WEIGHTS[name] * amount
        if around.held or around.tapped:
            logits = {name: logit for name, logit in logits.items() if name in _BESIDE_AN_ACT}
        strongest = sorted(logits, key=lambda name: -abs(logits[name]))[:MOST_REASONS]
        evidence = tuple(
            Evidence(name=name, weight=told(logit))
            for name, logit in logits.items()
            if name in strongest and abs(logit) >= _LEAST
        )
        total = sum(e.weight for e in evidence) / 100
        return 1 / (1 + math.exp(-total)), evidence

    def of_words(self, text: str) -> dict[EvidenceName, float]:
        """Logits of the form of the words, by the named evidence that each feature belongs to."""
        logits: dict[EvidenceName, float] = {"prior": WEIGHTS["prior"] + self._words.get("bias", 0.0)}
        for feature in sorted(features(self.uncalled(text))):
            weight = self._words.get(feature)
            if weight is not None:
                name = evidence_of(feature)
                logits[name] = logits.get(name, 0.0) + weight
        return logits

    def uncalled(self, text: str) -> str:
        """What is said besides the name that calls the glasses. The name alone is what is said."""
        called = self._called(text)
        return text if called is None else called["after"] or called["before"] or text

    def _called(self, text: str) -> re.Match[str] | None:
        return self._call.fullmatch(text.replace("\u2019", "'")) if self._call else None

    def _of_last(self, text: str) -> dict[EvidenceName, float]:
        return self.of_words(text) | {"last_sentence": WEIGHTS["last_sentence"]}

    def of_circumstances(self, text: str, around: Circumstances) -> dict[EvidenceName, float]:
        """How much there is of each circumstance; WEIGHTS says what one of it weighs."""
        plain = " ".join(plain_words(self.uncalled(text)))
        others = around.around
        open_exchange = around.follow_up or around.interrupts
        history = IN_COMPANY if around.company else 1.0
        just_spoke = others.other_ms is not None and others.other_ms < OTHER_MS and not open_exchange
        found: dict[EvidenceName, float] = {
            "follow_up": around.follow_up * (_HALF_A_SENTENCE if _CONTINUES.match(plain) else 1),
            "own_reply": around.own_reply,
            "interrupts": around.interrupts,
            "never_mind": bool(
                (open_exchange and _DISMISSAL.fullmatch(plain))
                or (around.interrupts and _DISMISSAL_INTO_REPLY.fullmatch(plain))
            ),
            "answer": bool(around.follow_up and _ANSWER.fullmatch(plain)),
            "other_voice": just_spoke * (1 - others.by_chance),
            "talking_on": around.talking_on * history,
            "taken_up": around.taken_up * (1 - others.by_chance),
            "not_taken_up": around.not_taken_up,
            "held": around.held,
            "tapped": around.tapped,
            "looks_at_person": around.looks_at_person or 0.0,
            "faced_by_person": around.faced or 0.0,
            "name": self._called(text) is not None,
        }
        found |= _of_voice(around)
        return {name: amount for name, amount in found.items() if amount}


def _calling(name: str) -> re.Pattern[str] | None:
    """How they are called: at the beginning, perhaps after a "hey", or after the only comma of a single sentence."""
    words = r"\W+".join(map(re.escape, re.findall(r"\w[\w']*", name)))
    if not words:
        return None
    hey = r"(?:(?:hey|hi|hello|okay|ok|oh)\b\W*)?"
    first, last = rf"\W*{hey}{words}\b(?!')\W*(?P<after>.*)", rf"(?P<before>[^.?!,]*),\W*{words}\W*"
    return re.compile(f"{first}|{last}", re.IGNORECASE | re.DOTALL)


def told(logit: float) -> int:
    """A weight as the ledger has it: hundredths of a logit, in tenths, within ten."""
    return round(10 * max(-_MOST, min(_MOST, logit))) * 10


def _of_voice(around: Circumstances) -> dict[EvidenceName, float]:
    """Who speaks can only speak against: being the wearer is no sign yet of talking to the glasses.

    Two microphones make up for seeming far to one, or speak against what seems near to it. A voice that is like the
    enrolled one makes up for seeming far, and for no more than that.
    """
    far = _short_of_usual(around.near)
    alone = far if around.near is None else _short_of_usual(around.near - around.parallax)
    found: dict[EvidenceName, float] = {"near_field": alone, "two_microphones": far - alone}
    if around.likeness is not None:
        found["wearer_voice"] = max(-_VOICE_MOST, min(-far, around.likeness))
    return found


def _short_of_usual(near: float | None) -> float:
    return 0.0 if near is None else max(_NEAR_LEAST, min(0.0, near - USUAL_NEAR))
