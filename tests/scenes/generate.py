"""Scenes for hours: `python -m tests.scenes.generate --side test --hours 2 --out FOLDER`."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
from msgspec.structs import replace
from tests.scenes.draws import Draws
from tests.scenes.families import FAMILIES, Scene
from tests.scenes.mixer import Mixed, Mixer, write_pcm, write_scene
from tests.scenes.noises import RATE_HZ
from tests.scenes.rooms import Room
from tests.scenes.script import Count, Noise, Script, ScriptError
from tests.scenes.split import Side
from tests.scenes.voices import Cast

from sottovoce_host.voice.hibari import Synthesiser


def scenes(
    side: Side, hours: float, mixer: Mixer, seed: int = 0, microphones: Count = 1
) -> Iterator[tuple[Scene, Mixed]]:
    """Scenes of all families until each has its share of the hours, at least one of each. Deterministic.

    The first microphone hears the same, whether there is a second or not.
    """
    draws = Draws(side, seed)
    left_s = {name: share * hours * 3600 for name, (_, share) in FAMILIES.items()}
    numbers = dict.fromkeys(FAMILIES, 0)
    while any(seconds > 0 for seconds in left_s.values()):
        for family, (make, _) in FAMILIES.items():
            if left_s[family] <= 0:
                continue
            numbers[family] += 1
            scene = make(draws, f"{family}-{numbers[family]:03}")
            scene = replace(scene, script=replace(scene.script, microphones=microphones))
            mixed = mixer.mix(scene.script)
            left_s[family] -= mixed.pcm.shape[1] / RATE_HZ
            yield scene, mixed


def enrolment(scene: Scene) -> Script:
    """How the wearer of this scene is enrolled: at home, with the same glasses."""
    wearer = tuple(person for person in scene.script.people if person.name == "wearer")
    room = Room("room", (4.2, 3.4, 2.5), 0.35)
    noises = (Noise("pink", 32.0),)
    return Script("wearer", wearer, scene.enrolment, room, noises, gain_db=scene.script.gain_db, tail_s=0.5)


def write(folder: Path, side: Side, hours: float, mixer: Mixer, seed: int = 0, microphones: Count = 1) -> list[Path]:
    """Write scenes in the layout of docs/scenes.md; the folders."""
    places = []
    for scene, mixed in scenes(side, hours, mixer, seed, microphones):
        place = write_scene(folder, scene.script, mixed)
        if scene.enrolment:
            write_pcm(place / "wearer.wav", mixer.mix(enrolment(scene)).pcm)
        places.append(place)
    return places


def main() -> None:
    """Write scenes and say what they hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", choices=get_args(Side), default="train")
    parser.add_argument("--hours", type=float, default=0.25)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--microphones", type=int, choices=get_args(Count), default=1)
    parser.add_argument("--out", type=Path, default=Path("out/scenes"))
    given = parser.parse_args()
    mixer = Mixer(Cast(Synthesiser()))
    try:
        places = write(given.out, given.side, given.hours, mixer, given.seed, given.microphones)
    except ScriptError as error:
        parser.error(str(error))
    lines = sum(len((place / "truth.jsonl").read_text().splitlines()) for place in places)
    print(msgspec.json.encode({"folder": str(given.out), "scenes": len(places), "utterances": lines}).decode())


if __name__ == "__main__":
    main()
