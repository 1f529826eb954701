from pathlib import Path

import numpy as np
from tests.attention.books import LONGEST_WORDS, pieces

BOOK = """The publisher says that all of this may be copied freely by anybody, and so on, and so forth.

*** START OF THIS PROJECT GUTENBERG EBOOK THE MILL ***

CHAPTER I

Mr. Wood had gone to the mill early, as he did every day; and there he found nobody.
"What is the matter?" he asked, but only the wheel replied to him--slowly, and then not at all.

[Illustration: the mill, as it stood there before anybody had thought of taking it away]

It had cost 650,000 pounds_, they said, and _nobody knew whose they had been in the end.

*** END OF THIS PROJECT GUTENBERG EBOOK THE MILL ***

The publisher says again that all of this may be copied freely by anybody, and so on, and so forth.
"""


def read(tmp_path: Path, seed: int) -> list[str]:
    (tmp_path / "book.txt").write_text(BOOK)
    return list(pieces(tmp_path / "book.txt", np.random.default_rng(seed)))


def test_a_book_is_read_whole_and_nothing_around_it(tmp_path: Path) -> None:
    said = " ".join(read(tmp_path, 0)).replace('"', "")
    assert said.startswith("Mr Wood had gone to the mill early, as he did every day; and there he found nobody.")
    assert "replied to him slowly, and then not at all." in said
    assert said.endswith("It had cost 650,000 pounds, they said, and nobody knew whose they had been in the end.")
    assert "CHAPTER" not in said
    assert "Illustration" not in said


def test_a_reader_pauses_at_marks_alone_and_seldom_reads_on_at_the_end_of_a_sentence(tmp_path: Path) -> None:
    found = [piece for seed in range(200) for piece in read(tmp_path, seed)]
    assert {piece.strip('"')[-1] for piece in found if not piece.endswith("him")} <= set(".,;?")
    assert all(0 < len(piece.split()) <= 2 * LONGEST_WORDS for piece in found)
    ends = sum(piece.endswith("nobody.") for piece in found)
    assert 140 < ends < 180, "eight of ten"
    assert 30 < sum(piece.endswith("pounds,") for piece in found) < 55, "one of five"
