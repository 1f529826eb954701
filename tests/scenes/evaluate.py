"""`make eval-attention`: to whom was that said, judged on hours of scenes, next to other ways to open."""

import argparse
import multiprocessing
import os
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, get_args

import msgspec
from msgspec import Struct
from tests.bench.corpus import data_folder
from tests.scenes.eyesight import write_all as give_eyes
from tests.scenes.generate import write
from tests.scenes.listening import Recording, listen_all, recordings
from tests.scenes.mixer import Mixer
from tests.scenes.peers import press_to_talk, wake_word
from tests.scenes.picture import draw
from tests.scenes.score import Result, Score, score, sweep
from tests.scenes.script import Count, ScriptError
from tests.scenes.split import Side
from tests.scenes.voices import Cast

from sottovoce_device.perceive.moonshine import Wanted
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_wire.errors import SottovoceError

OUT: Final = Path("out/attention")
PROCESSES: Final = 2
OURS: Final = "sottovoce"
ENROLLED: Final = "sottovoce, enrolled"
SEEING: Final = "sottovoce, with sight"
VOICE_ACTIVITY: Final = "voice activity"
WAKE_WORD: Final = "wake word"


class Ours(Struct, frozen=True):
    """The glasses that are judged: how many microphones they have, and which recogniser."""

    microphones: Count
    recogniser: Wanted


def hear(way: str, scenes: list[Recording], side: Side, ours: Ours) -> list[Result]:
    """One way to open, on these scenes; runs in a process of its own."""
    if way == WAKE_WORD:
        return list(wake_word(scenes, side))
    mode = "everything" if way == VOICE_ACTIVITY else "decide"
    seen, known = way == SEEING, way == ENROLLED
    return list(listen_all(scenes, mode, enrolled=known, sees=seen, **msgspec.structs.asdict(ours)))


def hear_all(scenes: list[Recording], side: Side, ways: Sequence[str], ours: Ours) -> dict[str, list[Result]]:
    """All ways on all scenes, two processes at a time; press-to-talk follows from voice activity."""
    chunks = [scenes[n::8] for n in range(8) if scenes[n::8]]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        jobs = {way: [pool.submit(hear, way, chunk, side, ours) for chunk in chunks] for way in ways}
        found = {way: [r for job in parts for r in job.result()] for way, parts in jobs.items()}
    if VOICE_ACTIVITY in found:
        found["press to talk"] = press_to_talk(found[VOICE_ACTIVITY])
    return found


def talk(results: Sequence[Result]) -> list[Result]:
    """The scenes in which somebody says something that is not for the glasses."""
    return [r for r in results if any(not j.addressed for j in r.judged)]


def row(name: str, s: Score) -> str:
    """A line of the table."""
    cells = [
        f"{s.hours:.2f}",
        str(s.requests),
        s.misses.percent(),
        s.false_per_hour.plain(1),
        s.precision.plain(),
        s.recall.plain(),
        s.f1.plain(),
        str(s.recognised),
        f"{100 * s.word_errors:.1f} %",
        f"{s.delays_s[0]:.2f} / {s.delays_s[1]:.2f} s",
        s.cuts.percent(),
        f"{s.cpu_ms:.0f}",
    ]
    return f"| {name} | " + " | ".join("-" if "nan" in cell else cell for cell in cells) + " |"


HEAD: Final = (
    "| | hours | requests | missed | false openings an hour | precision | recall | F1 | others' words recognised "
    "| word errors | delay p50 / p95 | cut | CPU, ms a second of sound |\n" + 13 * "|---" + "|"
)


def report(found: dict[str, list[Result]], scores: dict[str, Score]) -> str:
    """The figures as tables: by kind of scene for the glasses, then every way side by side."""
    lines: list[str] = []
    for way in (OURS, ENROLLED, SEEING):
        if way not in found:
            continue
        ours = found[way]
        families = {family: [r for r in ours if r.family == family] for family in sorted({r.family for r in ours})}
        known = sum(r.hours for r in ours if r.enrolled)
        said = f" ({known:.2f} h with a wearer whose voice is known)" if way == ENROLLED else ""
        lines += [f"{way}, by kind of scene; 95 % intervals{said}", "", HEAD]
        lines += [row(name, score(results)) for name, results in families.items()]
        lines += [
            row("scenes with talk not for the glasses", score(talk(ours))) if talk(ours) else "",
            row("all", scores[way]),
            "",
        ]
    lines += ["ways to open, all scenes", "", HEAD, *(row(name, whole) for name, whole in scores.items())]
    return "\n".join(lines)


