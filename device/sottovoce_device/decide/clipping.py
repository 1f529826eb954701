"""Text in the lengths that the wire carries."""


def split(text: str, length: int) -> list[str]:
    """The text in parts of at most this many characters, parted between words where there are any."""
    parts = []
    while len(text) > length:
        space = text.rfind(" ", 1, length + 1)
        cut = space if space > 0 else length
        parts.append(text[:cut].strip())
        text = text[cut:].strip()
    return [p for p in [*parts, text] if p]


def clip(text: str, length: int) -> str:
    """The end of a text that is too long: the newest words matter."""
    return text if len(text) <= length else split(text[-length:].partition(" ")[2] or text[-length:], length)[-1]
