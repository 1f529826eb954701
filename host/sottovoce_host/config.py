"""The settings of the host. `sottovoce-host --print-config` prints them with these explanations."""

import os
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Port = Annotated[int, Meta(ge=1, le=65535)]


class BrokerConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """Through which MQTT broker the glasses are heard.

    mode: "embedded" starts one in this process; "external" uses one that is there (mosquitto, EMQX, a cluster).
    security: "paired" is mutual TLS with the glasses that were paired; "plain" is for trials on one computer.
    host: embedded: the address to listen on, empty for all networks; external: where the broker is.
    port: its port.
    """

    mode: Literal["embedded", "external"] = "embedded"
    security: Literal["paired", "plain"] = "paired"
    host: str = ""
    port: Port = 8883


class VoiceConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """How replies sound.

    sink: "auto" is the default audio device where there is one, else a WAV file; "speaker" or "wav" insist.
    path: the WAV file; a new one each start.
    """

    sink: Literal["auto", "speaker", "wav"] = "auto"
    path: str = "out/replies.wav"


class MindConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """How the host reasons.

    timezone: an IANA name such as "Europe/Berlin"; empty for this computer's own.
    skills: the folder of your own skills; empty for sottovoce/skills in the user's folder of settings, where it is.
    skill_ms: how long a skill of your own may take to answer.
    follow_up_ms: for how long after a reply the wearer's next words are likely for the glasses.
    """

    timezone: str = ""
    skills: str = ""
    skill_ms: Annotated[int, Meta(ge=100, le=60_000)] = 8_000
    follow_up_ms: Annotated[int, Meta(ge=0, le=60_000)] = 8_000


class MemoryConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """What is remembered: notes, lists, timers.

    path: the SQLite file; empty for one in the user's state folder.
    """

    path: str = ""


class PairingConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom this host is paired with.

    state: the folder of its keys and of the list of who is paired; empty for the user's state folder.
    """

    state: str = ""


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of the host."""

    broker: BrokerConfig = field(default_factory=BrokerConfig)
    pairing: PairingConfig = field(default_factory=PairingConfig)
    voice: VoiceConfig = field(default_factory=VoiceConfig)
    mind: MindConfig = field(default_factory=MindConfig)
    memory: MemoryConfig = field(default_factory=MemoryConfig)


def memory_path(config: Config) -> Path:
    """Where the memory is."""
    return Path(config.memory.path) if config.memory.path else _state() / "memory.sqlite"


def pairing_path(config: Config) -> Path:
    """Where the keys and the list of who is paired are."""
    return Path(config.pairing.state) if config.pairing.state else _state() / "host"


def _state() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")) / "sottovoce"
