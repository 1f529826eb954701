"""What an answer is: yes, no, or no answer at all."""

import re

_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|ok|okay|of course|do it|go ahead|please do|right|correct|confirm|confirmed|"
    r"absolutely|definitely|i am sure|i'm sure|"
    r"all of them)(?:,? (?:please|do it|do|go ahead|i am|i'm sure|delete them|delete it|clear it|sure|"
    r"that's right|of course))*$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^(?:no|nope|nah|don't|do not|better not|no way|keep (?:it|them)|leave (?:it|them)|"
    r"not now)(?:,? (?:thanks|thank you|don't|do not|keep it|keep them|please))*$",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"^(?:what|when|where|who|how|why|is|are|do|does|set|cancel|stop|read|delete|remind|wake|add|convert|"
    r"never ?mind|forget it|no|nothing|say that|repeat|help|thank)\b",
    re.IGNORECASE,
)


def agrees(words: str) -> bool:
    """Tell whether an answer (as `wording.tidy` writes it) is a yes, and nothing else."""
    return bool(_YES.match(words))


def refuses(words: str) -> bool:
    """Tell whether an answer (as `wording.tidy` writes it) is a no, and nothing else."""
    return bool(_NO.match(words))


def asks_else(words: str) -> bool:
    """Tell whether what comes instead of an answer in free words is another request, or a change of mind."""
    return bool(_ELSE.match(words))
