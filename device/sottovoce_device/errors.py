"""What can go wrong on the glasses."""

from sottovoce_wire.errors import SottovoceError


class ConfigError(SottovoceError):
    """The configuration says something that cannot be done; the text names the file, the table and the key."""


class SensorError(SottovoceError):
    """A sensor, or a file that stands in for one, cannot be used."""


class DriverError(SottovoceError):
    """A driver of the builder's own failed, and not as it should have said so."""


class AbsentError(SensorError):
    """A sensor's device is not there: unplugged, or never plugged in."""


class ModelError(SottovoceError):
    """A model's file is missing or is not the one that the manifest promises."""


class SampleError(SottovoceError):
    """Something tried to keep, copy or use a sample beyond its turn."""


class GateError(SottovoceError):
    """The gate's socket or its link to the broker cannot be used."""


class SealError(SottovoceError):
    """The kernel, or something that is open in this process, keeps sense from being sealed; so it does not sense."""


class LostError(SottovoceError):
    """A sensor has gone while sense was sealed: its successor, not yet sealed, opens it again."""


class EnrolmentError(SottovoceError):
    """The wearer's voice cannot be learnt, or what was learnt cannot be read."""


class LearntError(SottovoceError):
    """What the glasses know of the wearer has changed while sense was sealed: its successor reads it."""