def about_peers(scenes: Sequence[Recording], scores: dict[str, Score]) -> str:
    """How the other ways were used, and what their rows do not say; nothing where only the glasses are judged."""
    if WAKE_WORD not in scores:
        return ""
    made, requests = sum(scene.script is not None for scene in scenes), scores[OURS].requests
    said = "is said before each request"
    if made < len(scenes):
        said = (
            f"is said in {made} of {len(scenes)} scenes, those with a script.toml: misses of the others are not its own"
        )
    return (
        f"\nThe wake word {said}; its delay, words and cuts are its assistant's, not judged."
        "\nPress to talk: a wearer who presses for every request and never else, so its figures follow from that."
        f"\nWhat either costs the wearer: {requests / scores[OURS].hours:.0f} words or presses an hour of these scenes."
    )


def ways_of(scenes: Sequence[Recording], peers: bool) -> list[str]:
    """The ways to open that tell something about these scenes: nobody is enrolled, and nothing seen, for nothing."""
    ours = [OURS]
    if any(scene.wearer for scene in scenes):
        ours.append(ENROLLED)
    if any(scene.seen for scene in scenes):
        ours.append(SEEING)
    return [*ours, VOICE_ACTIVITY, WAKE_WORD] if peers else ours


def scenes_of(given: argparse.Namespace) -> list[Recording]:
    """The user's folder, or scenes made now."""
    if given.folder:
        return recordings(given.folder, given.family)
    folder = given.out / "scenes"
    if mine := [place for place in folder.glob("*/sound.wav") if not place.with_name("script.toml").is_file()]:
        raise ScriptError(f"{mine[0]}: not made here, and would be lost; give --folder {folder}, or another --out")
    if not data_folder().is_dir():
        raise ScriptError(f"no development data at {data_folder()}: set SOTTOVOCE_DATA, or give --folder")
    shutil.rmtree(folder, ignore_errors=True)
    write(folder, given.side, given.hours, Mixer(Cast(Synthesiser())), given.seed, given.microphones)
    give_eyes(folder)
    return recordings(folder, given.family)


def main() -> None:
    """Evaluate as the command line says; scenes that cannot be played are one line, and exit code 2."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=2.0, help="of scenes to make")
    parser.add_argument("--side", choices=get_args(Side), default="test", help="whose voices, sentences and rooms")
    parser.add_argument("--seed", type=int, default=7, help="of the scenes; the published ones are of 7")
    parser.add_argument("--folder", type=Path, help="scenes of your own, see docs/scenes.md")
    parser.add_argument("--family", action="append", default=[], help="only scenes of this kind; may be repeated")
    parser.add_argument("--microphones", type=int, choices=get_args(Count), default=1, help="that the glasses have")
    parser.add_argument("--recogniser", choices=get_args(Wanted), default="best", help="of words, see docs/models.md")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--no-peers", action="store_true", help="only the glasses: three times as quick")
    given = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as on the glasses; for the processes that are started here
    try:
        evaluate(given)
    except (ScriptError, SottovoceError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def evaluate(given: argparse.Namespace) -> None:
    """Print the report, draw the curve, and keep both with the figures as JSON in --out."""
    try:
        given.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ScriptError(f"{given.out}: cannot be made ({error.strerror}); give another --out") from None
    scenes = scenes_of(given)
    ways = ways_of(scenes, peers=not given.no_peers)
    found = hear_all(scenes, given.side, ways, Ours(given.microphones, given.recogniser))
    scores = {name: score(results) for name, results in found.items()}
    text = report(found, scores) + "\n" + about_peers(scenes, scores)
    print(text)
    (given.out / "report.md").write_text(text + "\n")
    (given.out / "results.json").write_bytes(msgspec.json.encode(found))
    hours, requests = scores[OURS].hours, scores[OURS].requests
    behind = f"{len(scenes)} scenes, {hours:.2f} h, {requests} requests"
    draw(given.out / "thresholds.png", sweep(found[OURS]), scores, behind)
    print(f"\n{given.out}/report.md, results.json, thresholds.png")


if __name__ == "__main__":
    main()
