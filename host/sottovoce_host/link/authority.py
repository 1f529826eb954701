"""Who may say and hear what at the broker: the one table, for the embedded broker and for a real one.

A name at the broker is the common name of a certificate. Glasses' names hold no dot; the others' begin with their
kind and a dot.
"""

from collections.abc import Iterator
from typing import Final, Literal

from sottovoce_wire.topics import ROOT, check_device

HOST_PREFIX: Final = "host."
READER_PREFIX: Final = "reader."
BROKER_NAME: Final = "broker.sottovoce"
EVERYTHING: Final = f"{ROOT}/#"

Access = Literal["read", "write"]


def rules_for(name: str) -> Iterator[tuple[Access, str]]:
    """What this name may do, as topic filters; nothing for nobody's name. Raises WireError for a broken one."""
    if name.startswith(HOST_PREFIX):
        yield from (("read", EVERYTHING), ("write", f"{ROOT}/+/command/+"), ("write", f"{ROOT}/+/renewal"))
    elif name.startswith(READER_PREFIX):
        yield from (("read", f"{ROOT}/+/event/+"), ("read", f"{ROOT}/+/status"))
    elif "." not in name:
        own = f"{ROOT}/{check_device(name)}"
        yield from (("write", f"{own}/event/+"), ("write", f"{own}/status"))
        yield from (("read", f"{own}/command/+"), ("read", f"{own}/renewal"))


def may(name: str, access: Access, topic: str) -> bool:
    """Whether this name may write to, or be sent, this topic. Wildcards in a topic match only themselves."""
    return any(kind == access and matches(topic, rule) for kind, rule in rules_for(name))


def may_subscribe(name: str, wanted: str) -> bool:
    """Whether everything that a filter can bring is within what this name may read."""
    return any(kind == "read" and covers(rule, wanted) for kind, rule in rules_for(name))


def matches(topic: str, rule: str) -> bool:
    """MQTT 3.1.1, section 4.7."""
    return "+" not in topic and "#" not in topic and covers(rule, topic)


def covers(rule: str, wanted: str) -> bool:
    """Whether a filter brings nothing that the rule, a filter itself, does not bring."""
    ours, theirs = rule.split("/"), wanted.split("/")
    for number, level in enumerate(ours):
        if level == "#":
            return True
        if number >= len(theirs) or theirs[number] == "#" or level not in {"+", theirs[number]}:
            return False
    return len(ours) == len(theirs)
