"""Whether a verdict waits: what nobody is sure of is left, for a moment, to whoever may take it up.

Between people a turn passes on within 0.2 s on average, and hardly ever after more than a second (Stivers et al. 2009,
PNAS 106(26); Heldner & Edlund 2010, J. Phonetics 38(4)). So silence after the wearer's words tells the more the longer
it lasts, where somebody is there to break it.
"""

from typing import Final

from msgspec.structs import replace

from sottovoce_device.decide.addressee import Circumstances

SURELY: Final = 0.9
"""A verdict at this probability does not wait, and words that are still changing may leave."""
ANSWERED_MS: Final = 200
"""An answer is not heard sooner: the wearer's own voice dies away, and a syllable is needed to tell."""
COMPANY_MS: Final = 30_000
"""For how long somebody who spoke, or faced the wearer, is taken to be there: as long as half of an exchange is
remembered."""


def in_company(around: Circumstances) -> bool:
    """Whether somebody is there who could take up what the wearer says: they have spoken. Who only came by has not."""
    other_ms = around.around.other_ms
    return other_ms is not None and other_ms <= COMPANY_MS


def answered(around: Circumstances, quiet_ms: float, longest_ms: float, *, taken_up: bool) -> Circumstances:
    """The circumstances after so much silence of the wearer's. taken_up: somebody else has spoken in it."""
    if not in_company(around) or longest_ms <= ANSWERED_MS:
        return around
    alone = (quiet_ms - ANSWERED_MS) / (longest_ms - ANSWERED_MS)
    return replace(around, taken_up=taken_up, not_taken_up=0.0 if taken_up else max(0.0, min(1.0, alone)))
