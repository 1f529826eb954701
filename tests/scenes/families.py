"""The kinds of scene: each function writes one script of a minute or two."""

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from tests.attention.corpora import written
from tests.scenes.draws import FAR_M, NEAR_M, Draws
from tests.scenes.rooms import Place
from tests.scenes.script import Line, Noise, Person, Script

ENROLMENT: Final = (
    "the glasses shall know my voice from now on",
    "when the sunlight strikes raindrops in the air they act as a prism",
    "yesterday evening we walked along the river and talked about nothing",
)
ASKS: Final = 0.12
"""Part of the turns between two people in one room that ask something of the other; reasoned."""
TALKS_ON: Final = 0.3
"""Part of the requests after which the other, whose turn it would be, talks on as if they had been a turn of the talk;
reasoned: mostly people let somebody finish with a device. Requests are followed by the wearer's own turn in half of the
cases, so it is one request in seven."""
TELEPHONE_WORD_S: Final = 0.34
"""The other end of the line is not heard; it takes this long a word."""


class Scene(Struct, frozen=True):
    """A script, and the lines with which its wearer could be enrolled beforehand (none: nobody can)."""

    script: Script
    enrolment: tuple[Line, ...] = ()


Family = Callable[[Draws, str], Scene]


def request(draws: Draws, name: str) -> Scene:
    """The wearer asks the glasses, sometimes on the heels of an answer, in a quiet place."""
    return _requests(draws, name, draws.quiet())


def request_noisy(draws: Draws, name: str) -> Scene:
    """The same over traffic, babble, music or clatter."""
    return _requests(draws, name, draws.loud())


def _requests(draws: Draws, name: str, noises: tuple[Noise, ...]) -> Scene:
    lines: list[Line] = []
    if draws.chance(0.5):
        clips = draws.clips_of_one("commands", least=2)
        kept = min(2, len(clips) - 1)
        enrolment = tuple(Line("wearer", "none", recording=c.path) for c in clips[:kept])
        voice = clips[0].voice
        lines += [_asks(draws, Line("wearer", "device", recording=c.path)) for c in clips[kept:][:6]]
    else:
        voice, enrolment = draws.synthetic(), enrolment_lines()
        lines += [_asks(draws, Line("wearer", "device", draws.request())) for _ in range(6)]
    return Scene(_script(draws, name, (draws.wearer(voice),), lines, noises), enrolment)


def conversation(draws: Draws, name: str) -> Scene:
    """The wearer talks with somebody within reach."""
    people = _pair(draws)
    return Scene(_script(draws, name, people, _talk(draws, draws.dialogue()), draws.quiet()), enrolment_lines())


def mixed(draws: Draws, name: str) -> Scene:
    """The same, and every now and then the wearer turns to the glasses."""
    lines: list[Line] = []
    talk = _talk(draws, draws.dialogue())
    while talk:
        part = int(draws.rng.integers(3, 6))
        lines += talk[:part]
        talk = talk[part:]
        lines.append(Line("wearer", "device", draws.request(), after_s=draws.between(0.5, 2.0)))
        if draws.chance(0.3):
            lines.append(Line("wearer", "device", draws.request(), after_s=draws.between(3.0, 5.0)))
        if not (talk and talk[0].who != "wearer" and draws.chance(TALKS_ON)):
            lines.append(Line("", after_s=draws.between(2.5, 4.5)))
    return Scene(_script(draws, name, _pair(draws), lines, draws.quiet()), enrolment_lines())


def telephone(draws: Draws, name: str) -> Scene:
    """The wearer talks to somebody whom the glasses cannot hear."""
    lines: list[Line] = []
    silence_s = 1.5
    for number, turn in enumerate(draws.dialogue()):
        if number % 2:
            silence_s = round(len(turn.split()) * TELEPHONE_WORD_S + draws.gap_s(), 3)
        else:
            after_s = max(silence_s + draws.gap_s(), 0.1)
            lines.append(Line("wearer", "phone", turn, after_s=round(after_s, 3), effort_db=2.0))
    return Scene(_script(draws, name, (draws.wearer(draws.synthetic()),), lines, draws.quiet()), enrolment_lines())


def reading(draws: Draws, name: str) -> Scene:
    """The wearer reads aloud: real readers."""
    clips = draws.clips_of_one("reading")
    kept = 3 if len(clips) > 6 else 0
    enrolment = tuple(Line("wearer", "none", recording=c.path) for c in clips[:kept])
    lines = [Line("wearer", "none", recording=c.path, after_s=draws.between(0.6, 2.0)) for c in clips[kept:][:5]]
    return Scene(_script(draws, name, (draws.wearer(clips[0].voice),), lines, draws.quiet()), enrolment)


def muttering(draws: Draws, name: str) -> Scene:
    """The wearer speaks to nobody, softly."""
    texts = written("self_talk", draws.side)
    lines = [
        Line("wearer", "self", draws.next_of("mutter", texts), after_s=draws.between(1.0, 8.0), effort_db=-8.0)
        for _ in range(12)
    ]
    return Scene(_script(draws, name, (draws.wearer(draws.synthetic()),), lines, draws.quiet()), enrolment_lines())


