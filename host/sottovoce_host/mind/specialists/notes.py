"""Notes: kept word for word, read back, found by what they are about, deleted."""

import re
from datetime import datetime

from sottovoce_host.memory.notes import Note
from sottovoce_host.memory.store import Memory
from sottovoce_host.mind import phrasing
from sottovoce_host.mind.confirmation import agrees, asks_else, refuses
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import tidy

_I = re.IGNORECASE
_START = (
    r"(?:(?:make|take|add|create|write|leave|save|set)(?: me)?(?: down)? (?:a |an |another |this )?(?:quick |"
    r"new |short )?note(?: down)?(?: to self| to myself| for me| for myself)?"
    r"|new note|note to self|note to myself|(?:write|jot|take|note) this down|note down|write down|jot down|take down|"
    r"note|memo)(?:,? please)?"
)
_MAKE = re.compile(
    rf"^{_START}(?:\s*[:,.\-]\s*|\s+)"
    r"(?:(?:that says|saying|to say|that|of|to(?! self| myself))\b[:,]?\s+)?(?P<text>\S.*)$",
    _I,
)
_REMEMBER = re.compile(r"^remember (?:that )?(?P<text>(?:(?<=that )\S|my |the |our |i |i'm |we |it's )\S*.*)$", _I)
_ADD = re.compile(r"^(?:add|put|save) (?P<text>.+?) (?:to|in|into) (?:my |the )notes$", _I)
_EMPTY = re.compile(
    r"^(?:(?:make|take|add|create|write|leave)(?: me)? (?:a |an |another )?(?:quick |new )?note"
    r"(?: for me| for myself| to self| to myself)?|new note|note to self|(?:take|write|jot|note) this down)"
    r"(?:,? please)?$",
    _I,
)
_NOTES = r"(?:my |the |all my |all the |all of my )?notes"
_READ = re.compile(
    r"^(?:(?:read|show|list|tell me|give me|check|open|play|hear|what are|what is in|"
    rf"what's in)(?: me)?(?: out| back)? {_NOTES}(?: out| to me| back| aloud| again)*|"
    r"what notes (?:do i have|have i got|are there|did i (?:make|take))|(?:do i have|have i got|"
    r"are there) any notes|what did i note(?: down)?|my notes|"
    r"what have i noted(?: down)?)$",
    _I,
)
_LAST = re.compile(
    r"^(?:(?:read|show|tell me|what was|what is|what's|repeat)(?: me)?(?: out| back)? (?:my |the )?(?:last|"
    r"latest|newest|most recent|previous) note(?: out| to me| back)?|"
    r"what did i (?:just |last )note(?: down)?)$",
    _I,
)
_COUNT = re.compile(r"^how many notes (?:do i have|have i (?:got|made|taken)|are there)$", _I)
_ABOUT = re.compile(
    r"^(?:what (?:did|have) i (?:note|know|noted|write down|written down|jot down|make a note of)(?: down)?|"
    r"what do my notes say|what does my note say|what did my notes? say|"
    r"(?:find|read|show|get|search|read me|show me|what (?:is|was|are))(?: out)? (?:the |my |a |all my |"
    r"any )?notes?|do i have (?:a|any) notes?|have i got (?:a|any) notes?|"
    r"is there a note) (?:about|on|regarding|for|concerning|with) (?P<topic>.+)$",
    _I,
)
_DELETE_LAST = re.compile(
    r"^(?:delete|remove|erase|forget|scratch|cancel|throw away|drop|undo) (?:(?:my |the )?(?:last|latest|"
    r"newest|most recent|previous) note|that note|the note)$",
    _I,
)
_DELETE_ABOUT = re.compile(
    r"^(?:delete|remove|erase|forget|throw away) (?:the |my |all |all my )?notes? (?:about|on|"
    r"regarding) (?P<topic>.+)$",
    _I,
)
_DELETE_ALL = re.compile(r"^(?:delete|remove|erase|clear|forget|wipe) (?:all (?:of )?)?(?:my |the )?notes$", _I)
_SMALL_WORDS = frozenset(["the", "a", "an", "my", "of", "to", "is", "at", "in", "our", "that", "this"])
_WORD = re.compile(r"[a-z0-9]+")
_READ_AT_ONCE = 5


