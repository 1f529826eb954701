"""What people say to assistants and to each other, from elsewhere: whoever learns anew clones it into one folder.

| corpus | whose words | licence | clone of |
|---|---|---|---|
| clinc | to an assistant, CLINC150 (Larson et al. 2019) | CC BY 3.0 | clinc/oos-eval 828f809 |
| snips | to an assistant (Coucke et al. 2018) | CC0 1.0 | sonos/nlu-benchmark b86ac7f |
| ami | people in meetings (Carletta 2007) | CC BY 4.0 | gcunhase/AMICorpusXML b43d917 |
| icsi | researchers in meetings (Janin et al. 2003) | MIT | Yale-LILY/QMSum 83d7768 |
| read_aloud | books of Project Gutenberg, by BOOKS | public domain | GITenberg's of these numbers, into books/ |
| services | to a service, SGD | CC BY-SA 4.0 | google-research-datasets/dstc8-schema-guided-dialogue e852981 |
| telephone | strangers on the telephone, Switchboard | LDC | NathanDuran/Switchboard-Corpus 2aec5da |
| instructions | people tell the way, HCRC Map Task | CC BY-NC-SA | NathanDuran/Maptask-Corpus 7478ba4 |

Requests were typed, talk was spoken. The last three are never learnt from: how the weights do on what is new to them.
"""

import json
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import numpy as np
from tests.attention.books import pieces
from tests.attention.corpora import Corpus, Sentence
from tests.scenes.split import side_of

LEARNT: Final[dict[Corpus, int]] = {
    "clinc": 8_000,
    "snips": 8_000,
    "ami": 10_000,
    "icsi": 10_000,
    "read_aloud": 10_000,
}
"""Sentences that are learnt from, at most: with all of them the weights are the same, for four times the memory."""
JUDGED: Final = 10_000
BOOKS: Final = (3261, 14263, 14881, 15122, 16215, 16351, 17474, 18304, 20170)
"""Their numbers at Project Gutenberg: novels, stories for children, legends, travels, lectures on music."""
_CHAT: Final = frozenset({"yes", "no", "maybe"})
"""With the domain "small talk" what people say to each other, too: no sign of whom it is for."""
_SENTENCE_END: Final = re.compile(r"(?<=[.?!])\s+")


def cloned(folder: Path) -> Iterator[Sentence]:
    """Those that are learnt from, and the others where they were cloned.

    Raises OSError where one is missing that is learnt from, and where a clone has nothing of what it should have.
    """
    for corpus, (name, read) in _CLONES.items():
        if corpus not in LEARNT and not (folder / name).is_dir():
            continue
        found = list(read(folder / name))
        if not found:
            raise FileNotFoundError(f"{folder / name}: no sentences there; cloned.py says of what it is a clone")
        shuffled = [found[i] for i in np.random.default_rng(0).permutation(len(found))]
        kept_back = [text for text, judged in shuffled if judged]
        learnt = [text for text, judged in shuffled if not judged]
        yield from (Sentence(text, corpus, judged=False) for text in learnt[: LEARNT.get(corpus, 0)])
        yield from (Sentence(text, corpus, judged=True) for text in kept_back[:JUDGED])


def _clinc(clone: Path) -> Iterator[tuple[str, bool]]:
    """By its own split, without small talk."""
    small_talk = _CHAT | set(json.loads((clone / "data/domains.json").read_text())["small_talk"])
    parts = json.loads((clone / "data/data_full.json").read_text())
    for part in ("train", "test"):
        yield from ((text, part == "test") for text, intent in parts[part] if intent not in small_talk)


def _snips(clone: Path) -> Iterator[tuple[str, bool]]:
    """By sentence."""
    for path in sorted((clone / "2017-06-custom-intent-engines").glob("*/train_*_full.json")):
        (asked,) = json.loads(path.read_text(errors="replace")).values()
        for parts in asked:
            text = " ".join("".join(part["text"] for part in parts["data"]).split())
            yield text, side_of("sentence", text) == "test"


def _ami(clone: Path) -> Iterator[tuple[str, bool]]:
    """By series of meetings: everybody in it."""
    rng = np.random.default_rng(0)
    for path in sorted((clone / "data/ami-transcripts-speaker").iterdir()):
        judged = side_of("meeting", path.name[:6]) == "test"
        yield from ((turn, judged) for turn in _turns(path.read_text().replace("_", ""), rng))


def _icsi(clone: Path) -> Iterator[tuple[str, bool]]:
    """By group that meets: the first three letters of a meeting's name."""
    rng = np.random.default_rng(0)
    for path in sorted((clone / "data/Academic/all").glob("*.json")):
        judged = side_of("meeting", path.name[:3]) == "test"
        for turn in json.loads(path.read_text())["meeting_transcripts"]:
            said = re.sub(r"\{[^}]*\}", " ", turn["content"])
            said = re.sub(r" ('|n't\b|[.?!,])", r"\1", " ".join(said.split()))
            yield from ((part, judged) for part in _turns(said, rng))


def books(clone: Path) -> Iterator[tuple[str, bool]]:
    """By book, in pieces as somebody reads them aloud."""
    rng = np.random.default_rng(0)
    for number in BOOKS:
        for path in clone.glob(f"*_{number}/{number}.txt"):
            judged = side_of("book", str(number)) == "test"
            yield from ((piece, judged) for piece in pieces(path, rng))


def _services(clone: Path) -> Iterator[tuple[str, bool]]:
    """The first turn of each dialogue; those that follow are answers."""
    for path in sorted(clone.glob("*/dialogues_*.json")):
        for dialogue in json.loads(path.read_text()):
            asked = [turn["utterance"] for turn in dialogue["turns"] if turn["speaker"] == "USER"]
            yield from ((first, True) for first in asked[:1])


def _spoken(clone: Path) -> Iterator[tuple[str, bool]]:
    """Lines of SPEAKER|WORDS|KIND; of one speaker one to three are a turn."""
    rng = np.random.default_rng(0)
    for path in sorted(clone.glob("*_data/t*/*.txt")) + sorted(clone.glob("*_data/val/*.txt")):
        lines = (line.split("|") for line in path.read_text(errors="replace").splitlines())
        for _, said in groupby(lines, key=itemgetter(0)):
            yield from ((turn, True) for turn in _cut([words for _, words, _ in said], rng))


def _turns(text: str, rng: np.random.Generator) -> Iterator[str]:
    return _cut(_SENTENCE_END.split(text), rng)


def _cut(said: list[str], rng: np.random.Generator) -> Iterator[str]:
    """What one person said, in turns of one to three sentences."""
    while said:
        length = int(rng.choice((1, 1, 2, 3)))
        yield " ".join(said[:length])
        said = said[length:]


_CLONES: Final[dict[Corpus, tuple[str, Callable[[Path], Iterator[tuple[str, bool]]]]]] = {
    "clinc": ("oos-eval", _clinc),
    "snips": ("nlu-benchmark", _snips),
    "ami": ("AMICorpusXML", _ami),
    "icsi": ("QMSum", _icsi),
    "read_aloud": ("books", books),
    "services": ("dstc8-schema-guided-dialogue", _services),
    "telephone": ("Switchboard-Corpus", _spoken),
    "instructions": ("Maptask-Corpus", _spoken),
}
