"""How loud the glasses' own reply is at their microphone: whoever speaks into it is louder than that.

For a host that does not foretell its reply (foretold.py): then the glasses know only when it sounds, and whose
question it answers.
"""

from typing import Final

STRESSED_DB: Final = 1.0
"""By how much a syllable into the reply has to be louder than the question's were on average. The loudest syllable of
a reply 10 dB softer stayed below -0.3 in 36 rooms of side train; whoever spoke into it reached 3 within 130 ms."""
LOUDER_DB: Final = 2.0
"""By how much it has to be louder than the loudest of the reply so far, which grows slowly after a second."""
FORGETS_DB: Final = 3.0
"""How much less is believed of the reply before this one: the wearer may have come nearer to the loudspeaker."""


class Echo:
    """Takes the level of each syllable while the reply sounds; says from which level on it is somebody else's."""

    def __init__(self) -> None:
        self._asked_db = -120.0
        self._loudest_db = -120.0

    def asked(self, mean_db: float) -> None:
        """A question ended whose syllables peaked at this level, in dB of full scale; its reply will begin."""
        self._asked_db = mean_db
        self._loudest_db -= FORGETS_DB

    def exceeded(self, peak_db: float) -> bool:
        """Whether a syllable into the reply is louder than the reply may be; what is not is the reply's."""
        if peak_db > max(self._asked_db + STRESSED_DB, self._loudest_db + LOUDER_DB):
            return True
        self._loudest_db = max(self._loudest_db, peak_db)
        return False
