"""The form of words: how a sentence begins, which words it has, how long it is.

What can be asked of the glasses grows with every skill, so nearly all nouns, names and verbs are one and the same
class here: a sentence about what nobody has asked before has a form, too. Classes of their own are closed-class words
(pronouns, auxiliaries, prepositions, discourse markers), verbs that begin an order, words of time and number, and what
any assistant is asked about (timers, weather, messages). Beside its class a word counts as itself, where the corpora
have it often enough.
"""

import re
from itertools import pairwise
from typing import Final

from sottovoce_wire.evidence import EvidenceName

_WORD: Final = re.compile(r"[a-z0-9']+")
CLOSED: Final = frozenset(
    """
    a an the this that these those my your his her its our their mine yours i you he she it we they me him us them
    myself yourself who whom whose what which when where why how and or but because so if than then as while though
    unless until of in on at by for with about against between into through during before after above below to from up
    down out off over under again near is am are was were be been being do does did doing have has had having will
    would shall should can could may might must i'm you're he's she's it's we're they're i've you've we've they've i'd
    you'd he'd she'd we'd they'd i'll you'll he'll she'll we'll they'll isn't aren't wasn't weren't don't doesn't
    didn't haven't hasn't hadn't won't wouldn't can't couldn't shouldn't what's that's who's where's how's there's
    here's let's when's not no yes yeah yea yep yup nope nah ok okay oh ah um uh hmm hey hi hello wow well really right
    sure maybe probably actually definitely exactly too also just only even still ever never always please thanks thank
    sorry much many more most some any all both each few little lot lots other another such own same very there here
    now today tomorrow know think like love want need mean guess remember feel believe hope wish agree heard seen saw
    watched thought said liked loved went got get gotta gonna wanna going one ones something anything nothing
    everything someone anyone everyone thing things stuff kind sort favorite favourite good great bad better best nice
    cool true funny awesome haha lol
    """.split()
)
ORDERS: Final = frozenset(
    """
    activate add adjust advise alert answer arrange ask assist begin book boost brew brighten bring browse buy calculate
    call cancel capture change check choose clear close compare compose confirm connect continue convert copy count
    create deactivate decrease define delete describe dial dictate dim direct disable disconnect divide download drop
    edit email enable end enter erase explain fetch find finish fix forward get gimme give go google guide heat help
    hold identify increase inform install invite join keep launch let list locate lock look lower make mark measure
    memorise memorize mention message minimise move multiply mute name navigate next note notify open order organize
    pause pay pick plan play post prepare previous print program provide pull purchase push put quit raise rank read
    recite recommend record reduce refresh remember remind remove rename reorder repeat replay reply report research
    reserve reset respond restart resume review rewind run save scan schedule search select send serve set share shop
    show shuffle shut silence skip snap snooze solve speak spell start stop subtract suggest switch sync tag take teach
    tell text throw time track transfer translate try turn tweet type undo unlock unmute update visit wake warm warn
    watch write zoom
    """.split()
)
SUBJECTS: Final = frozenset(
    """
    alarm alarms timer timers reminder reminders calendar event events meeting meetings appointment appointments
    schedule agenda list lists note notes todo shopping grocery email emails inbox message messages text tweet contact
    contacts phone call volume brightness music playlist song radio station podcast podcasts audiobook track news
    headlines weather temperature forecast rain snow sunny umbrella time date day clock zone traffic route directions
    train taxi uber bus ticket flight restaurant restaurants delivery takeaway takeout recipe light lights lamp vacuum
    robot coffee plug socket thermostat heating tv lock door camera stock price currency exchange rate definition
    meaning spell translate convert square root percent times plus minus divided joke game photo picture screen battery
    bluetooth wifi app translation language sign
    """.split()
)
TIMES: Final = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday am pm morning afternoon evening night noon midnight week
    weekend month year minute minutes hour hours second seconds january february march april june july august september
    october november december tonight
    """.split()
)
NUMBERS: Final = frozenset(
    """
    zero two three four five six seven eight nine ten eleven twelve thirteen fifteen sixteen twenty thirty forty fifty
    hundred thousand first third
    """.split()
)
LEAD_IN: Final = frozenset("ok okay so um uh er hey hi hello well and oh now then please just alright also".split())
_POLITE_ORDER: Final = re.compile(
    r"^(?:(?:can|could|may) (?:i|we) (?:please )?(?:get|have|order)|i(?: would|'d) (?:like|love)"
    r"|i(?:'ll| will) (?:have|take)(?! to\b)|i (?:want|need)(?! (?:you|him|her|them|us)\b)|let me (?:have|get))\b"
)
"""How people order without an imperative; "I like it" is another matter, and so is "I will have to"."""
_ASKING: Final = frozenset(
    """
    what what's who who's whose whom where where's when when's why how how's which is are am was were do does did will
    would can could should shall may has have had isn't aren't any
    """.split()
)
_ORDERING: Final = ("@do", "@ask", "can you", "could you", "would you", "will you", "let's", "please")
_YOU: Final = frozenset("you your yours you're you've you'd you'll yourself".split())
_ABOUT: Final = SUBJECTS | TIMES | NUMBERS | {"@subject", "@time", "#"}
_SENTENCE_ENDS: Final = re.compile(r"[.?!][\"']?\s+")
LEAST_WORDS: Final = 3
"""Before three words the form of a sentence cannot be told."""
LENGTHS: Final = (1, 2, 4, 8, 12, 20)
"""Words up to which a sentence is of each length."""


def plain_words(text: str) -> list[str]:
    """Lower case, without punctuation, as they stand."""
    return _WORD.findall(_lower(text))


def words_of(text: str) -> list[str]:
    """Lower case, without punctuation; contractions whole, also where a text has them in two."""
    plain = _lower(text)
    plain = re.sub(r"\b(what|that|it|who|where|how|there|here|let|he|she|when) s\b", r"\1's", plain)
    plain = re.sub(r"\bi m\b", "i'm", plain)
    return _WORD.findall(plain)


def last_sentence(text: str) -> str:
    """The last sentence by the recogniser's punctuation, where others precede it and its form can be told; else ""."""
    last = _SENTENCE_ENDS.split(text)[-1]
    return last if last != text and len(last.split()) >= LEAST_WORDS else ""


