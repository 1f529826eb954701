"""Verdicts against the truth: misses, false openings, words that should not have been recognised, errors, delay."""

import math
import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from num2words import num2words
from tests.scenes.intervals import Rate, bootstrap, poisson, wilson
from tests.scenes.mixer import Truth
from tests.scenes.openings import Turn, overlap_s, to_device, utterance_of

HIT_S: Final = 0.3
"""An opening that shares this much with a request heard it."""
CUT_S: Final = 0.4
"""A turn that ends so long before its request does has cut it."""
LATE_S: Final = 3.0
"""An answer later than this after the request's end is no answer to it."""


class Judged(Struct, frozen=True):
    """What became of one utterance.

    addressed: said to the glasses by their wearer. opened: words of it left. confidence: 0 to 100.
    delay_s: from its end to the last verdict. said: the words that left. cut: parted, or ended early.
    """

    truth: Truth
    addressed: bool
    opened: bool
    confidence: int
    delay_s: float = math.nan
    said: str = ""
    cut: bool = False


class Stray(Struct, frozen=True):
    """A turn that belongs to no utterance: noise, music."""

    opened: bool
    confidence: int


class Result(Struct, frozen=True):
    """What became of one scene.

    recognised: words of people other than the wearer that the recogniser made, whether or not they left; and how many
    seconds of others' speech it was given. cpu_s: what hearing the scene cost; NaN where it was not heard.
    enrolled: its wearer's voice was known.
    """

    family: str
    hours: float
    judged: tuple[Judged, ...]
    strays: tuple[Stray, ...] = ()
    recognised: int = 0
    given_s: float = 0.0
    cpu_s: float = math.nan
    enrolled: bool = False


def judge(family: str, seconds: float, truth: list[Truth], turns: list[Turn]) -> Result:
    """Assign each turn to what was said, each utterance to what became of it."""
    spoken = [t for t in truth if t.who != "device"]
    taken: set[int] = set()
    judged = []
    for utterance in spoken:
        mine = [n for n, turn in enumerate(turns) if _belongs(turn, utterance, spoken)]
        taken |= set(mine)
        judged.append(_verdict(utterance, [turns[n] for n in mine]))
    rest = tuple(Stray(turn.opened, turn.confidence) for n, turn in enumerate(turns) if n not in taken)
    return Result(family, seconds / 3600, tuple(judged), rest)


def _belongs(turn: Turn, utterance: Truth, spoken: list[Truth]) -> bool:
    """A request takes every turn that heard a good part of it; anything else only turns that heard no request."""
    if to_device(utterance):
        if turn.final or turn.opened:
            return overlap_s(turn, utterance) >= min(HIT_S, (utterance.end_s - utterance.start_s) / 2)
        return utterance_of(turn, spoken) is utterance
    met = [t for t in spoken if to_device(t) and overlap_s(turn, t) >= HIT_S]
    return not met and utterance_of(turn, spoken) is utterance


def _verdict(utterance: Truth, turns: list[Turn]) -> Judged:
    opened = [t for t in turns if t.opened]
    said = " ".join(t.words for t in opened if t.final).strip()
    confidence = max((t.confidence for t in turns), default=0)
    last = max((t.at_s for t in opened), default=math.nan)
    ends = max((t.end_s for t in opened if t.final), default=math.nan)
    cut = len([t for t in opened if t.final]) > 1 or utterance.end_s - ends > CUT_S
    delay = last - utterance.end_s
    delay = delay if abs(delay) <= LATE_S else math.nan
    return Judged(utterance, to_device(utterance), bool(opened), confidence, delay, said, cut)


class Score(Struct, frozen=True):
    """The figures of some scenes, with 95 % intervals; `hours` and `requests` say what stands behind them.

    word_errors: on requests that opened and whose words are known. delays_s: median and 95th percentile.
    cuts: of requests that opened, those that were parted or ended early. cpu_ms: a second of sound.
    """

    hours: float
    requests: int
    misses: Rate
    false_per_hour: Rate
    precision: Rate
    recall: Rate
    f1: Rate
    recognised: int
    given_s: float
    word_errors: float
    delays_s: tuple[float, float]
    cuts: Rate
    cpu_ms: float


def score(results: Sequence[Result], threshold: int | None = None) -> Score:
    """The figures. threshold: as if everything from this confidence on had opened; None: as it did."""
    hit, requests, false = _counts(results, threshold)
    hours = sum(r.hours for r in results)
    opened = [j for r in results for j in r.judged if j.addressed and j.opened]
    delays = sorted(j.delay_s for j in opened if not math.isnan(j.delay_s))
    return Score(
        hours=hours,
        requests=requests,
        misses=wilson(requests - hit, requests),
        false_per_hour=poisson(false, hours),
        precision=wilson(hit, hit + false),
        recall=wilson(hit, requests),
        f1=bootstrap(results, lambda some: _f1(some, threshold)),
        recognised=sum(r.recognised for r in results),
        given_s=sum(r.given_s for r in results),
        word_errors=word_errors([(j.truth.text, j.said) for j in opened if j.truth.text and j.said]),
        delays_s=(_quantile(delays, 0.5), _quantile(delays, 0.95)),
        cuts=wilson(sum(j.cut for j in opened), len(opened)),
        cpu_ms=sum(r.cpu_s for r in results) / (3.6 * hours) if hours else math.nan,
    )


def _counts(results: Sequence[Result], threshold: int | None) -> tuple[int, int, int]:
    """Requests heard, requests, false openings."""
    hit = requests = false = 0
    for result in results:
        for judged in result.judged:
            requests += judged.addressed
            hit += judged.addressed and _opens(judged, threshold)
            false += not judged.addressed and _opens(judged, threshold)
        false += sum(_opens(stray, threshold) for stray in result.strays)
    return hit, requests, false


def _opens(turn: Judged | Stray, threshold: int | None) -> bool:
    return turn.opened if threshold is None else turn.confidence >= threshold


def _f1(results: Sequence[Result], threshold: int | None) -> float:
    hit, requests, false = _counts(results, threshold)
    return 2 * hit / (hit + false + requests) if requests else math.nan


def sweep(results: Sequence[Result]) -> list[tuple[int, float, float]]:
    """Threshold, part of the requests missed, false openings an hour: for the curve."""
    hours = sum(r.hours for r in results)
    points = []
    for threshold in range(1, 101):
        hit, requests, false = _counts(results, threshold)
        points.append((threshold, 1 - hit / requests if requests else math.nan, false / hours if hours else math.nan))
    return points


def word_errors(pairs: list[tuple[str, str]]) -> float:
    """Word error rate: of what was said, what was heard; numbers and case normalised."""
    import jiwer

    if not pairs:
        return math.nan
    return float(jiwer.wer([plain(said) for said, _ in pairs], [plain(heard) for _, heard in pairs]))


def plain(text: str) -> str:
    """Lower case, numbers as words, no punctuation."""
    text = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("%", " percent ")
    text = re.sub(r"\b(\d{1,2}):(\d\d)\b", lambda m: f"{m[1]} {m[2] if m[2] != '00' else ''}", text)
    text = re.sub(r"\d+", lambda m: f" {num2words(int(m[0]))} ", text)
    return " ".join(re.findall(r"[a-z']+", text.replace("-", " "))) or "nothing"


def _quantile(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, round(part * (len(values) - 1)))] if values else math.nan
