"""What is not to be done: "don't set an alarm for six", "never remind me of it", "set a timer, but not now"."""

import re
from typing import Final

from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import plain

_ELSE: Final = r"^(?!.* (?:but|instead|rather)\b|.* set .* set )(?:(?:no|stop|wait|please|i said) )*"
_NOT: Final = (
    r"(?:(?:you )?(?:(?:do|should|must|need) not|shouldnt|mustnt|neednt)(?: you)?(?: (?:need|have) to)?|lets not|"
    r"never|not|i do not (?:want|need) you to)(?: ever| even| dare| bother to| try to)?"
)
_RINGS: Final = r"\b(?:timer|countdown|alarm|reminder)s?\b"
_KEPT: Final = rf"(?:{_RINGS}|\b(?:lists?|notes?|memo)\b)"
_SET: Final = r"(?:set(?: up)?|start|create|make|begin|put|run|give|add|turn on|switch on|snooze|extend|change|move)"
_TOUCH: Final = (
    r"(?:add|put|include|write|take|remove|delete|cross|strike|tick|cancel|stop|turn|switch|clear|empty|erase|wipe|make|create|save|"
    r"drop|read|list)"
)
_NOT_THAT: Final = re.compile(
    rf"{_ELSE}(?:{_NOT} (?:{_SET} .*{_RINGS}|{_TOUCH} .*{_KEPT}|"
    r"(?:remind|wake|time|notify|alert|ping) (?:me|us)\b|get me up|count down|let me know in|snooze|note\b|jot\b|"
    r"(?:write|take)(?: (?:this|that|it))?(?: down)?(?: (?:that|this|it)\b.*)?$|"
    rf"remember (?:this|that|it)\b)|(?:set no|(?:not|i do not (?:want|need)) (?:an?|any)) (?:[a-z]+ )?{_RINGS})"
)
_OURS: Final = (
    r"(?:(?:remind|wake|time|notify|alert|ping|give) (?:me|us)\b|get me up|count down|let me know|"
    r"note that|make (?:it|that)\b|"
    r"(?:set|start|create|make|put on) (?:an?|another|one)\b|"
    rf"{_TOUCH} (?:.* )?{_KEPT})"
)
_HELD: Final = "".join(rf"(?<!\b{word} )" for word in ("to", "or", "nor", "that", "you", "dare", "even", "ever", "not"))
_NO_NOUN: Final = "".join(rf"(?<!\b{word} )" for word in ("a", "an", "the", "my", "any", "this", "and"))
_ASKED_BEHIND: Final = re.compile(
    rf"\b(?:not|never|no|\w+nt) \S+ (?:.* )?{_HELD}{_NO_NOUN}{_OURS}"
    rf"|{_RINGS} (?:(?!(?:or|and|nor|about|of|to|that)\b)\S+ )*(?:an?|the|one|my) (?:\w+ )?{_RINGS}"
)
_BY_THE_WAY: Final = re.compile(rf"^.*{_RINGS}.* (?:but|just|only) not (?:now|yet|today|right now|just yet|just now)$")
_KEEPING: Final = re.compile(r"\b(?:remind|remember|note|memo|list|write|add)\b")


class Restraint:
    """Leaves undone what it is told to leave, before anybody takes the rest of the words for a request."""

    name = "restraint"

    def answer(self, request: Request) -> Reply | None:
        """Answer what forbids one of ours and asks for no other, or puts it off."""
        words = plain(request.text)
        if _NOT_THAT.match(words) and not _ASKED_BEHIND.search(words):
            return Reply("All right, I won't.", self.name)
        if _BY_THE_WAY.match(words) and not _KEEPING.search(words):
            return Reply("All right, not now.", self.name)
        return None
