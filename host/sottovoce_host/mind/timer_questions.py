"""Which of what is to ring is asked about: "how long is left on the pasta", "what alarms do I have"."""

import re

_LEFT_BARE = re.compile(
    r"^(?:how (?:long|much time|much longer|much|many minutes|much more time)(?: is| do i have| have i got|"
    r" are| have we got| do we have)?"
    r"(?: still)?(?: left| remaining| to go| remains)?|time (?:left|remaining)|what time is left|"
    r"how long is it going to be)$"
)
_LEFT = re.compile(
    r"^(?:how (?:long|much time|much longer|much|many minutes|much more time)(?: is| do i have| have i got|"
    r" are| does| until| till)?"
    r"(?: there)?(?: still)?(?: left| remaining| to go| remains)?(?: (?:on|for|with|of|in|until|till|before))?|"
    r"(?:time|what is|what time is|how much is) (?:left|remaining) (?:on|for)|check(?: on)?|how is|status of|"
    r"when (?:is|does|will)|"
    r"what time (?:is|does|will)|what is|is|how about|what about|when do i get) "
    r"(?P<which>.+?)"
    r"(?P<tail> (?:have left|left|have|go off|goes off|going off|ring|rings|ringing|done|is done|is up|up|"
    r"doing|ready|finished|finish|end|ends|set for|set to|"
    r"supposed to go off|due|at|set|for|still running|running|over|looking|going))?$"
)
_EXPLAINED = re.compile(r"^what is an? ")
_LEFT_ON = re.compile(
    r"^how (?:long|much time|much) (?:is |do i have |have i got )?(?:left|remaining) (?:on|for) |"
    r"^(?:when|what time) (?:does|will) (?:it|that) (?:go off|ring|end|finish)$"
)
_LISTED = re.compile(
    r"^(?:(?:what|which|how many) (?P<kind>.+?) (?:do i have|have i got|have i|are|do we have|"
    r"did i)(?: (?:set|running|on|there|going|active|left|"
    r"set up|right now|now|currently|still running|currently running|still going))*|"
    r"(?:do i have|have i got|are there|do we have|is there|have i set) (?:any|an?|"
    r"some) (?P<kind2>.+?)(?: (?:set|running|on|going|active|now|left))*|"
    r"(?:list|read|read out|tell me|show|what are|check|show me|name) (?:all )?(?:of )?(?:my|the|"
    r"all) (?P<kind3>timers|alarms|reminders|timers and alarms|alarms and timers))$"
)


def asked_about(words: str) -> str | None:
    """Give the words for those a question (as `wording.plain` writes it) is about; None if it is no such question.

    Empty: it does not say which ("how long is left").
    """
    if _LEFT_BARE.match(words):
        return ""
    listed, left = _LISTED.match(words), _LEFT.match(words)
    if listed:
        return listed["kind"] or listed["kind2"] or listed["kind3"]
    return left["which"] if left and not _EXPLAINED.match(words) else None


def is_how_long(words: str) -> bool:
    """Whether it can only be about something that is to ring, whatever "it" may mean besides."""
    return bool(_LEFT_ON.match(words))
