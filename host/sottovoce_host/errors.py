"""What can go wrong on the host."""

from sottovoce_wire.errors import SottovoceError


class BrokerError(SottovoceError):
    """The MQTT broker cannot be started or reached."""


class VoiceError(SottovoceError):
    """The reply cannot be made to sound."""


class UnspeakableError(VoiceError):
    """Nothing of a reply can be spoken; the device or file is in order."""


class KeyFolderError(SottovoceError):
    """The host's keys, or its list of who is paired, cannot be used."""


class SkillError(SottovoceError):
    """A skill of the user's cannot be used."""


class UnreachableError(SottovoceError):
    """No glasses answer where they were looked for."""
