"""What people say to an assistant, to each other and to themselves: the texts that the words' form is learnt from.

| corpus | whose words | licence |
|---|---|---|
| slurp | to an assistant, SLURP's development split (Bastianelli et al. 2020), development data | CC BY 4.0 |
| dialogues | people chatting, self-dialogue corpus (Fainberg et al. 2018), development data | BSD-3 |
| to_glasses | what one asks glasses that see, written for this: no corpus has it | ours |
| to_shop | what one orders by voice, written for this: SLURP has few | ours |
| self_talk | what people say to themselves, written for this; nobody has recorded any | ours |
| to_people | what people ask of each other at home and in a shop, written for this: no corpus has it | ours |
| clinc | to an assistant, CLINC150 (Larson et al. 2019), github clinc/oos-eval 828f809 | CC BY 3.0 |
| ami | people in meetings, as spoken (Carletta 2007), github gcunhase/AMICorpusXML b43d917 | CC BY 4.0 |

The last two have to be cloned by whoever learns anew. They are other requests and other talk than the first two: what
tells two corpora apart is not what tells two addressees apart, and two of each kind keep that small.
Sentences, dialogues and meetings are dealt to sides by hash (tests/scenes/split.py): side test is never learnt from.
"""

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np
from msgspec import Struct
from tests.bench.corpus import data_folder
from tests.scenes.split import Side, on, side_of

Corpus = Literal["slurp", "clinc", "to_glasses", "to_shop", "dialogues", "ami", "self_talk", "to_people"]
WEIGHS: Final[dict[Corpus, float]] = {
    "slurp": 1.0,
    "clinc": 0.3,
    "to_glasses": 5.0,
    "to_shop": 5.0,
    "dialogues": 1.0,
    "ami": 0.6,
    "self_talk": 5.0,
    "to_people": 5.0,
}
"""What a sentence of it counts: of what was written for this there is little, and people say more of it than we could
write; of the cloned ones there is much, and it shall not drown the others."""
CLINC_MOST: Final = 8_000
AMI_MOST: Final = 10_000
"""Turns that are learnt from: with all of them the weights are the same, for four times the memory."""
WRITTEN: Final[dict[Corpus, str]] = {"to_glasses": "look", "to_shop": "ask", "self_talk": "mutter", "to_people": "ask"}
"""NAME.txt beside this file, and the kind by which its lines are dealt to sides."""
_CHAT: Final = frozenset({"yes", "no", "maybe"})
"""With the domain "small talk" what people say to each other, too: no sign of whom it is for."""
_SENTENCE_END: Final = re.compile(r"(?<=[.?!])\s+")


REQUESTS: Final[tuple[Corpus, ...]] = ("slurp", "clinc", "to_glasses", "to_shop")
TALK: Final[tuple[Corpus, ...]] = ("dialogues", "ami", "self_talk", "to_people")


class Sentence(Struct, frozen=True):
    """What was said, in which corpus, and whether it was kept back to judge on."""

    text: str
    corpus: Corpus
    judged: bool

    @property
    def to_device(self) -> bool:
        """Whether it was said to an assistant."""
        return self.corpus in REQUESTS


def written(corpus: Corpus, side: Side) -> list[str]:
    """What was written for this: the lines of this side."""
    return on(side, WRITTEN[corpus], Path(__file__).with_name(f"{corpus}.txt").read_text().splitlines())


def development(kept_back: Collection[Side] = ("test",)) -> Iterator[Sentence]:
    """The texts of the development data, and our own. kept_back: the sides to judge on."""
    text = data_folder() / "text"
    for row in (text / "directed.tsv").read_text().splitlines():
        sentence = row.split("\t")[0]
        yield Sentence(sentence, "slurp", side_of("sentence", sentence) in kept_back)
    for line in (text / "conversations.jsonl").read_text().splitlines():
        judged = side_of("dialogue", line) in kept_back
        yield from (Sentence(turn, "dialogues", judged) for turn in json.loads(line))
    for corpus in WRITTEN:
        for side in get_args(Side):
            yield from (Sentence(line, corpus, side in kept_back) for line in written(corpus, side))


def clinc(clone: Path) -> Iterator[Sentence]:
    """CLINC150 by its own split, without small talk. Raises OSError where the clone is not what it should be."""
    small_talk = _CHAT | set(json.loads((clone / "data/domains.json").read_text())["small_talk"])
    parts = json.loads((clone / "data/data_full.json").read_text())
    for part, most in (("train", CLINC_MOST), ("test", None)):
        rows = [text for text, intent in parts[part] if intent not in small_talk]
        order = np.random.default_rng(0).permutation(len(rows))
        yield from (Sentence(rows[i], "clinc", part == "test") for i in order[:most])


def ami(clone: Path) -> Iterator[Sentence]:
    """The meetings by speaker, in turns of one to three sentences. Raises OSError where there are none."""
    rng = np.random.default_rng(0)
    turns: list[Sentence] = []
    for path in sorted((clone / "data/ami-transcripts-speaker").iterdir()):
        judged = side_of("meeting", path.name[:6]) == "test"  # all parts of a series, and everybody in it
        said = _SENTENCE_END.split(path.read_text().replace("_", ""))
        while said:
            length = int(rng.choice((1, 1, 2, 3)))
            turns.append(Sentence(" ".join(said[:length]), "ami", judged))
            said = said[length:]
    shuffled = [turns[i] for i in rng.permutation(len(turns))]
    for kept_back in (False, True):
        yield from [turn for turn in shuffled if turn.judged == kept_back][:AMI_MOST]
