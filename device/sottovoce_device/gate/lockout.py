"""Counts wrong codes, and takes none for a while after three; both survive a restart."""

from pathlib import Path
from typing import Final

import msgspec

from sottovoce_trust.errors import LockedError
from sottovoce_trust.private_files import keep, read

TRIES: Final = 3
"""Three of a million codes: 3e-6 a lock."""
FIRST_WAIT_S: Final = 60
LONGEST_WAIT_S: Final = 86_400
"""Then three guesses a day: a year of them finds the code with a chance of 1e-3."""


class _Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tries: int = 0
    locks: int = 0
    locked: bool = False


class Lockout:
    """How often the code may still be tried. A try is on the disk before it is answered, so that no crash undoes it.

    Time is the caller's monotonic clock in seconds. The glasses do not know the date: after a restart a wait begins
    anew, so that switching them off and on shortens none.
    """

    def __init__(self, path: Path, now_s: float) -> None:
        self._path = path
        self._count = _decoded(read(path))
        self._until_s = now_s + self._wait_s if self._count.locked else now_s

    def left_s(self, now_s: float) -> float:
        """For how many seconds no code is taken; 0 when one is. When a wait is over, there are three tries again."""
        if self._count.locked and now_s >= self._until_s:
            self._keep(_Count(locks=self._count.locks))
        return max(0.0, self._until_s - now_s) if self._count.locked else 0.0

    def begin(self, now_s: float) -> None:
        """Take one try. Raises LockedError when there is none."""
        if left := self.left_s(now_s):
            raise LockedError(f"three wrong codes: these glasses take none for {left:.0f} s")
        tries = self._count.tries + 1
        self._keep(_Count(tries=tries, locks=self._count.locks + (tries >= TRIES), locked=tries >= TRIES))
        self._until_s = now_s + self._wait_s

    @property
    def locked(self) -> bool:
        """Whether the last try was taken; a right code still opens it while that try lasts."""
        return self._count.locked

    def clear(self) -> None:
        """Forget all of it: the code was right, or somebody is at the glasses' own console."""
        self._count = _Count()
        self._path.unlink(missing_ok=True)

    @property
    def _wait_s(self) -> float:
        return float(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(30, max(0, self._count.locks - 1))))

    def _keep(self, count: _Count) -> None:
        keep(self._path, msgspec.json.encode(count))
        self._count = count


def _decoded(data: bytes | None) -> _Count:
    """What was counted; a file that cannot be understood counts as a lock: nothing is won by spoiling it."""
    if data is None:
        return _Count()
    try:
        return msgspec.json.decode(data, type=_Count)
    except msgspec.MsgspecError:
        return _Count(tries=TRIES, locks=1, locked=True)
