"""The page that a sceptic reads: each promise, what was tried, what happened, which layer held it; what was not."""

from collections import Counter
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Final

from tests.prove.builds import LEAKING
from tests.prove.canary import Result
from tests.prove.lifetime import EXCUSED, OVER_S, Aftermath
from tests.prove.pipe import CODEC2_BIT_S, Pipe
from tests.prove.search import Found
from tests.prove.trials import LAYERS, Outcome

Outcomes = Mapping[tuple[str, str], Outcome]
WIDTH: Final = 110
OLDER: Final = " (thread from before)"
CLOSED_BY: Final = {
    ("landlock", "seccomp"): "either layer alone",
    ("seccomp",): "seccomp alone",
    ("landlock",): "Landlock alone",
    (): "only the two together",
}
FORMS: Final = (
    "Looked for as copies of 32 bytes and more (int16, float32 and float64, pixels and grey), and by likeness: scaled, "
    "mu-law, A-law, 8, 16, 24 and 32 bits, stereo, 8 to 48 kHz, small pictures, JPEG and PNG; all that in base64, "
    "base85, base32, hex, zlib, gzip, bzip2, xz and in each other; in the texts and numbers of events, in numbers "
    "of logs. In the two memories: copies, and likeness in the usual forms at 16 and 8 kHz, wrapped or not; of "
    "their pages those that changed since before the sensors were opened, because the others cannot hold any of it."
)
NOT_TRIED: Final = (
    "Encryption, or a code that this search does not know: only the narrow pipe bounds those.",
    "The timing and order of messages; load, and other signs to an accomplice on the same computer.",
    "Real microphones and cameras: the drivers are the simulated ones. Buffers inside the kernel.",
    "TLS: the wire is plain in this run, so that it can be read.",
    "Sense's own memory while a turn lasts: what is heard has to be somewhere until it is over.",
    "Whether the words that left were meant to leave: docs/attention.md has those rates.",
)


