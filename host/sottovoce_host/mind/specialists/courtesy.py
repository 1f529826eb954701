"""Thanks, greetings, "never mind", and what can be asked for."""

import re

from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import plain

_HELP = (
    "I tell the time and the date, set timers, alarms and reminders, "
    "work out sums and units, and keep notes and lists. Just say it."
)
_ANSWERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"^(?:thank you|thanks|cheers|many thanks|thank you (?:very|so) much|thanks (?:a lot|very much|"
            r"so much|a bunch|again)|great thanks|"
            r"thank you (?:again|sottovoce)|perfect thank you|great thank you|thanks mate|"
            r"no thank you very much|that is great thank you|ta|much appreciated|"
            r"great|perfect|lovely|brilliant|awesome|excellent|wonderful)$"
        ),
        "You're welcome.",
    ),
    (
        re.compile(
            r"^(?:never mind|nevermind|cancel|cancel that|cancel it|forget it|forget that|forget about it|"
            r"stop|stop it|stop that|no|no thanks|no thank you|nope|nothing|"
            r"leave it|that is all|that will be all|that is it|do not bother|do not worry|drop it|quiet|"
            r"be quiet|shut up|enough|that is enough|never mind that|"
            r"never mind then|it does not matter|doesnt matter|it doesnt matter|neither|none|none of them|"
            r"neither of them|not now)(?: thanks| thank you)?$"
        ),
        "Okay.",
    ),
    (
        re.compile(r"^(?:hello|hi|hey|hello there|hi there|good (?:morning|afternoon|evening))$"),
        "Hello.",
    ),
    (
        re.compile(
            r"^(?:help|help me|i need help|what can you do|what can i (?:say|ask)(?: you)?|"
            r"what can i ask you(?: for)?|what do you do|what can you do for me|"
            r"how (?:do|can) i use (?:you|this)|what are you able to do|what can you help(?: me)? with|"
            r"what do you know|how can you help(?: me)?|what are my options|"
            r"what else can you do|what things can you do|how does this work|how do you work)$"
        ),
        _HELP,
    ),
)


class Courtesy:
    """Answers what people say besides requests."""

    name = "courtesy"

    def answer(self, request: Request) -> Reply | None:
        """Answer thanks, a greeting, a change of mind or a call for help."""
        words = plain(request.text)
        for pattern, text in _ANSWERS:
            if pattern.match(words):
                return Reply(text, self.name)
        return None
