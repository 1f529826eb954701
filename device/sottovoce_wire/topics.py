"""Where messages travel: the MQTT topics of wire version 1."""

import re
from typing import Final, Literal, NamedTuple

from sottovoce_wire.commands import AnyCommand
from sottovoce_wire.errors import WireError
from sottovoce_wire.events import AnyEvent

ROOT: Final = "sottovoce/1"
EVENTS_OF_ALL: Final = f"{ROOT}/+/event/+"
STATUS_OF_ALL: Final = f"{ROOT}/+/status"

_DEVICE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_TOPIC: Final = re.compile(rf"{ROOT}/([^/]+)/(?:(event|command)/([A-Za-z]{{1,16}})|(status))")

Direction = Literal["event", "command", "status"]


class Topic(NamedTuple):
    """A topic taken apart: which glasses, which direction, and the message's tag (empty for a status)."""

    device: str
    direction: Direction
    tag: str


def check_device(device: str) -> str:
    """The name as it is, or WireError: it becomes part of topics, so it holds no wildcard and no slash."""
    if not _DEVICE.fullmatch(device):
        raise WireError(f"{device[:40]!r} cannot name a device: use 1 to 32 of a-z, 0-9 and -, not beginning with -")
    return device


def event_topic(device: str, event: AnyEvent) -> str:
    """Where this device's event of this kind goes."""
    return f"{ROOT}/{check_device(device)}/event/{type(event).__name__}"


def command_topic(device: str, command: AnyCommand) -> str:
    """Where a command of this kind for this device goes."""
    return f"{ROOT}/{check_device(device)}/command/{type(command).__name__}"


def commands_of(device: str) -> str:
    """The filter by which a device gets its own commands, and nobody else's."""
    return f"{ROOT}/{check_device(device)}/command/+"


def status_topic(device: str) -> str:
    """Where this device's retained status is, and its last will goes."""
    return f"{ROOT}/{check_device(device)}/status"


def renewal_topic(device: str) -> str:
    """Where the host puts these glasses' new certificate: a message of pairing, not one of the wire's two unions."""
    return f"{ROOT}/{check_device(device)}/renewal"


def parse_topic(topic: str) -> Topic:
    """The parts of a topic, or WireError where it is none of ours."""
    match = _TOPIC.fullmatch(topic)
    if match is None or not _DEVICE.fullmatch(match[1]):
        raise WireError(f"{topic[:80]!r} is not a topic of wire version 1")
    if match[4]:
        return Topic(match[1], "status", "")
    return Topic(match[1], "event" if match[2] == "event" else "command", match[3])
