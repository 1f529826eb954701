"""The wearer's voice: forgotten by voice, and learnt at the glasses alone."""

import re
from typing import Final

from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import plain
from sottovoce_wire import Forget

_LEARN = re.compile(r"^(?:please )?(?:re ?)?(?:learn|enroll?|remember|recogni[sz]e|train) my voice(?: again| anew)?$")
_FORGET = re.compile(r"^(?:please )?(?:forget|erase|delete) my voice$")
_HOW: Final = (
    "I can't, and that is on purpose: your voice is learnt at the glasses themselves. Run sottovoce device enrol there."
)


class VoiceKeeping:
    """Has the glasses forget the wearer's voice. Nobody can have it learnt from here (docs/privacy.md)."""

    name = "voice"

    def answer(self, request: Request) -> Reply | None:
        """The command for the glasses, or how a voice is learnt."""
        words = plain(request.text)
        if _LEARN.match(words):
            return Reply(_HOW, self.name)
        return Reply("", self.name, command=Forget(what="voice")) if _FORGET.match(words) else None
