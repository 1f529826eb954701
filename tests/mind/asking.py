"""How the tests of the mind ask, and when."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.router import Router

TUESDAY = datetime(2026, 11, 24, 16, 20, tzinfo=ZoneInfo("Europe/London"))

Ask = Callable[..., Reply]


def reply_of(router: Router, said: str, at: datetime = TUESDAY) -> Reply:
    """What this router replies."""
    return asyncio.run(router.answer(Request(said, at)))
