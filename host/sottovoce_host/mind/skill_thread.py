"""A thread for each skill of the user's: what blocks there keeps nothing else from going on."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

from sottovoce_host.mind.specialist import Specialist

T = TypeVar("T")

LOAD_S: Final = 30.0
"""How long a skill may take to be made: some load large libraries."""


class SkillThread:
    """A skill, made and asked on one thread that is its own, one request after the other.

    make: gives the skill; what it raises is raised here, and TimeoutError where it takes longer than load_s.
    patience_s: for how long whoever asks waits for its answer. The thread ends with the process, whatever it does.
    """

    def __init__(self, make: Callable[[], Specialist], patience_s: float, load_s: float = LOAD_S) -> None:
        self.patience_s: Final = patience_s
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._given_up: Future[Any] | None = None
        Thread(target=self._run, name="skill", daemon=True).start()
        self.skill: Final = self.do(make).result(load_s)

    @property
    def stuck(self) -> bool:
        """Whether it is still at a request that nobody waits for any more."""
        return self._given_up is not None and not self._given_up.done()

    def do(self, job: Callable[[], T]) -> Future[T]:
        """Have it done after all that was asked for before."""
        future: Future[T] = Future()
        self._work.put(lambda: _settle(future, job))
        return future

    def give_up(self, future: Future[T]) -> None:
        """Nobody waits for this any more: it is not begun, or the skill is stuck until it is done."""
        if not future.cancel():
            self._given_up = future

    def _run(self) -> None:
        while True:
            self._work.get()()


def _settle(future: Future[T], job: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = job()
    except BaseException as error:  # noqa: BLE001 -- whatever a file of the user's raises: whoever waits gets it
        future.set_exception(error)
    else:
        future.set_result(result)
