"""Lists by name: things put on them, taken off, read out; clearing one asks first."""

import re

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind import durations, numerals, phrasing
from sottovoce_host.mind.confirmation import agrees, refuses
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import tidy

_I = re.IGNORECASE
_LIST = (
    r"(?:the |my |our |a |this |that )?(?:(?P<list>(?:(?!\b(?:the|my|list|on|off|to|from)\b)[\w' -])+?|"
    r"to[ -]do) )?list"
)
_LIST_TOO = _LIST.replace("?P<list>", "?P<list2>")
_ADD = re.compile(
    r"^(?:(?:i (?:need|want|have) to|let's|let us) )?(?:add|put|include|stick|write|throw|get|"
    r"set)(?: down)? (?P<items>.+?) (?:to|on|onto|in|into|"
    rf"down on) {_LIST}$",
    _I,
)
_ADD_TO = re.compile(rf"^(?:add|put) (?:to|on|onto) {_LIST}[:,]? (?P<items>.+)$", _I)
_REMOVE = re.compile(
    r"^(?:take|remove|delete|cross|strike|scratch|tick|check|get|drop|erase|knock)(?: off|"
    rf" out)? (?P<items>.+?) (?:off of|off from|off|from|out of) {_LIST}$",
    _I,
)
_CLEAR = re.compile(
    r"^(?:clear|clear out|clear off|empty|delete|erase|wipe|clean|reset|throw away|(?:remove|delete|take|"
    rf"clear) (?:everything|all(?: the)? (?:items|things)|all) (?:from|off|on|in)) {_LIST}(?: out)?$",
    _I,
)
_SHOW = re.compile(
    r"^(?:(?:what is|what's|whats|what are|tell me what is|read what is|what do i have|what have i got|"
    r"what do we have|what all is|what items are|what things are|what else is)(?: currently| left)? (?:on|"
    rf"in) {_LIST}(?: now| right now| today| so far)?"
    r"|(?:(?:read|show|tell me|give me|list|check|hear|open|read me|show me|what is|what's)(?: me)?(?: out)? |"
    rf"(?=(?:my|our|the) )){_LIST_TOO}(?: out| to me| again| aloud)*)$",
    _I,
)
_HAS = re.compile(
    r"^(?:is|are|our|do i have|have i got|is there|are there|did i put|did i add|have i put|have i added)(?: any|"
    rf" already| some)? (?P<item>.+?)(?: already| still)? (?:on|in|to) {_LIST}(?: already| yet)?$",
    _I,
)
_COUNT = re.compile(rf"^how many (?:things|items|entries) (?:are |are there |do i have )?(?:on|in) {_LIST}$", _I)
_NAMES = re.compile(
    r"^(?:(?:what|which) lists (?:do i have|have i got|are there|have i made)|(?:do i have|"
    r"are there) any lists|(?:read|show|list|what are|name)(?: me)? (?:all )?(?:my|the) lists)$",
    _I,
)
_BETWEEN = re.compile(r"[\s,]*(?:,|&|\b(?:and|plus|as well as)\b)(?:[\s,]*\b(?:and|also|then)\b)*[\s,]+", _I)
_ARTICLE = re.compile(r"^(?:some|a|an|the|also|both|any more|any)\s+", _I)
_NO_THING = re.compile(
    r"(?:it|this|that|them|these|those|something|anything|nothing|everything|(?:new )?(?:thing|item)s?|following|no)",
    _I,
)
_ONE_MORE = re.compile(
    r"(?:\band|[,.;!?]) (?:(?:then|also|please) )*(?:don't |do not )?(?:add|remind|wake|cancel|remove|delete|clear)\b|"
    r"\blist and\b",
    _I,
)
_PLACE = re.compile(r"(?P<place>first|second|third|fourth|fifth|last) (?:thing|item|one|entry)", _I)
_PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_IT = re.compile(r"\b(to|on|onto|from|off|off of|in) (?:it|that|there)$", _I)
_TOO = re.compile(r"^(?:and |also )?add(?: also)? (?P<items>(?!.*\b(?:to|into|list)\b).+?)(?: too| as well)?$", _I)
_OFF = re.compile(
    r"^(?:(?:remove|delete|erase)|(?:take|cross|strike|scratch|tick|knock)(?= off\b|.* off$))(?: off)? "
    r"(?P<items>(?!.*\b(?:from|lists?)\b).+?)(?: off)?(?: too| as well)?$",
    _I,
)
_CLEAR_IT = re.compile(r"^(?:clear|empty|wipe)(?: out)? (?:it|that)$", _I)
_SPOKEN_OF_S = 120
_FIRST_LIST = "shopping"
_SAME = {
    "grocery": "shopping",
    "groceries": "shopping",
    "to-do": "to do",
    "todo": "to do",
    "two do": "to do",
    "task": "to do",
}


