"""A scene before it sounds: who says what to whom, where and over which noise. Written and read as TOML."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from tests.scenes.noises import NoiseKind
from tests.scenes.rooms import Place, Room

To = Literal["device", "other", "self", "phone", "none"]
"""none: nobody present; a television, a text read aloud."""


Count = Literal[1, 2]
"""Of microphones: one at the hinge, or another at the nose pads."""


class ScriptError(Exception):
    """A script that cannot be played: says which file, and what in it."""


class Person(Struct, frozen=True, forbid_unknown_fields=True):
    """A source of speech.

    name: "wearer", "device" (the glasses' own reply, as it leaks from the loudspeaker), or anything else.
    voice: "synthetic:N" for words; recordings bring their own voice.
    place: where; the wearer's own mouth by default.
    facing: turned to the wearer; a head turned away takes from the high tones.
    loudspeaker: a television or telephone: 150 Hz to 6 kHz.
    level_db: sound pressure at 1 m. 54 is casual, 60 normal, 66 raised, 72 loud (after Pearsons et al. 1977, rounded).
    """

    name: str
    voice: str = "synthetic:0"
    place: Place = Place()
    facing: bool = True
    loudspeaker: bool = False
    level_db: float = 60.0


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """An utterance, or a silence.

    who: a person's name; "" is a silence of `after_s`.
    words: what is said; "|" is a hesitation of half a second. Also the known text of a recording.
    recording: a sound file, under the data's speech folder or by its path; "" where words are synthesised.
    after_s: pause since the end of the line before; negative where speakers overlap. at_s: when, instead.
    aside: does not move the clock of the lines that follow: somebody in the background.
    effort_db: louder or softer than the person's level.
    before: a recording that comes first, as if from the same mouth: the wake word, for the peer that needs one.
    """

    who: str
    to: To = "none"
    words: str = ""
    recording: str = ""
    after_s: float = 0.2
    at_s: float | None = None
    aside: bool = False
    effort_db: float = 0.0
    before: str = ""


class Noise(Struct, frozen=True, forbid_unknown_fields=True):
    """A noise from everywhere: its kind, and its sound pressure at the glasses in dB: 30 a quiet room, 70 a street.

    clips: recordings that babble is made of; the scene's own lines where there are none.
    """

    kind: NoiseKind = "pink"
    level_db: float = 34.0
    clips: tuple[str, ...] = ()


class Script(Struct, frozen=True, forbid_unknown_fields=True):
    """A scene.

    name: "FAMILY-NUMBER". seed: of the noises and hesitations. gain_db: of this microphone against the usual one.
    noises: all at once. tail_s: of silence after the last line.
    """

    name: str
    people: tuple[Person, ...]
    lines: tuple[Line, ...]
    room: Room = Room()
    noises: tuple[Noise, ...] = (Noise(),)
    seed: int = 0
    gain_db: float = 0.0
    microphones: Count = 1
    tail_s: float = 2.0

    @property
    def family(self) -> str:
        """The kind of scene: the name without its number."""
        return family_of(self.name)


def family_of(name: str) -> str:
    """The kind of scene that a folder's name tells: "request-012" is of the family "request"."""
    stem, _, number = name.rpartition("-")
    return stem if number.isdigit() else name


def read_script(path: Path) -> Script:
    """Read a script. Raises ScriptError naming the file and the key that is wrong."""
    try:
        table = tomllib.loads(path.read_text())
        script = msgspec.convert({"name": path.stem, **table}, Script)
    except OSError as error:
        raise ScriptError(f"{path}: {error.strerror}; only a scene that was made by a script has one") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ScriptError(f"{path}: {error}") from None
    names = {person.name for person in script.people}
    for line in script.lines:
        if line.who and line.who not in names:
            raise ScriptError(f"{path}: {line.who!r} speaks but is not among the people")
        if line.who and not (line.words or line.recording):
            raise ScriptError(f"{path}: {line.who!r} has a line with neither words nor a recording")
    return script


def write_script(script: Script) -> str:
    """The script as TOML, as a person would write it: what has its default is left out."""
    table = msgspec.to_builtins(script)
    head = {key: table[key] for key in ("name", "seed", "gain_db", "microphones", "tail_s")}
    parts = [_pairs(head), f"[room]\n{_pairs(table['room'])}"]
    for key, kind in (("noises", Noise), ("people", Person), ("lines", Line)):
        for row in table[key]:
            plain = {name: value for name, value in row.items() if value != _default(kind, name)}
            parts.append(f"[[{key}]]\n{_pairs(plain)}")
    return "\n\n".join(parts) + "\n"


def _default(kind: type[Struct], name: str) -> object:
    field = next(f for f in msgspec.structs.fields(kind) if f.name == name)
    return msgspec.to_builtins(field.default) if field.default is not msgspec.NODEFAULT else ...


def _pairs(table: dict[str, object]) -> str:
    return "\n".join(f"{key} = {_value(value)}" for key, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    return msgspec.json.encode(value).decode()  # TOML spells texts, numbers, booleans and lists as JSON does
