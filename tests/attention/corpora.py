"""What people say to an assistant, to each other and to themselves: the texts that are at hand.

| corpus | whose words | licence |
|---|---|---|
| slurp | to an assistant, SLURP's development split (Bastianelli et al. 2020), development data | CC BY 4.0 |
| dialogues | people chatting, self-dialogue corpus (Fainberg et al. 2018), development data | BSD-3 |
| to_glasses | what one asks glasses that see, written for this: no corpus has it | ours |
| to_helper | what else one asks of glasses or an assistant, written for this | ours |
| to_shop | what one orders by voice, written for this: SLURP has few | ours |
| self_talk | what people say to themselves, written for this; nobody has recorded any | ours |
| to_people | what people ask of each other at home and in a shop, written for this: no corpus has it | ours |
| in_company | what else people say to each other in a day, written for this | ours |

What two corpora differ in is not what two addressees differ in, and more of each kind keep that small: cloned.py has
others, which have to be cloned by whoever learns anew.
Sentences, dialogues and meetings are dealt to sides by hash (tests/scenes/split.py): side test is never learnt from.
"""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, Literal, get_args

from msgspec import Struct
from tests.bench.corpus import data_folder
from tests.scenes.split import Side, on, side_of

Request = Literal["slurp", "clinc", "snips", "to_glasses", "to_helper", "to_shop", "services"]
Talk = Literal[
    "dialogues", "ami", "icsi", "self_talk", "to_people", "in_company", "read_aloud", "telephone", "instructions"
]
Corpus = Request | Talk
REQUESTS: Final[tuple[Request, ...]] = get_args(Request)
TALK: Final[tuple[Talk, ...]] = get_args(Talk)
WEIGHS: Final[dict[Corpus, float]] = {
    "slurp": 1.0,
    "clinc": 0.3,
    "snips": 0.3,
    "to_glasses": 5.0,
    "to_helper": 5.0,
    "to_shop": 5.0,
    "dialogues": 1.0,
    "ami": 0.6,
    "icsi": 0.6,
    "read_aloud": 0.3,
    "self_talk": 5.0,
    "to_people": 5.0,
    "in_company": 5.0,
}
"""What a sentence of it counts: of what was written for this there is little, and people say more of it than we could
write; of the cloned ones there is much, and it shall not drown the others. The rest is only judged."""
WRITTEN: Final[dict[Corpus, str]] = {
    "to_glasses": "look",
    "to_helper": "look",
    "to_shop": "ask",
    "self_talk": "mutter",
    "to_people": "ask",
    "in_company": "ask",
}
"""NAME.txt beside this file, and the kind by which its lines are dealt to sides."""


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