def bystanders(draws: Draws, name: str) -> Scene:
    """Two others talk to each other, near or far; the wearer asks the glasses something in between."""
    near = draws.chance(0.5)
    distances = NEAR_M if near else FAR_M
    names = ("ben", "cleo")
    if draws.chance(0.5):
        voices = [draws.synthetic(), draws.synthetic()]
        said = [Line(names[n % 2], "other", turn, after_s=draws.gap_s()) for n, turn in enumerate(draws.dialogue())]
    else:
        clips = [draws.clip("reading") for _ in range(8)]
        voices = [clips[0].voice, clips[1].voice]
        said = [Line(names[n % 2], "other", recording=c.path, after_s=draws.gap_s()) for n, c in enumerate(clips)]
    others = [draws.other(n, v, distances, facing=draws.chance(0.3)) for n, v in zip(names, voices, strict=True)]
    people = (draws.wearer(draws.synthetic()), *others)
    return Scene(_script(draws, name, people, _interrupted(draws, said), draws.quiet()), enrolment_lines())


def real_voices(draws: Draws, name: str) -> Scene:
    """Nobody is synthetic: a wearer asks the glasses while others talk nearby, or a loudspeaker reads out."""
    clips = draws.clips_of_one("commands", least=4)
    enrolment = tuple(Line("wearer", "none", recording=c.path, after_s=0.6) for c in clips[:2])
    asks = iter([Line("wearer", "device", recording=c.path) for c in clips[2:]])
    read = [draws.clip("reading") for _ in range(10)]
    loudspeaker = draws.chance(0.4)
    others = tuple(
        draws.other(f"reader{n}", c.voice, FAR_M if loudspeaker else NEAR_M + FAR_M, facing=draws.chance(0.3))
        for n, c in enumerate(read)
    )
    if loudspeaker:
        place = Place(draws.one_of(FAR_M), draws.one_of((-30.0, 0.0, 30.0)), 1.1)
        others = tuple(replace(o, place=place, loudspeaker=True, level_db=draws.between(58, 68)) for o in others)
    said = [Line(f"reader{n}", "other", recording=c.path, after_s=draws.gap_s()) for n, c in enumerate(read)]
    people = (draws.wearer(clips[0].voice), *others)
    return Scene(_script(draws, name, people, _interrupted(draws, said, asks), draws.quiet()), enrolment)


def television(draws: Draws, name: str) -> Scene:
    """A television talks and plays; the wearer asks the glasses something in between."""
    place = Place(draws.one_of(FAR_M), draws.one_of((-30.0, 0.0, 30.0)), 1.1)
    voices = [draws.synthetic(), draws.synthetic()]
    speakers = [
        Person(f"tv{n}", voice, place, loudspeaker=True, level_db=draws.between(58, 68))
        for n, voice in enumerate(voices)
    ]
    said = [
        Line(f"tv{n % 2}", "none", turn, after_s=draws.between(0.0, 0.6)) for n, turn in enumerate(draws.dialogue())
    ]
    noises = (*draws.quiet(), Noise("music", draws.between(40, 52)))
    people = (draws.wearer(draws.synthetic()), *speakers)
    return Scene(_script(draws, name, people, _interrupted(draws, said), noises), enrolment_lines())


FAMILIES: Final[dict[str, tuple[Family, float]]] = {
    "request": (request, 0.18),
    "request_noisy": (request_noisy, 0.09),
    "conversation": (conversation, 0.18),
    "mixed": (mixed, 0.16),
    "telephone": (telephone, 0.08),
    "reading": (reading, 0.05),
    "muttering": (muttering, 0.05),
    "bystanders": (bystanders, 0.07),
    "television": (television, 0.06),
    "real_voices": (real_voices, 0.08),
}
"""Each kind of scene, and its share of the time."""


def _script(
    draws: Draws, name: str, people: tuple[Person, ...], lines: list[Line], noises: tuple[Noise, ...]
) -> Script:
    first = Line("", after_s=1.5)  # the noise floor is learnt before somebody speaks
    lines = [replace(line, effort_db=round(line.effort_db + draws.effort_db(), 1)) for line in lines]
    seed = int(draws.rng.integers(1 << 30))
    return Script(name, people, (first, *lines), draws.room(), noises, seed, draws.gain_db())


def enrolment_lines() -> tuple[Line, ...]:
    """What a wearer who is synthetic is enrolled with."""
    return tuple(Line("wearer", "none", words, after_s=0.6) for words in ENROLMENT)


def _asks(draws: Draws, line: Line) -> Line:
    after_s = draws.between(3.0, 5.0) if draws.chance(0.35) else draws.between(6.0, 14.0)
    return Line(line.who, line.to, line.words, line.recording, after_s=after_s)


def _pair(draws: Draws) -> tuple[Person, ...]:
    other = draws.other("anna", draws.synthetic(), NEAR_M, facing=True)
    return (draws.wearer(draws.synthetic()), other)


def _talk(draws: Draws, turns: tuple[str, ...]) -> list[Line]:
    """A dialogue, in which now and then one asks something of the other: words as one could say to the glasses."""
    first = int(draws.chance(0.5))
    names = ("wearer", "anna")
    lines = []
    for n, turn in enumerate(turns):
        asks = draws.next_of("ask", written("to_people", draws.side)) if draws.chance(ASKS) else ""
        lines.append(Line(names[(n + first) % 2], "other", asks or turn, after_s=draws.gap_s()))
    return lines


def _interrupted(draws: Draws, said: list[Line], asks: Iterator[Line] | None = None) -> list[Line]:
    """Other people's talk, with a request of the wearer after some of the lines: half into it, half in a lull."""
    asks = asks or (Line("wearer", "device", draws.request()) for _ in said)
    lines: list[Line] = []
    for line in said:
        lines.append(line)
        ask = next(asks, None) if draws.chance(0.25) else None
        if ask is not None:
            over = draws.chance(0.5)
            lines.append(replace(ask, after_s=draws.between(0.2, 1.2), aside=over))
            if not over:
                lines.append(Line("", after_s=draws.between(2.0, 5.0)))
    return lines
