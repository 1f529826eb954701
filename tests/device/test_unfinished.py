import pytest

from sottovoce_device.decide.unfinished import is_unfinished


@pytest.mark.parametrize(
    "text", ["Set a timer for", "add milk and", "Remind me to", "put the", "play something by", "I'd like um"]
)
def test_a_word_that_binds_the_next_leaves_a_sentence_unfinished(text: str) -> None:
    assert is_unfinished(text)


@pytest.mark.parametrize(
    "text",
    [
        "Do I?",
        "What does that?",
        "Hey, what are",
        "In what case would",
        "Which grocery stores",
        "Well, I",
        "I would like",
    ],
)
def test_a_sentence_without_its_verb_is_unfinished(text: str) -> None:
    assert is_unfinished(text)


@pytest.mark.parametrize(
    "text",
    [
        "how are you",
        "where am I",
        "what is it",
        "which one",
        "who did that",
        "what time is it in Rome",
        "Change it to 4",
    ],
)
def test_a_short_question_that_is_whole_is_not_held_up(text: str) -> None:
    assert not is_unfinished(text)


@pytest.mark.parametrize(
    "text", ["who is it from?", "what is that for", "tell me what time it is", "turn it on", "yes", "to", "that one"]
)
def test_a_question_may_leave_its_object_in_front(text: str) -> None:
    assert not is_unfinished(text)
