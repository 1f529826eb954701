"""What the narrow pipe comes to, computed: `python -m sottovoce_device.gate.pipe FILE` writes it into the page.

Nothing here is counted by hand: the bits come from the fields that the wire declares, the rates from the budget.
"""

import sys
from pathlib import Path
from typing import Final, get_args

from msgspec import Struct

from sottovoce_device.gate.budget import BURST_BITS, RATE_BITS_PER_S
from sottovoce_wire import AnyEvent, GazeLearnt
from sottovoce_wire.bounds import SLOT_MS
from sottovoce_wire.capacity import IDLE_BITS_PER_S, KIND_BITS, MOMENT_BITS, longest_text_bits, numbers_bits, text_bits

BEGIN: Final = "<!-- capacity: written by `make docs` -->\n"
END: Final = "<!-- end -->\n"


class Capacity(Struct, frozen=True):
    """What one kind of event carries at most, in bits.

    least_bits, most_bits: all of it but the text, with empty lists and with full ones. text_bits: the longest text.
    per_minute: how many of the smallest leave in a minute while nothing else does.
    """

    event: str
    least_bits: float
    most_bits: float
    text_bits: float
    per_minute: int


def capacities() -> list[Capacity]:
    """One row an event, in the wire's order."""
    rows = []
    for event in (kind for kind in get_args(AnyEvent) if kind is not GazeLearnt):  # that one stays on the glasses
        least, most = numbers_bits(event)
        shortest = text_bits("x") if longest_text_bits(event) else 0.0
        rate = (RATE_BITS_PER_S - IDLE_BITS_PER_S) * 60 / (least + shortest)
        rows.append(Capacity(event.__name__, least, most, longest_text_bits(event), int(rate)))
    return rows


def total() -> str:
    """The whole pipe in one sentence."""
    return (
        f"**{RATE_BITS_PER_S} bit/s** sustained and {BURST_BITS} bits ({BURST_BITS // 8} bytes) at once: all events, "
        f"and all that could be hidden in them together. Of it silence takes {IDLE_BITS_PER_S:g} bit/s (slots of "
        f"{SLOT_MS} ms); every event pays {MOMENT_BITS:.1f} bits for its moment and {KIND_BITS:.1f} for kind and order."
    )


def table() -> str:
    """The capacity of every event, as the page has it."""
    rows = [("event", "bits of numbers, kind, order, moment", "bits of its longest text", "most a minute")]
    rows.append(("---",) * 4)
    rows += [
        (f"`{c.event}`", _span(c.least_bits, c.most_bits), f"{c.text_bits:.0f}", str(c.per_minute))
        for c in capacities()
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def section() -> str:
    """What stands in the page between the marks."""
    return f"{BEGIN}{total()}\n\n{table()}{END}"


def written(page: str) -> str:
    """The page with the section as it is now. Raises ValueError where the marks are not there."""
    before, after = page.index(BEGIN), page.index(END) + len(END)
    return page[:before] + section() + page[after:]


def _span(least: float, most: float) -> str:
    return f"{least:.0f}" if most - least < 1 else f"{least:.0f} … {most:.0f}"


if __name__ == "__main__":
    page_file = Path(sys.argv[1])
    page_file.write_text(written(page_file.read_text()))
