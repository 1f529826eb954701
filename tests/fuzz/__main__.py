"""All doors, for as long as it is asked to: `make fuzz`. Exit code 1 where memory grew."""

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1] / "system"))

from tests.fuzz.broker import fuzz_broker
from tests.fuzz.inlet import fuzz_inlet
from tests.fuzz.mutation import resident_kib
from tests.fuzz.pairing import fuzz_pairing
from tests.fuzz.wire import fuzz_codec, fuzz_judge, fuzz_link

Fuzz = Callable[[int, random.Random], dict[str, int]]
DOORS: Final[tuple[tuple[str, Fuzz, float], ...]] = (
    ("events and commands, codec", fuzz_codec, 1.0),
    ("sense to gate, judge", fuzz_judge, 1.0),
    ("sense to gate, socket", fuzz_inlet, 1.0),
    ("broker to host, link", fuzz_link, 1.0),
    ("pairing, both sides", fuzz_pairing, 1.0),
    ("glasses to host, border and broker", fuzz_broker, 0.1),
)
"""Each with its share of the count: the last one needs a connection under TLS for every twenty."""
GROWTH_KIB: Final = 16_384


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    grew = False
    for name, fuzz, share in DOORS:
        count = round(asked.count * share)
        fuzz(min(count, 20_000), random.Random(asked.seed))  # noqa: S311 -- what is found can be found again
        before, started = resident_kib(), time.monotonic()
        found = fuzz(count, random.Random(asked.seed + 1))  # noqa: S311 -- likewise
        grown = resident_kib() - before
        grew |= grown > GROWTH_KIB
        told = ", ".join(f"{key} {value}" for key, value in found.items())
        sys.stdout.write(f"{name}: {told}; {time.monotonic() - started:.0f} s, memory grew by {grown} KiB\n")
        sys.stdout.flush()
    return int(grew)


if __name__ == "__main__":
    sys.exit(main())