class Lists:
    """Keeps lists in the memory. "The list" is the one last spoken of, else the only one, else the shopping list."""

    name = "lists"

    def __init__(self, memory: Memory) -> None:
        self._lists = memory.lists
        self._spoken_of: str | None = None
        self._spoken_s = 0.0
        self._asked_to_clear: str | None = None

    def answer(self, request: Request) -> Reply | None:
        """Change or read a list."""
        words, now_s = tidy(request.text), request.now.timestamp()
        self._asked_to_clear = None
        if abs(now_s - self._spoken_s) <= _SPOKEN_OF_S:
            words = _in_full(words, right_behind=request.behind == self.name)
        if not re.search(r"\blists?\b", words, _I):
            return None
        reply = self._change(words) or self._tell(words)
        self._spoken_s = now_s if reply else self._spoken_s
        return reply

    def hear_answer(self, request: Request) -> Reply | None:
        """Take yes or no to clearing a list."""
        words, name = tidy(request.text), self._asked_to_clear
        self._asked_to_clear = None
        if name and agrees(words):
            self._lists.clear(name)
            return self._reply(f"Your {name} list is empty now.")
        return self._reply(f"Okay, your {name} list stays.") if name and refuses(words) else None

    def _reply(self, text: str, *, awaits: bool = False) -> Reply:
        return Reply(text, self.name, awaits)

    def _named(self, name: str | None) -> str:
        if name is None:
            names = self._lists.names()
            name = self._spoken_of or (names[0] if len(names) == 1 else _FIRST_LIST)
        name = re.sub(r"^(?:whole|entire) ", "", name.strip().lower())
        self._spoken_of = _SAME.get(name, name)
        return self._spoken_of

    def _change(self, words: str) -> Reply | None:
        clear = _CLEAR.match(words)
        if clear:
            return self._ask_to_clear(self._named(clear["list"]))
        add, remove = _ADD.match(words) or _ADD_TO.match(words), _REMOVE.match(words)
        if (add and _ONE_MORE.search(add["items"])) or (remove and _ONE_MORE.search(remove["items"])):
            return None
        if any(_NO_THING.fullmatch(item) for found in (add, remove) if found for item in _items(found["items"])):
            return self._reply("Name the thing, please.")
        if add:
            return self._add(self._named(add["list"]), _items(add["items"]))
        return self._remove(self._named(remove["list"]), _items(remove["items"])) if remove else None

    def _ask_to_clear(self, name: str) -> Reply:
        items = self._lists.items(name)
        if not items:
            return self._reply(f"Your {name} list is empty.")
        self._asked_to_clear = name
        return self._reply(f"Clear your {name} list, with {phrasing.count(len(items), 'thing')} on it?", awaits=True)

    def _add(self, name: str, items: list[str]) -> Reply | None:
        if not items:
            return None
        there = {item.lower() for item in self._lists.items(name)}
        new = [item for item in items if item.lower() not in there]
        if not new:
            return self._reply(
                phrasing.sentence(f"{_said(items)} {'are' if _plural(items) else 'is'} on your {name} list already")
            )
        self._lists.add(name, new)
        return self._reply(phrasing.sentence(f"{_said(new)} added to your {name} list"))

    def _remove(self, name: str, items: list[str]) -> Reply | None:
        kept = self._lists.items(name)
        there = {_singular(item): item for item in kept}
        named = [_placed(item, kept) for item in items]
        found = [there[_singular(item)] for item in named if _singular(item) in there]
        missing = [item for item in named if _singular(item) not in there]
        if not items:
            return None
        self._lists.remove(name, found)
        off = phrasing.sentence(f"{_said(found)} taken off your {name} list") if found else ""
        are = "aren't" if _plural(missing) else "isn't"
        not_there = f"{_said(missing)} {are} on {'it' if found else f'your {name} list'}" if missing else ""
        return self._reply(f"{off} {phrasing.sentence(not_there) if missing else ''}".strip())

    def _tell(self, words: str) -> Reply | None:
        if _NAMES.match(words):
            names = self._lists.names()
            return self._reply(phrasing.sentence(f"you have {_lists(names)}") if names else "You have no lists.")
        count, has, show = _COUNT.match(words), _HAS.match(words), _SHOW.match(words)
        if count:
            items = self._lists.items(self._named(count["list"]))
            return self._reply(phrasing.sentence(phrasing.count(len(items), "thing")))
        if has:
            return self._has(self._named(has["list"]), has["item"])
        if show is None:
            return None
        name = self._named(show["list"] or show["list2"])
        items = self._lists.items(name)
        return self._reply(f"On your {name} list: {_said(items)}." if items else f"Your {name} list is empty.")

    def _has(self, name: str, text: str) -> Reply | None:
        if text.lower() in {"there anything", "anything", "something", "there something"}:
            items = self._lists.items(name)
            return self._reply(f"On your {name} list: {_said(items)}." if items else f"No, your {name} list is empty.")
        there = {_singular(item) for item in self._lists.items(name)}
        asked = _items(re.sub(r"^there (?:any |some )?", "", text, flags=_I))
        missing = [item for item in asked if _singular(item) not in there]
        if not missing:
            return self._reply(f"Yes, on your {name} list.")
        if len(missing) < len(asked):
            return self._reply(f"Not {phrasing.join(missing, 'or')}.")
        return self._reply(f"No, not on your {name} list.")


