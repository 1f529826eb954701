"""A router on a real memory, asked in words."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from asking import TUESDAY, Ask, reply_of

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.reply import Reply
from sottovoce_host.mind.router import Router


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.db"


@pytest.fixture
def memory(path: Path) -> Iterator[Memory]:
    memory = Memory(path)
    yield memory
    memory.close()


@pytest.fixture
def now() -> datetime:
    """Twenty past four on Tuesday, the twenty-fourth of November 2026, in London."""
    return TUESDAY


@pytest.fixture
def router(memory: Memory) -> Router:
    return Router(memory)


@pytest.fixture
def ask(router: Router, now: datetime) -> Ask:
    def said(text: str, at: datetime = now) -> Reply:
        return reply_of(router, text, at)

    return said


@pytest.fixture(scope="module")
def fresh_ask() -> Ask:
    """Ask a router that has heard nothing before: for long tables, in RAM."""

    def said(text: str, at: datetime = TUESDAY) -> Reply:
        memory = Memory(None)
        try:
            return reply_of(Router(memory), text, at)
        finally:
            memory.close()

    return said