def features(text: str) -> set[str]:
    """What the form of these words is made of; empty where there are none.

    `l:` a word of the lead-in; `s:` how the sentence begins, by its first one to three words; `u:` and `b:` words and
    pairs of them; `e:` the class of the last one; `n:` the length. Each word counts as itself and as its class.
    """
    words = words_of(text)
    if not words:
        return set()
    start = next((i for i, w in enumerate(words[:-1]) if w not in LEAD_IN), len(words) - 1)
    order = _POLITE_ORDER.match(" ".join(words[start:]))
    asked = ["@ask"] if order else []
    said = words[start + (len(order.group().split()) if order else 0) :]
    classes = [_class(word) for word in said]
    if not order and said[0] in ORDERS and (classes[0] not in CLOSED or classes[0] in ("get", "let")):
        classes[0] = "@do"
    length = sum(len(words) > most for most in LENGTHS)
    lead_in = {f"l:{word}" for word in words[:start]}
    return (
        lead_in | _sequence(asked + said) | _sequence(asked + classes) | {f"e:{(asked + classes)[-1]}", f"n:{length}"}
    )


def _sequence(body: list[str]) -> set[str]:
    """How it begins, its words and the pairs of them."""
    starts = {f"s:{' '.join(body[:length])}" for length in (1, 2, 3)}
    alone = {f"u:{word}" for word in body if word not in ("_", "@do", "@ask")}
    return starts | alone | {f"b:{a} {b}" for a, b in pairwise(body) if "_" not in (a, b)}


def evidence_of(feature: str) -> EvidenceName:
    """Which named evidence a feature belongs to."""
    kind, _, what = feature.partition(":")
    words = what.split()
    if kind == "n":
        return "length"
    if kind == "l" or (kind == "s" and (words[0] in ORDERS or any(f"{what} ".startswith(f"{o} ") for o in _ORDERING))):
        return "request"
    if kind == "s":
        return "question" if words[0] in _ASKING else "narrative"
    if not _YOU.isdisjoint(words):
        return "second_person"
    return "subject" if _ABOUT.issuperset(words) else "narrative"


def _lower(text: str) -> str:
    return text.lower().replace("\u2019", "'")


def _class(word: str) -> str:
    if word in CLOSED:
        return word
    if word in SUBJECTS:
        return "@subject"
    if word in TIMES:
        return "@time"
    return "#" if word in NUMBERS or word.isdigit() else "_"
