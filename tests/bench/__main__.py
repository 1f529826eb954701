"""`make bench`: what sottovoce costs here, next to its limits. Prints, and draws out/waterfall.png."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import corpus
import jiwer
import live
import numpy as np
from msgspec import Struct
from waterfall import draw

from sottovoce_device.capture.sample import Sample
from sottovoce_device.config import AttentionConfig, Config
from sottovoce_device.perceive.moonshine import Moonshine
from sottovoce_device.replay import Replay
from sottovoce_host.conversation import Turn
from sottovoce_wire import Said

STAGES = ("voice fades", "waits to be sure", "words and turn model", "mind", "voice")
OUT = Path("out")
EARLY_MS, LATE_MS = -100, 350
"""How far voice activity may see the end from where it is: beyond these it saw a pause, or a noise came after it."""


class Limit(Struct, frozen=True):
    """A figure and what it must not exceed."""

    name: str
    value: float
    limit: float
    unit: str

    def line(self) -> str:
        """One line of the table."""
        verdict = "ok" if self.value <= self.limit else f"MISSED by {self.value - self.limit:.1f} {self.unit}"
        return f"  {self.name:56} {self.value:8.1f} {self.unit:4} limit {self.limit:6.0f}  {verdict}"


def replayed(replay: Replay, path: Path) -> list[Said]:
    """The final words that leave on this file, in scene time."""
    return [left.event for left in replay.run(path) if isinstance(left.event, Said)]


def stages_of(turn: Turn, fade_ms: float) -> list[float]:
    """Milliseconds of each stage of a turn, from the last sound of speech to the first sound of the reply."""
    times = [turn.ended_ms, turn.decided_ms, turn.heard_ms, turn.replied_ms, turn.sounded_ms or turn.replied_ms]
    stages = [fade_ms, *np.diff(times)]
    if fade_ms < 0:  # voice activity ended before the sound did: that time was waited
        stages[:2] = [0.0, stages[1] + fade_ms]
    return stages


def latency(turns: list[Turn], expected: list[Said], ends_ms: list[float]) -> list[list[float]]:
    """Stages of every turn that was answered when its utterance was over.

    The same scene in virtual time tells where voice activity detection saw the end of each turn; the utterance's true
    end is known. A turn that ends inside an utterance (the speaker paused) is no answer to it and is left out.
    """
    out = []
    for turn, same in zip(turns, expected, strict=False):
        fades = [same.ended_ms - end for end in ends_ms if abs(same.ended_ms - end) < 350]
        if fades:
            out.append(stages_of(turn, fades[0]))
    return out


def word_errors(replay: Replay, moonshine: Moonshine) -> list[Limit]:
    """Word error rate of what leaves, against the recogniser fed the same utterances whole."""

    def plain(text: str) -> str:
        return " ".join(re.findall(r"[a-z']+", text.lower()))

    path = corpus.WEIGHTS / "two_cities.wav"
    said = replayed(replay, path)
    sound = corpus.read(path)
    spans = [sound[max(0, s.started_ms - 200) * 16 : (s.ended_ms + 200) * 16].copy() for s in said]
    whole = [moonshine.infer(Sample(span, 0.0)) for span in spans]
    truth = plain(corpus.TWO_CITIES)
    final = 100 * jiwer.wer(truth, plain(" ".join(s.text for s in said)))
    fed = 100 * jiwer.wer(truth, plain(" ".join(w.text for w in whole if w)))
    print(f"\nwords (a recording of {len(truth.split())} words): final text {final:.1f} % wrong, fed whole {fed:.1f} %")
    return [Limit("word error rate above the recogniser fed whole", final - fed, 1, "pt")]


async def measure(folder: Path, replay: Replay) -> list[Limit]:
    """Latency, CPU, start-up and memory of the live processes."""
    utterances, what = corpus.requests(20)
    scene = corpus.scene(folder / "requests.wav", utterances, pause_s=3.5)
    quiet = corpus.scene(folder / "quiet.wav", [corpus.Utterance("", corpus.silence(1))], 60).path
    talk = corpus.WEIGHTS / "two_cities.wav"
    expected = replayed(replay, scene.path)
    async with live.host(folder) as (conversation, port, host_s):
        turns, costs = await live.turns_of(conversation, port, scene, folder)
        silent, ready_s = await live.cpu_per_second(conversation, port, quiet, folder, "silence", 20)
        speech, _ = await live.cpu_per_second(conversation, port, talk, folder, "speech", 25)
    rows = latency(turns, expected, scene.ends_ms)
    total = [sum(row) for row in rows]
    print(f"\nlatency, {what}, {len(rows)} of {len(utterances)} answered in one piece:")
    for name, column in zip(STAGES, zip(*rows, strict=True), strict=True):
        print(f"  {name:24} p50 {np.percentile(column, 50):5.0f} ms   p95 {np.percentile(column, 95):5.0f} ms")
    draw(OUT / "waterfall.png", STAGES, rows)
    print(f"  drawn in {(OUT / 'waterfall.png').resolve()}")
    print("\nCPU, share of one core:")
    for part in ("sense", "gate", "host"):
        print(f"  {part:8} silence {silent[part]:6.1%}   speech {speech[part]:6.1%}")
    print("\nresident memory: " + ", ".join(f"{part} {mb:.0f} MB" for part, mb in costs.rss_mb.items()))
    print(f"start-up: glasses {ready_s:.1f} s to sensing, host {host_s:.1f} s to listening")
    return [
        Limit("end of speech to first sound, p50", float(np.percentile(total, 50)), 500, "ms"),
        Limit("end of speech to first sound, p95", float(np.percentile(total, 95)), 900, "ms"),
        Limit("CPU of the glasses in silence, of one core", 100 * (silent["sense"] + silent["gate"]), 4, "%"),
        Limit("memory of the two processes of the glasses", costs.rss_mb["sense"] + costs.rss_mb["gate"], 400, "MB"),
    ]


def main() -> int:
    """Measure everything; exit code 1 where a limit is missed."""
    OUT.mkdir(exist_ok=True)
    replay = Replay(Config(attention=AttentionConfig(mode="everything")))
    with tempfile.TemporaryDirectory(prefix="sottovoce-bench-") as folder:
        limits = asyncio.run(measure(Path(folder), replay))
    limits += word_errors(replay, replay.recogniser)
    print("\nlimits:")
    for limit in limits:
        print(limit.line())
    return 0 if all(limit.value <= limit.limit for limit in limits) else 1


if __name__ == "__main__":
    sys.exit(main())