class Notes:
    """Keeps notes in the memory. Deleting more than one note asks first."""

    name = "notes"

    def __init__(self, memory: Memory) -> None:
        self._notes = memory.notes
        self._asked_to_delete: list[Note] | None = None

    def answer(self, request: Request) -> Reply | None:
        """Make, read, find or delete notes."""
        words = tidy(request.text)
        self._asked_to_delete = None
        if _EMPTY.match(words):
            return self._reply("What should the note say?", awaits=True)
        return self._delete(words) or self._read(words) or self._make(words, request.now)

    def hear_answer(self, request: Request) -> Reply | None:
        """Take the text of a note, or yes or no to deleting."""
        words, asked = tidy(request.text), self._asked_to_delete
        self._asked_to_delete = None
        if asked is not None:
            if agrees(words):
                self._notes.delete(asked)
                left = bool(self._notes.newest_first())
                some = phrasing.sentence(f"{phrasing.count(len(asked), 'note')} deleted")
                return self._reply(some if left else "Your notes are deleted.")
            return self._reply("Okay, I kept them.") if refuses(words) else None
        if asks_else(words) or agrees(words):
            return None
        return self.answer(request) or self._keep(words, request.now)

    def _reply(self, text: str, *, awaits: bool = False) -> Reply:
        return Reply(text, self.name, awaits)

    def _make(self, words: str, now: datetime) -> Reply | None:
        found = _ADD.match(words) or _MAKE.match(words) or _REMEMBER.match(words)
        return self._keep(found["text"], now) if found else None

    def _keep(self, text: str, now: datetime) -> Reply:
        self._notes.add(text.strip(), now)
        return self._reply(f"Noted: {phrasing.aloud(text.strip())}.")

    def _read(self, words: str) -> Reply | None:
        if _COUNT.match(words):
            return self._reply(phrasing.sentence(phrasing.count(len(self._notes.newest_first()), "note")))
        about = _ABOUT.match(words)
        if about:
            found = self._about(about["topic"])
            return (
                self._recited(found)
                if found
                else self._reply(f"I have no note about {phrasing.aloud(about['topic'])}.")
            )
        last = _LAST.match(words)
        if not last and not _READ.match(words):
            return None
        notes = self._notes.newest_first()
        return self._recited(notes[:1] if last else notes) if notes else self._reply("You have no notes.")

    def _recited(self, notes: list[Note]) -> Reply:
        said = " ".join(phrasing.sentence(phrasing.aloud(note.text)) for note in notes[:_READ_AT_ONCE])
        if len(notes) == 1:
            return self._reply(said)
        more = len(notes) - _READ_AT_ONCE
        head = f"{phrasing.count(len(notes), 'note')}, the newest first"
        tail = f" And {phrasing.count(more, 'older note')}." if more > 0 else ""
        return self._reply(f"{phrasing.sentence(head)} {said}{tail}")

    def _about(self, topic: str) -> list[Note]:
        wanted = {_stem(word) for word in _WORD.findall(topic.lower())} - _SMALL_WORDS
        return [
            note
            for note in self._notes.newest_first()
            if wanted <= {_stem(w) for w in _WORD.findall(note.text.lower())}
        ]

    def _delete(self, words: str) -> Reply | None:
        about = _DELETE_ABOUT.match(words)
        if not about and not _DELETE_ALL.match(words) and not _DELETE_LAST.match(words):
            return None
        notes = self._about(about["topic"]) if about else self._notes.newest_first()
        if not notes:
            return self._reply(
                f"I have no note about {phrasing.aloud(about['topic'])}." if about else "You have no notes."
            )
        if _DELETE_LAST.match(words):
            notes = notes[:1]
        if len(notes) > 1:
            self._asked_to_delete = notes
            return self._reply(f"Delete {phrasing.count(len(notes), 'note')}?", awaits=True)
        self._notes.delete(notes)
        return self._reply(f"Deleted: {phrasing.aloud(notes[0].text)}.")


def _stem(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word  # noqa: PLR2004 - "bus" is no plural
