"""The only way a Sample moves between threads."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Wipeable(Protocol):
    """What a mailbox holds: something whose content can be overwritten."""

    def wipe(self) -> None:
        """Overwrite the content."""


S = TypeVar("S", bound=Wipeable)


class Mailbox(Generic[S]):
    """Bounded; when it is full the oldest sample is overwritten and counted, and the newest always gets in.

    capacity: how many samples wait at most. let_go: is told of one that was let go, after its content is gone.
    dropped: how many were let go so far because the reader was late.
    """

    def __init__(self, capacity: int, let_go: Callable[[S], None] = lambda _: None) -> None:
        self._capacity = capacity
        self._let_go = let_go
        self._samples: deque[S] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._samples)

    def put(self, sample: S) -> None:
        """Leave a sample; never waits. After close() it is overwritten at once."""
        with self._changed:
            if self._closed:
                sample.wipe()
                return
            if len(self._samples) == self._capacity:
                oldest = self._samples.popleft()
                oldest.wipe()
                self.dropped += 1
                self._let_go(oldest)
            self._samples.append(sample)
            self._changed.notify()

    def take(self, timeout_s: float | None = None) -> S | None:
        """The oldest sample; waits for one. None when it is closed or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self._samples or self._closed, timeout_s)
            return self._samples.popleft() if self._samples else None

    def wipe(self) -> None:
        """Overwrite what waits."""
        with self._changed:
            while self._samples:
                self._samples.popleft().wipe()

    def close(self) -> None:
        """Overwrite what waits and let the readers go."""
        with self._changed:
            self._closed = True
            self.wipe()
            self._changed.notify_all()