class Page:
    """The text, line by line.

    failed: how many promises did not hold or were not proved, once it is read. broken: how many of them did not hold.
    """

    def __init__(self, outcomes: Outcomes) -> None:
        self._outcomes = outcomes
        self.failed = self.broken = 0

    def lines(self) -> Iterator[str]:
        """All of it."""
        yield "sottovoce: proof instead of promise".center(WIDTH).rstrip()
        for part in (self._seal, self._canary, self._leaks, self._memory, self._pipe):
            yield from part()
            yield ""
        yield "Not tried, so not proved"
        yield from (f"   - {line}" for line in NOT_TRIED)
        yield ""
        yield from self._sum()

    def _sum(self) -> Iterator[str]:
        if self.broken:
            yield f"{self.broken} NOT HELD."
        if self.failed > self.broken:
            yield f"{self.failed - self.broken} NOT PROVED: a trial could not be held here, see above; run it again."
        if not self.failed:
            yield "Every promise on this page held."

    def _verdict(self, promise: str, *, held: bool, broken: bool) -> str:
        """The promise and what became of it. A trial that could not be held proves nothing, and breaks nothing."""
        self.failed += not held
        self.broken += broken
        return f"{promise.ljust(WIDTH - 10)} {'held' if held else 'NOT HELD' if broken else 'NOT PROVED'}"

    def _of_one(self, promise: str, trial: tuple[str, str], *, held: bool) -> str:
        """The same of a promise that a single trial proves."""
        return self._verdict(promise, held=held, broken=not held and not self._outcomes[trial].failed)

    def _troubles(self, *trials: tuple[str, str]) -> list[str]:
        """Why any of these trials could not be held."""
        outcomes = [self._outcomes[trial] for trial in trials]
        return [f"   NOT TRIED, {outcome.name}: {outcome.failed}" for outcome in outcomes if outcome.failed]

    def _seal(self) -> Iterator[str]:
        promise = "1  Sealed, sense has no way out but its one socket to the gate."
        trials = [("seal", layer) for layer in LAYERS]
        if troubles := self._troubles(*trials):
            both = self._outcomes["seal", "both"]
            broken = not both.failed and any(not result.startswith("denied") for result in both.gave.values())
            yield self._verdict(promise, held=False, broken=broken)
            yield from troubles
            return
        tried: dict[str, dict[str, str]] = {layer: self._outcomes["seal", layer].gave for layer in LAYERS}
        opened = sorted(name for name, result in tried["both"].items() if not result.startswith("denied"))
        ways = [name for name in tried["both"] if not name.endswith(OLDER)]
        held = not opened and len(ways) > 50
        yield self._verdict(promise, held=held, broken=not held)
        by: Counter[str] = Counter()
        for way in ways:
            shut = tuple(layer for layer in ("landlock", "seccomp") if tried[layer][way] != "OPEN")
            by[CLOSED_BY[shut] if tried["none"][way] == "OPEN" else "this machine anyway"] += 1
        yield from _text(
            f"Tried from within, its models and drivers at work: {len(ways)} ways out, each from a thread older than "
            f"the seal and from a younger one. Denied: {len(tried['both']) - len(opened)} of {len(tried['both'])}. "
            f"Closed by {'; by '.join(f'{name}: {count}' for name, count in by.most_common())}. "
            f"Without a seal {sum(tried['none'][way] == 'OPEN' for way in ways)} of them are open."
        )
        yield from (f"      OPEN: {name}" for name in opened)

    def _canary(self) -> Iterator[str]:
        result: Result | None = self._outcomes["canary", "the product"].gave
        promise = "2  Nothing of what is heard or seen is in what leaves, is stored, logged or remembered."
        yield self._of_one(promise, ("canary", "the product"), held=result is not None and not result.found)
        yield from _text(
            "A sound and a picture with a watermark drawn for this run went through the simulated sensors of the real "
            "sense, gate, broker, mind and voice. The glasses took all speech as said to them; it was recognised and "
            "answered, and they looked at the picture. Then all bytes were searched. Held by: the wire's types, "
            "the gate's judge, the seal."
        )
        yield from self._troubles(("canary", "the product"))
        if result is not None:
            traces = Counter(found.where for found in result.found)
            for where, size in result.searched.items():
                yield f"      {where:26} {size:>13,} bytes   {traces[where] or 'no'} trace"
            yield from _shown(result.found)
        yield from _text(FORMS)

    def _leaks(self) -> Iterator[str]:
        caught = {name: self._where_it_shows(name) for name in LEAKING}
        kept = self._aftermath("sense keeps")
        trials = {
            **{("canary", name): bool(caught[name]) for name in LEAKING},
            ("memory", "sense keeps"): bool(kept and kept.left),
        }
        broken = any(not shows and not self._outcomes[trial].failed for trial, shows in trials.items())
        yield self._verdict(
            "   The same search fails on builds that leak on purpose.", held=all(trials.values()), broken=broken
        )
        for name, build in LEAKING.items():
            traces = caught[name]
            missed = "NOT TRIED" if self._outcomes["canary", name].failed else "MISSED"
            told = f"caught: {traces[0].where}, {traces[0].form}, {traces[0].strength}" if traces else missed
            yield f"      {build.leaks:46} {told}"
        missed = "NOT TRIED" if self._outcomes["memory", "sense keeps"].failed else "MISSED"
        told = f"caught: memory, {kept.left[0].form}, {kept.left[0].strength}" if kept and kept.left else missed
        yield f"      {'sense keeps what it heard':46} {told}"
        yield from self._troubles(*trials)

    def _where_it_shows(self, name: str) -> list[Found]:
        result: Result | None = self._outcomes["canary", name].gave
        found = [] if result is None else result.found
        return [trace for trace in found if trace.where == LEAKING[name].shows_in]

    def _aftermath(self, name: str) -> Aftermath | None:
        found: Aftermath | None = self._outcomes["memory", name].gave
        return found

    def _memory(self) -> Iterator[str]:
        found = self._aftermath("the product")
        held = found is not None and not found.left and found.during >= {"float32", "pixels"}
        promise = "3  What is heard and seen is overwritten in RAM when its turn is over."
        yield self._of_one(promise, ("memory", "the product"), held=held)
        yield from self._troubles(("memory", "the product"))
        if found is None:
            return
        yield from _text(
            f"The memory of the live, sealed sense, {found.searched:,} bytes, was searched {OVER_S} s after the "
            f"sound's end. While it was heard and seen, it was there ({', '.join(sorted(found.during))}); afterwards: "
            f"{'SEE BELOW' if found.left else 'no trace'}. Held by: overwriting of samples and frames, of what models "
            "keep, and by the C library of what they free. Excused, by name and size:"
        )
        yield from (f"      {excuse.where}, up to {excuse.most:,} bytes: {excuse.why}" for excuse in EXCUSED)
        yield from _shown(found.left)

    def _pipe(self) -> Iterator[str]:
        pipe: Pipe | None = self._outcomes["pipe", "flood"].gave
        promise = "4  All that leaves, hidden bits too, is less than the narrowest speech codec needs."
        yield self._of_one(promise, ("pipe", "flood"), held=pipe is not None and pipe.held)
        yield from self._troubles(("pipe", "flood"))
        if pipe is not None:
            yield from _text(
                f"A flood of {pipe.tried_bytes:,} bytes of random text in an hour of the judge's time: after a burst "
                f"of {pipe.burst_bytes:,} bytes {pipe.sustained_bit_s:.0f} bit/s left (stated: {pipe.allowed_bit_s}; "
                f"Codec2 needs {CODEC2_BIT_S}). Held by: the gate's bucket of bits, which charges numbers, order and "
                "moments, too: docs/privacy.md counts them, tests/device/test_pipe.py hides bits in each."
            )


def _text(words: str) -> list[str]:
    return wrap(words, WIDTH, initial_indent="   ", subsequent_indent="   ")


def _shown(found: list[Found]) -> Iterator[str]:
    return (f"      FOUND in {trace.where}: {trace.form}, {trace.strength}" for trace in found)
