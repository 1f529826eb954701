"""What the demo shows in the terminal."""

import statistics
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from sottovoce_host.link.link import Arrived
from sottovoce_host.mind.reply import Ring
from sottovoce_host.turn import Observer, Turn
from sottovoce_wire import Attended, Hearing, Read, Said, Vitals, encode
from sottovoce_wire.because import because
from sottovoce_wire.topics import event_topic


class Screen(Observer):
    """Tells a stranger, line by line, what goes in, what leaves and what comes back."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, transient=True, auto_refresh=False)
        self.turns: list[Turn] = []
        self.refused = 0
        self.rang = 0
        self.left_bytes = 0
        self.left_events = 0
        self._begun: set[int] = set()
        self.memory_mb = 0

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def line(self, label: str, text: str, style: str = "") -> None:
        """A line: a label in its column, then the text."""
        self._console.print(Text.assemble((f"{label:>9}  ", "dim"), (text, style)), soft_wrap=True)

    def caption(self, text: str) -> None:
        """A new line of the script begins."""
        self._console.print()
        self.line("in", f"▶ {text}", "bold")

    def arrived(self, arrived: Arrived) -> None:
        """Count what left; show what was heard, the event to the letter, or why nothing left."""
        event = arrived.event
        self.left_bytes += arrived.size
        self.left_events += 1
        match event:
            case Hearing():
                self._begun.add(event.turn)
                self._live.update(
                    Text.assemble(("  hearing  ", "dim"), (event.text, "italic")), refresh=self._console.is_terminal
                )
            case Attended(opened=True):
                self.line("opened", because(event).removeprefix("opened "), "dim")
            case Attended():
                self._shut(event)
                self._left(arrived)
            case Said():
                self._live.update(Text(""), refresh=self._console.is_terminal)
                self.line("heard", f"“{event.text}”", "cyan")
                self._left(arrived)
            case Read() if event.command:
                self.line("saw", f"“{event.text}”, where the {event.source} was when “that” was said", "cyan")
                self._left(arrived)
            case Vitals():
                self.memory_mb = max(self.memory_mb, event.memory_mb)
            case _:
                pass

    def sounding(self, turn: Turn) -> None:
        """Show the reply and how long it took."""
        self.turns.append(turn)
        self.line("reply", f"“{turn.reply.text}”  ({turn.reply.specialist})", "green")
        stages = [
            f"end of speech → final text {turn.heard_ms - turn.ended_ms:.0f} ms",
            f"reply text {turn.replied_ms - turn.ended_ms:.0f} ms",
            f"first sound {(turn.sounded_ms or 0) - turn.ended_ms:.0f} ms",
        ]
        self.line("latency", " → ".join(stages), "magenta")

    def ringing(self, ring: Ring) -> None:
        """Show a timer that rings."""
        self.rang += 1
        self._console.print()
        self.line("rings", f"“{ring.text}”", "green")

    def summary(self, seconds: float, replies: str) -> None:
        """What a stranger should take away."""
        taken = [(t.sounded_ms or 0) - t.ended_ms for t in self.turns]
        sensed = seconds * 16_000 * 2
        self._console.print()
        self._console.rule("what happened")
        self.line("answered", f"{len(self.turns)} turns, by voice; timers that rang: {self.rang}")
        self.line("shut", f"{self.refused} stretches of speech were not for the glasses: not a word of them left")
        self.line(
            "sensed",
            f"{sensed / 1e6:.2f} MB of sound in {seconds:.0f} s and five pictures a second, in RAM, overwritten",
        )
        share = self.left_bytes / sensed
        self.line("left", f"{self.left_bytes} bytes in {self.left_events} text events: {share:.2%} of the sound alone")
        if taken:
            self.line(
                "latency", f"end of speech → first sound: {statistics.median(taken):.0f} ms median of these turns"
            )
        if self.memory_mb:
            self.line("memory", f"{self.memory_mb} MB for both processes of the glasses")
        self.line("replies", replies)

    def _shut(self, verdict: Attended) -> None:
        """Why the gate stayed shut; or that it closed again after the first words had left."""
        if verdict.turn in self._begun:
            self.line("shut", f"closed again after the first words: {because(verdict)}", "yellow")
            return
        self.refused += 1
        self.line("shut", f"no words left the glasses; they {because(verdict)}", "yellow")

    def _left(self, arrived: Arrived) -> None:
        data = encode(arrived.event).decode()
        self.line("left", f"{arrived.size} bytes to {event_topic(arrived.device, arrived.event)}")
        self.line("", data, "dim")


def new_console() -> Console:
    """The terminal."""
    return Console(highlight=False)
