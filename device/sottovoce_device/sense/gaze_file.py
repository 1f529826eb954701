"""What the gate has kept of the last gaze calibration. Sense reads it before the seal, and never writes it."""

from pathlib import Path

from sottovoce_device.decide.calibration import Calibration
from sottovoce_device.decide.learnt import calibration_of
from sottovoce_device.errors import SensorError
from sottovoce_wire import GazeLearnt, WireError, decode_event


def read_calibration(path: Path) -> Calibration | None:
    """The calibration in this file; None where there is no such file.

    Raises SensorError, in one line, where the file cannot be read or is not a calibration.
    """
    try:
        event = decode_event(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SensorError(f"{path}: cannot be read ({error.strerror}); let this user read it") from None
    except WireError:
        event = None
    found = calibration_of(event) if isinstance(event, GazeLearnt) else None
    if found is None:
        raise SensorError(f"{path}: not a gaze calibration; run `sottovoce-device calibrate-gaze`")
    return found
