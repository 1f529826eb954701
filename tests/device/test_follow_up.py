import pytest

from sottovoce_device.config import AttentionConfig
from sottovoce_device.decide.addressee import Addressee
from sottovoce_device.decide.ask import Heard
from sottovoce_device.decide.attention import Attention
from sottovoce_device.decide.exchange import Around
from sottovoce_wire import Attended, AwaitReply, Speaking
from sottovoce_wire.commands import AnyCommand

REPLY_FROM_MS = 10_000.0
SPEAKING, WAITING = Speaking(speaking=True, lasts_ms=5_000), AwaitReply(window_ms=8_000)


def evidence(command: AnyCommand, started_ms: float) -> set[str]:
    """What the ledger says of a turn that began then, and was noticed after the host's command had come."""
    attention = Attention(AttentionConfig(), Addressee({}))
    attention.tell(command, REPLY_FROM_MS)
    attention.begin(1, started_ms, REPLY_FROM_MS + 64, Around(), sure=False)
    told = attention.step(Heard(1, "and you", True, False, 0, 0), REPLY_FROM_MS + 900, lambda _: 0)
    (line,) = [event for event in told if isinstance(event, Attended)]
    return {e.name for e in line.evidence}


@pytest.mark.parametrize(("command", "name"), [(SPEAKING, "own_reply"), (WAITING, "follow_up")])
def test_a_turn_that_began_before_the_reply_is_neither_the_reply_nor_follows_it(command: AnyCommand, name: str) -> None:
    assert name in evidence(command, REPLY_FROM_MS + 10)
    assert name not in evidence(command, REPLY_FROM_MS - 10)
