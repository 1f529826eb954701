"""What the glasses have learnt about the wearer and keep: small files that sense reads before it is sealed.

Sense cannot write them: `sottovoce-device enrol` writes the voice, the gate the gaze calibration when it was asked for.
A sense whose wearer was enrolled or forgotten ends, and its successor reads what is there. The gate may forget both.
"""

import math
import os
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from sottovoce_device.errors import EnrolmentError

VOICE: Final = "voice.json"
GAZE: Final = "gaze.json"
FILES: Final = {"voice": VOICE, "gaze": GAZE}
"""By what a Forget command calls them."""
_NUMBERS: Final = 256
_DIGITS: Final = 4
_QUIETEST_DB: Final = -120.0


class KnownVoice(Struct, frozen=True):
    """The enrolled wearer. embedding: GE2E's unit vector [256].

    syllable_db: how loud their syllables are on these glasses' microphone, in dB of full scale; None: not known.
    """

    embedding: list[float]
    syllable_db: float | None = None


class _Voice(Struct, frozen=True, forbid_unknown_fields=True):
    model: str
    embedding: list[float]
    syllable_db: float | None = None


def voice_to_bytes(voice: KnownVoice) -> bytes:
    """As it is kept."""
    level = None if voice.syllable_db is None else round(float(voice.syllable_db), 1)
    return msgspec.json.encode(_Voice("ge2e", [round(float(x), _DIGITS) for x in voice.embedding], level))


def read_voice(folder: Path) -> KnownVoice | None:
    """The enrolled wearer; None where nobody is enrolled. Raises EnrolmentError for a broken file."""
    path = folder / VOICE
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Voice)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EnrolmentError(f"{path}: {error.strerror}; enrol anew: `sottovoce-device enrol`") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        kept = _Voice("", [])
    length = math.hypot(*kept.embedding) if len(kept.embedding) == _NUMBERS else 0.0
    loud = kept.syllable_db is None or _QUIETEST_DB <= kept.syllable_db <= 0
    if kept.model != "ge2e" or not 0.9 < length < 1.1 or not loud:  # noqa: PLR2004 -- rounding moves it by a thousandth
        raise EnrolmentError(f"{path}: not an enrolled voice; enrol anew: `sottovoce-device enrol`")
    return KnownVoice([x / length for x in kept.embedding], kept.syllable_db)


def forget(folder: Path, what: str) -> bool:
    """Overwrite and remove a file by name, or "everything"; whether there was one.

    Raises EnrolmentError where it cannot be done.
    """
    gone = [_shred(folder / name) for key, name in FILES.items() if what in (key, "everything")]
    return any(gone)


def _shred(path: Path) -> bool:
    try:
        # For writing only: on installed glasses that is all that the gate may.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_NOFOLLOW), "wb") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        cure = "make its folder writable, or erase it by hand"
        raise EnrolmentError(f"{path}: cannot be erased ({error.strerror}); {cure}") from None
    return True


def state_of(folder: Path) -> tuple[int, int] | None:
    """The voice that is there now, by inode and time of change. Another state: it was learnt anew, or forgotten.

    The gaze calibration is not looked at: a sense that learns one, or is told to forget it, knows already.
    """
    try:
        found = (folder / VOICE).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