def _in_full(words: str, *, right_behind: bool) -> str:
    """Give "what's on it" and "add eggs too", said of the list spoken of just now, with "the list" in it.

    right_behind: nobody answered anything else since, so that "remove the milk" is said of it, too.
    """
    if right_behind and (off := _OFF.match(words)):
        return f"remove {off['items']} from the list"
    if right_behind and _CLEAR_IT.match(words):
        return "clear the list"
    too, it = _TOO.match(words), _IT.search(words)
    if too and not _is_amount(too["items"]):
        return f"add {too['items']} to the list"
    add = _ADD.match(_IT.sub(r"\1 the list", words)) if it else None
    return words if add and _is_amount(add["items"]) else _IT.sub(r"\1 the list", words)


def _is_amount(text: str) -> bool:
    """Whether these are numbers or a length of time, which are added to something else."""
    items = _items(text.lower())
    return any(numerals.number(item) is not None or item.split()[-1] in durations.SECONDS for item in items)


def _placed(item: str, kept: list[str]) -> str:
    """The thing that stands at a place on the list; the item as it is where it names none."""
    place = _PLACE.fullmatch(item)
    return next(iter(kept[_PLACES[place["place"].lower()] :][:1]), item) if place else item


def _plural(items: list[str]) -> bool:
    return len(items) > 1 or (items[-1:] != [] and _singular(items[0]) != _ARTICLE.sub("", items[0].lower()))


def _items(text: str) -> list[str]:
    parts = (_ARTICLE.sub("", part.strip(' .,;:"')) for part in _BETWEEN.split(text))
    return [part for part in dict.fromkeys(parts) if part]


def _singular(item: str) -> str:
    item = _ARTICLE.sub("", item.lower())
    return item[:-1] if item.endswith("s") and not item.endswith("ss") else item


def _said(items: list[str]) -> str:
    return phrasing.join([phrasing.aloud(item) for item in items])


def _lists(names: list[str]) -> str:
    if len(names) == 1:
        return f"one list: {names[0]}"
    return f"{phrasing.integer(len(names))} lists: {phrasing.join(names)}"
