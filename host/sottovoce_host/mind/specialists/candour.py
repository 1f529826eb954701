"""What these glasses cannot do, and why: "record this", "take a picture", "are you recording me", "mute"."""

import re
from typing import Final

from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import plain

_WHAT: Final = (
    r"(?:this|that|it|him|her|them|me|us|everything|everyone|what \w+ says?|"
    r"(?:an? |the |some )?(?:video|audio|sound)s?)"
)
_THING: Final = r"(?: (?:meeting|conversation|call|talk|lecture|song|room|place|scene|moment|for me|now))?"
_ANSWERS: Final = (
    (
        re.compile(
            rf"^(?:(?:can|could|will|would) you )?(?:please )?(?:(?:start|begin) (?:recording|filming)|record|film|"
            rf"videotape|(?:record|film|tape) {_WHAT}{_THING}|(?:take|make|snap|shoot) (?:an?|another|some) "
            r"(?:picture|photo|photograph|snapshot|selfie|video|recording)s?(?: of .+)?)(?: please)?$"
        ),
        "I can't. These glasses keep no sound and no picture: there is nothing in them that could.",
    ),
    (
        re.compile(
            rf"^(?:(?:are you|is this thing|is it) (?:recording|filming|taping|videotaping)(?: {_WHAT})?|"
            rf"do you (?:record|film|keep recordings)(?: {_WHAT})?|"
            rf"(?:is|are) {_WHAT} being (?:recorded|filmed)|am i being (?:recorded|filmed))(?: now| right now)?$"
        ),
        "No. These glasses keep no sound and no picture: there is nothing in them that could.",
    ),
    (
        re.compile(
            r"^(?:mute(?: yourself| the (?:glasses|microphones?|sensors))?|"
            r"stop (?:listening|watching)(?: to (?:me|us))?|"
            r"(?:turn|switch) (?:off )?your (?:microphone|camera|ears|eyes)(?: off)?|do not listen(?: to (?:me|us))?)$"
        ),
        "Not by voice, or nobody could wake me again: the switch on your glasses turns their sensors off.",
    ),
)


class Candour:
    """Says what they cannot do, instead of "not yet"."""

    name = "candour"

    def answer(self, request: Request) -> Reply | None:
        """Answer what asks for a recording, whether there is one, or for no more listening."""
        words = plain(request.text)
        return next((Reply(text, self.name) for pattern, text in _ANSWERS if pattern.match(words)), None)
