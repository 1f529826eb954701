"""A thread for a model: stretches of sound go in through a mailbox, answers come out by a callback."""

import threading
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sottovoce_device.capture.mailbox import Mailbox
from sottovoce_device.capture.sample import Sample
from sottovoce_device.decide.ask import Ask
from sottovoce_device.observation import Transcript, TurnEnd, Voiceprint
from sottovoce_device.sense.stall import Stall

WAITING: Final = 8
"""More than this many stretches never wait: partial ones are only submitted to an idle worker."""

Found = Transcript | TurnEnd | Voiceprint
Infer = Callable[[Sample, Callable[[], bool]], Found | None]
"""Runs the model on a sample; may give up, returning None, when the callable says so."""
Answer = Callable[[Ask, Found | None], None]


class Job(NamedTuple):
    """A stretch of sound and what is asked of it."""

    ask: Ask
    speech: Sample

    def wipe(self) -> None:
        """Overwrite the sound."""
        self.speech.wipe()


class Worker:
    """One model on one thread. A partial pass gives up as soon as something that matters more waits.

    What is let go because the model is late is answered, too, with None: nobody waits for it.
    """

    def __init__(self, name: str, infer: Infer, answer: Answer, fail: Callable[[BaseException], None]) -> None:
        self._mailbox: Mailbox[Job] = Mailbox(WAITING, lambda job: answer(job.ask, None))
        self._infer = infer
        self._answer = answer
        self._fail = fail
        self._busy = False
        self._heard = 0
        self._thread = threading.Thread(target=self._run, name=name)
        self._thread.start()

    def submit(self, ask: Ask, speech: Sample) -> None:
        """Have the model hear this; words that are still being said are skipped when the model is busy."""
        if ask.kind == "words" and (self._busy or len(self._mailbox)):
            speech.wipe()
            return
        self._mailbox.put(Job(ask, speech))

    def forget(self) -> None:
        """Overwrite what waits; nobody is told."""
        self._mailbox.wipe()

    def close(self) -> None:
        """Finish what runs, overwrite what waits, end the thread."""
        self._mailbox.close()
        self._thread.join()

    @property
    def at(self) -> int:
        """The number of the stretch that the model is at; 0 while it is idle."""
        return self._heard if self._busy else 0

    @property
    def dropped(self) -> int:
        """How many stretches were let go because the model was late."""
        return self._mailbox.dropped

    def _wanted_more(self) -> bool:
        return len(self._mailbox) > 0

    def _run(self) -> None:
        while (job := self._mailbox.take()) is not None:
            self._heard += 1
            self._busy = True
            try:
                found = self._infer(job.speech, self._wanted_more if job.ask.kind == "words" else _never)
                self._answer(job.ask, found)
            except BaseException as error:  # noqa: BLE001 -- handed to the main thread, which ends the process with it
                self._fail(error)
                return
            finally:
                job.wipe()
                self._busy = False


class Workers:
    """The workers by the kind of ask that is theirs; a kind that has none goes to "words"."""

    def __init__(self, workers: Mapping[str, Worker]) -> None:
        self._workers = workers
        self._stalls = {kind: Stall() for kind in workers}

    def submit(self, ask: Ask, speech: Sample) -> None:
        """Have the right model hear this."""
        self._workers.get(ask.kind, self._workers["words"]).submit(ask, speech)

    def forget(self) -> None:
        """Overwrite what waits; nobody is told."""
        for worker in self._workers.values():
            worker.forget()

    def close(self) -> None:
        """Finish what runs, overwrite what waits, end the threads."""
        for worker in self._workers.values():
            worker.close()

    @property
    def dropped(self) -> int:
        """How many stretches were let go because a model was late."""
        return sum(worker.dropped for worker in self._workers.values())

    def stalled(self, now_ms: float, longest_ms: float) -> bool:
        """Whether a model has been at one stretch for longer than that: it hangs."""
        lasts_ms = [self._stalls[kind].lasts_ms(worker.at, now_ms) for kind, worker in self._workers.items()]
        return max(lasts_ms) > longest_ms


def _never() -> bool:
    return False
