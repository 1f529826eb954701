"""What is put to the test: the product, and builds that leak, so that it is seen that the test can fail."""

from typing import Final

from tests.prove.canary import Build

PRODUCT: Final = Build()


def _sense(way: str) -> tuple[str, ...]:
    return ("tests.prove.leaks.sense", way)


LEAKING: Final[dict[str, Build]] = {
    "words": Build(
        leaks="sense hides sound in the text of events",
        shows_in="wire, glasses to broker",
        sense=_sense("words"),
        driver="tapped",
    ),
    "numbers": Build(
        leaks="sense hides sound in numbers, the gate is wide",
        shows_in="wire, glasses to broker",
        sense=_sense("numbers"),
        gate=("tests.prove.leaks.gate", "wide"),
        driver="tapped",
    ),
    "pictures": Build(
        leaks="sense hides a picture in text, the gate is wide",
        shows_in="wire, glasses to broker",
        sense=_sense("pictures"),
        gate=("tests.prove.leaks.gate", "wide"),
        driver="tapped",
    ),
    "file": Build(
        leaks="sense, unsealed, writes a file",
        shows_in="other files",
        sense=_sense("file"),
        driver="tapped",
    ),
    "log": Build(
        leaks="sense, unsealed, writes numbers into its log",
        shows_in="logs",
        sense=_sense("log"),
        driver="tapped",
    ),
    "gate keeps": Build(
        leaks="the gate keeps what it refused",
        shows_in="memory of gate",
        sense=_sense("packets"),
        gate=("tests.prove.leaks.gate", "keep"),
        driver="tapped",
    ),
    "gate logs": Build(
        leaks="the gate logs what it refused",
        shows_in="logs",
        sense=_sense("packets"),
        gate=("tests.prove.leaks.gate", "log"),
        driver="tapped",
    ),
    "host stores": Build(
        leaks="the host stores what it was told, compressed",
        shows_in="database",
        sense=_sense("words"),
        host=("tests.prove.leaks.host",),
        driver="tapped",
    ),
}
