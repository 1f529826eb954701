"""What one reads aloud: books of Project Gutenberg, in pieces as a reader's pauses part them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

LEAST_WORDS: Final = 12
"""A shorter paragraph is a heading, or a line of a table."""
LONGEST_WORDS: Final = 40
"""Before that everybody draws breath."""
PAUSES: Final = ((".?!", 0.8), (";:", 0.35), (",", 0.2))
"""How likely a reader pauses behind each mark for so long that a turn ends; reasoned."""
_BODY: Final = re.compile(r"\*\*\* ?START OF[^*]*\*\*\*(.*?)\*\*\* ?END OF", re.DOTALL)
_TITLE: Final = re.compile(r"\b(Mr|Mrs|Dr|St|Messrs|No)\.")
_NOTE: Final = re.compile(r"\[[^\]]*\]")
_CLAUSE: Final = re.compile(r"(?<=[.,;:?!])[\"']?\s+|\s*--\s*")
_QUOTES: Final = " \"'"


def pieces(book: Path, rng: np.random.Generator) -> Iterator[str]:
    """The pieces of a book, in their order: clauses, sentences, or two. Without what the publisher put around it."""
    text = book.read_text(errors="replace").replace("\r", "")
    found = _BODY.search(text)
    for paragraph in re.split(r"\n\s*\n", found[1] if found else ""):
        plain = _TITLE.sub(r"\1", _NOTE.sub(" ", paragraph.replace("_", "")))
        if len(plain.split()) >= LEAST_WORDS and not plain.isupper():
            yield from _parted(" ".join(plain.split()), rng)


def _parted(paragraph: str, rng: np.random.Generator) -> Iterator[str]:
    said: list[str] = []
    for clause in _CLAUSE.split(paragraph):
        said += clause.split()
        mark = clause.rstrip(_QUOTES)[-1:]
        if rng.random() < _pauses(mark) or len(said) > LONGEST_WORDS:
            yield " ".join(said).strip(_QUOTES)
            said = []
    if said:
        yield " ".join(said).strip(_QUOTES)


def _pauses(mark: str) -> float:
    return next((chance for marks, chance in PAUSES if mark and mark in marks), 0.0)
