"""The wearer speaks into the replies of a real host, and hears them stop."""

from collections.abc import Callable
from pathlib import Path

from stage import Stage, Watch, wait_until

from sottovoce_wire import Interrupted, Said, Speaking

Scene = Callable[..., Path]
LONG = "What can you do?"
"""Its answer takes 9 s, if nobody stops it."""
INTO = ("Stop.", "Never mind.", "What time is it in Tokyo?")


def told(watch: Watch) -> list[str]:
    """Words, interruptions and what the host says of its voice, in the order in which they passed the broker."""
    names = {Interrupted: "interrupted", Said: "said", Speaking: "speaks"}
    return [
        "silent" if isinstance(message, Speaking) and not message.speaking else names[type(message)]
        for message in watch.all(Interrupted | Said | Speaking)
    ]


def test_the_wearer_stops_a_reply_by_stop_by_never_mind_and_by_simply_speaking(stage: Stage, scene: Scene) -> None:
    stage.host()
    watch = stage.watch()
    stage.device(scene(1.0, *(part for words in INTO for part in (LONG, 1.5, words, 3.0))))
    each = ["said", "speaks", "interrupted", "silent", "said", "speaks", "silent"]
    wait_until(lambda: len(told(watch)) >= len(each) * len(INTO), "every interruption was answered, too")
    assert told(watch) == each * len(INTO), "a reply stops because of the voice, before the words are known"
    said = [text.lower().rstrip(".,?!") for text in watch.said]
    assert said[1::2] == [words.lower().rstrip(".,?!") for words in INTO]
