import json
from pathlib import Path
from shutil import rmtree

import numpy as np
import pytest
from scipy.sparse import csr_array
from tests.attention.cloned import books, cloned
from tests.attention.corpora import Sentence
from tests.attention.learn import RIDGE, judged_on, learn, ridge, written

from sottovoce_device.words import read_words

ASKED = ["set a timer for ten minutes", "play some music", "what time is it in rome", "turn the lights off"]
TALKED = ["i thought he was really funny", "yeah she told me that", "we were in rome last year", "that was my favorite"]
BOOK = "*** START OF IT ***\n\nHe went to the mill that day and for once there was nobody at all.\n\n*** END OF IT ***"


def sentences(*, judged: bool) -> list[Sentence]:
    return [Sentence(t, "slurp", judged) for t in ASKED] + [Sentence(t, "dialogues", judged) for t in TALKED]


def test_what_is_learnt_tells_requests_from_talk_and_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    weights = learn(sentences(judged=False) * 10)
    (tmp_path / "words.toml").write_text(written(weights, "a note\nof two lines"))
    assert read_words(tmp_path / "words.toml") == pytest.approx(weights, abs=0.006)
    assert judged_on(weights, sentences(judged=True)) == ["said to | dialogues (4)", "slurp (4) | 0.0%"]
    turned = {name: -weight for name, weight in weights.items()}
    assert judged_on(turned, sentences(judged=True))[1] == "slurp (4) | 100.0%"


def test_what_is_kept_back_teaches_nothing() -> None:
    kept = [Sentence("set a timer for ten minutes", "dialogues", judged=True)] * 1000
    assert learn([*sentences(judged=False) * 10, *kept]) == learn(sentences(judged=False) * 10)


def test_a_word_that_is_in_one_sentence_as_often_as_in_the_other_weighs_what_the_ridge_leaves_of_it() -> None:
    given = csr_array(np.array([[1.0, 1.0], [0.0, 1.0]] * 50))
    truth, share = np.array([1.0, 0.0] * 50), np.ones(100)
    weights = ridge(given, truth, share)
    logits = given @ weights[:2] + weights[2]
    slope = given.T @ (1 / (1 + np.exp(-logits)) - truth)
    assert slope + RIDGE * weights[:2] == pytest.approx(0, abs=1e-3)
    assert weights[1] == pytest.approx(0, abs=0.01), "it tells nothing"
    assert weights[0] > 1


def test_clones_are_read_as_they_come(tmp_path: Path) -> None:
    def put(path: str, content: object) -> None:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))

    put("oos-eval/data/domains.json", {"small_talk": ["tell_joke"]})
    rows = [["is it raining", "weather"], ["you are funny", "tell_joke"], ["yes", "yes"]]
    put("oos-eval/data/data_full.json", {"train": rows, "test": [["read my mail", "mail"]]})
    asked = {"PlayMusic": [{"data": [{"text": "play "}, {"text": "jazz", "entity": "genre"}]}]}
    put("nlu-benchmark/2017-06-custom-intent-engines/PlayMusic/train_PlayMusic_full.json", asked)
    put("AMICorpusXML/data/ami-transcripts-speaker/ES2002a.txt", "So the T_V_ is on.")
    meeting = {"meeting_transcripts": [{"speaker": "A", "content": "Yeah , I 've {disfmarker} it does n't work ."}]}
    put("QMSum/data/Academic/all/Bmr001.json", meeting)
    put("books/News_3261/3261.txt", BOOK)
    turns = [{"speaker": "USER", "utterance": "Find me a bus."}, {"speaker": "USER", "utterance": "Yes."}]
    put("dstc8-schema-guided-dialogue/train/dialogues_001.json", [{"turns": turns}])
    put("Switchboard-Corpus/swda_data/train/sw01.txt", "A|how are you|qw\nB|fine|sd\n")
    put("Maptask-Corpus/maptask_data/val/q1.txt", "g|go left|instruct\n")
    found = {(s.corpus, s.text, s.judged) for s in cloned(tmp_path)}
    assert {(c, t) for c, t, _ in found if c != "read_aloud"} == {
        ("clinc", "is it raining"),
        ("clinc", "read my mail"),
        ("snips", "play jazz"),
        ("ami", "So the TV is on."),
        ("icsi", "Yeah, I've it doesn't work."),
        ("services", "Find me a bus."),
        ("telephone", "how are you"),
        ("telephone", "fine"),
        ("instructions", "go left"),
    }
    assert all(judged for corpus, _, judged in found if corpus in ("services", "telephone", "instructions"))
    assert ("clinc", "read my mail", True) in found
    assert ("clinc", "is it raining", False) in found
    rmtree(tmp_path / "Switchboard-Corpus")
    assert "telephone" not in {s.corpus for s in cloned(tmp_path)}, "what is only judged may be missing"
    rmtree(tmp_path / "nlu-benchmark")
    with pytest.raises(FileNotFoundError, match="nlu-benchmark: no sentences there"):
        list(cloned(tmp_path))


def test_a_book_is_learnt_from_or_kept_back_as_a_whole_and_none_is_read_that_is_not_named(tmp_path: Path) -> None:
    for place in ("Katrine_14263/14263.txt", "News_3261/3261.txt", "Another_1/1.txt"):
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_text(BOOK.replace("mill", place.split("_")[0]))
    read = {(text.split()[4], judged) for text, judged in books(tmp_path)}
    assert read == {("Katrine", False), ("News", True)}
