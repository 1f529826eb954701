"""How the tests of the mind ask, and when."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sottovoce_host.mind.reply import Reply

TUESDAY = datetime(2026, 11, 24, 16, 20, tzinfo=ZoneInfo("Europe/London"))

Ask = Callable[..., Reply]
