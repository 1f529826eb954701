"""The wearer's gaze: calibrated and forgotten by voice. The glasses do both; here is what is said of it."""

import re
from typing import Final

from sottovoce_host.mind.phrasing import aloud
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import plain
from sottovoce_wire import CalibrateGaze, Done, Forget, GazeCalibrated
from sottovoce_wire.calibration import REASONS
from sottovoce_wire.events import AnyEvent

MARKS: Final = 9
_WHAT = r"(?:my |the )?(?:gaze|eyes?|eye camera|eye tracker|eye tracking)"
_CALIBRATE = re.compile(rf"^(?:please )?(?:re ?)?calibrate {_WHAT}(?: again| anew)?$")
_FORGET = re.compile(rf"^(?:please )?(?:forget|erase|delete) {_WHAT}(?: calibration)?$")
_HOW: Final = (
    "Look at the middle of the mark, and turn your head until it has been at nine places before you, wide apart."
    " Hold still at each."
)
_WHY_NOT: Final = {
    "unsupported": "Your glasses have no eye camera.",
    "refused": "Your glasses are muted, so I can't.",
    "failed": "Your glasses couldn't do that.",
    "late": "That took too long, please ask again.",
}


class GazeKeeping:
    """Has the glasses learn how the wearer's eye points, or forget it."""

    name = "gaze"

    def answer(self, request: Request) -> Reply | None:
        """The command for the glasses, with what the wearer has to do."""
        words = plain(request.text)
        if _CALIBRATE.match(words):
            return Reply(_HOW, self.name, command=CalibrateGaze(marks=MARKS))
        return Reply("", self.name, command=Forget(what="gaze")) if _FORGET.match(words) else None


def came_of_it(event: AnyEvent) -> str:
    """What to say of an event that answers such a command; empty for nothing."""
    if isinstance(event, GazeCalibrated) and event.stage == "accepted":
        return f"Calibrated, to {aloud(f'{event.error / 10:.1f}')} degrees."
    if isinstance(event, GazeCalibrated) and event.stage == "refused":
        return f"That didn't work: {REASONS[event.reason]}."
    if isinstance(event, Done) and event.name == "Forget" and event.outcome == "done":
        return "Your glasses have forgotten it."
    if isinstance(event, Done) and (event.name == "Forget" or event.outcome in {"unsupported", "refused"}):
        return _WHY_NOT.get(event.outcome, "")
    return ""
