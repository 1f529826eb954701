"""A sense that was taken over tries to get more out than the page says."""

import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec.inspect import IntType, LiteralType, Metadata, type_info
from msgspec.structs import replace

from sottovoce_device.gate.budget import BURST_BITS, RATE_BITS_PER_S
from sottovoce_device.gate.judge import Judge
from sottovoce_device.gate.pipe import capacities, section
from sottovoce_device.gate.slots import Slots
from sottovoce_wire import (
    AnyEvent,
    Attended,
    Evidence,
    Gestured,
    Interrupted,
    LookedAt,
    Moved,
    Pressed,
    Sounded,
    Vitals,
    encode,
)
from sottovoce_wire.bounds import SLOT_MS, TOLD_MS
from sottovoce_wire.capacity import IDLE_BITS, event_bits
from sottovoce_wire.evidence import EvidenceName
from sottovoce_wire.grain import Ago, Grain, OneDigit, Step

ROOT = Path(__file__).parents[2]
SECONDS = 120
AGES = TOLD_MS // SLOT_MS + 1
START_MS = 1_000_000
NAMES = get_args(EvidenceName)
VITALS = Vitals(
    at_ms=0, battery=None, temperature=None, load=0, memory_mb=0, samples_dropped=0, text_dropped=0, refused=0,
    unsent=0, microphone="on", camera="on", eye_camera="off", gaze="off", button="on",
)  # fmt: skip
KINDS: list[AnyEvent] = [
    *(Pressed(at_ms=0, button=b, action=a) for b in ("temple", "top", "mute") for a in ("tapped", "held", "released")),  # type: ignore[arg-type]
    *(Gestured(at_ms=0, gesture=g) for g in ("nod", "shake", "point", "palm", "pinch", "thumb_up", "thumb_down")),  # type: ignore[arg-type]
    *(Moved(at_ms=0, motion=m) for m in ("still", "standing_up", "sitting_down", "walking", "running", "riding")),  # type: ignore[arg-type]
    *(Sounded(at_ms=0, sound=s) for s in ("speech", "music", "alarm", "noise", "quiet")),  # type: ignore[arg-type]
    *(Interrupted(at_ms=0, turn=t) for t in range(3)),
]

Symbol = tuple[int, ...]
Hide = Callable[[Symbol], AnyEvent]
Find = Callable[[AnyEvent], Symbol]


def dice() -> random.Random:
    return random.Random(7)  # noqa: S311 -- to be repeated, not to be secret


class Gate:
    """The judge and the slots as the gate has them, in virtual time; and an accomplice who sees what leaves."""

    def __init__(self) -> None:
        self.judge = Judge(session=7)
        self._slots = Slots()
        self.now_ms = START_MS + 0.01

    def take(self, data: bytes) -> tuple[int, AnyEvent] | None:
        slot_ms = self._slots.take(self.now_ms)
        event = self.judge.judge(data, slot_ms)
        self.now_ms = slot_ms + 0.01
        return None if event is None else (slot_ms, event)

    def smuggle(self, hide: Hide, find: Find, sizes: Symbol, moments: int = 1) -> float:
        """Bits that reach the accomplice: random symbols, how long ago they are said to be, and which slot they take.

        sizes: how many values each part of a symbol has; moments: among how many slots one is chosen. What is over the
        budget is sent again until it leaves. What the accomplice reads has to be what was hidden.
        """
        chance, got = dice(), 0.0
        while self.now_ms < START_MS + SECONDS * 1000:
            symbol = tuple(chance.randrange(n) for n in sizes)
            moment, age = chance.randrange(moments), chance.randrange(AGES)
            self.now_ms += (moment - 1 - self.now_ms // SLOT_MS) % moments * SLOT_MS
            hidden = hide(symbol)
            while (left := self.take(encode(replace(hidden, at_ms=self.slot_ms - age * SLOT_MS)))) is None:
                self.now_ms += (moments - 1) * SLOT_MS
            slot_ms, event = left
            seen = (slot_ms // SLOT_MS % moments, (slot_ms - event.at_ms) // SLOT_MS, find(event))
            assert seen == (moment, age, symbol)
            got += sum(map(math.log2, (*sizes, moments, AGES)))
        return got

    @property
    def slot_ms(self) -> int:
        return int(self.now_ms // SLOT_MS + 1) * SLOT_MS


ALLOWED_BITS = BURST_BITS + SECONDS * RATE_BITS_PER_S


def in_evidence(symbol: Symbol) -> AnyEvent:
    confidence, opened, *reasons = symbol
    pairs = zip(reasons[::2], reasons[1::2], strict=True)
    evidence = tuple(Evidence(name=NAMES[n], weight=10 * w - 1000) for n, w in pairs)
    return Attended(at_ms=0, turn=1, opened=bool(opened), confidence=confidence, evidence=evidence)


def from_evidence(event: Any) -> Symbol:
    reasons = [n for e in event.evidence for n in (NAMES.index(e.name), (e.weight + 1000) // 10)]
    return (event.confidence, int(event.opened), *reasons)


def in_label(symbol: Symbol) -> AnyEvent:
    bearing, dwell, command, *letters = symbol
    label = "".join(chr(32 + n) for n in letters)
    where, command = 5 * bearing - 180, command + 1
    return LookedAt(
        at_ms=0, label=label, confidence=1, dwell_ms=100 * dwell, source="eye", bearing=where, command=command
    )


def from_label(event: Any) -> Symbol:
    return ((event.bearing + 180) // 5, event.dwell_ms // 100, event.command - 1, *(ord(c) - 32 for c in event.label))


def in_vitals(symbol: Symbol) -> AnyEvent:
    return replace(VITALS, load=5 * symbol[0], memory_mb=symbol[1], samples_dropped=symbol[2], refused=symbol[3])


def from_vitals(event: Any) -> Symbol:
    return (event.load // 5, event.memory_mb, event.samples_dropped, event.refused)


def in_kind(symbol: Symbol) -> AnyEvent:
    return KINDS[symbol[0]]


def from_kind(event: AnyEvent) -> Symbol:
    return (next(n for n, kind in enumerate(KINDS) if told(kind) == told(event)),)


def told(event: AnyEvent) -> str:
    return repr(replace(event, at_ms=0, session=0, seq=0, **({"turn": 0} if hasattr(event, "turn") else {})))


EVIDENCE = (101, 2) + (len(NAMES), 201) * 16


@pytest.mark.parametrize(
    ("hide", "find", "sizes", "moments", "share"),
    [
        (in_evidence, from_evidence, EVIDENCE, 1, 0.8),
        (in_evidence, from_evidence, EVIDENCE, 64, 0.85),
        (in_label, from_label, (73, 6001, 2**31) + (95,) * 40, 1, 0.7),
        (in_vitals, from_vitals, (21, 10, 10, 10), 1, 0.3),
        (in_kind, from_kind, (len(KINDS) - 2,), 1, 0.55),
        (in_kind, from_kind, (len(KINDS) - 2,), 8, 0.65),
    ],
    ids=["numbers", "numbers-timing", "label", "vitals", "kind-order", "kind-order-timing"],
)
def test_what_a_rogue_sense_gets_out_is_no_more_than_the_stated_total(
    hide: Hide, find: Find, sizes: Symbol, moments: int, share: float
) -> None:
    got = Gate().smuggle(hide, find, sizes, moments)
    assert got <= ALLOWED_BITS
    assert got > share * ALLOWED_BITS, "this attack is too weak to show anything"


def test_what_messages_pay_leaves_room_for_silence_and_for_every_kind_of_event() -> None:
    for kind in (Pressed, Gestured, Moved, Sounded):
        of_this = [event for event in KINDS if isinstance(event, kind)]
        info: Any = type_info(kind)
        every = math.prod(len(f.type.values) for f in info.fields if isinstance(f.type, LiteralType)) * AGES
        paid = {event_bits(replace(event, at_ms=START_MS - age)) for event in of_this for age in (0, 10, TOLD_MS)}
        assert every * 2 ** -min(paid) <= (1 - 2**-IDLE_BITS) / len(get_args(AnyEvent)) * (1 + 1e-9)


def test_what_the_gate_counts_of_sense_s_failures_is_paid_for_like_everything_else() -> None:
    gate, chance, got = Gate(), dice(), 0.0
    gate.judge._complete = lambda vitals: replace(vitals, refused=gate.judge.refused)
    while gate.now_ms < START_MS + SECONDS * 1000:
        gate.judge.refused, hidden = 0, chance.randrange(10)
        for _ in range(hidden):
            assert gate.take(b"nonsense") is None
        while (left := gate.take(encode(replace(VITALS, at_ms=round(gate.now_ms))))) is None:
            continue
        assert isinstance(left[1], Vitals)
        assert left[1].refused == hidden
        got += math.log2(10)
    assert 0.02 * ALLOWED_BITS < got <= ALLOWED_BITS


def test_nothing_leaves_between_two_slots_nor_two_in_one() -> None:
    slots, chance, now = Slots(), dice(), 0.0
    taken = [slots.take(now := now + chance.random() * 15) for _ in range(2_000)]
    assert all(ms % SLOT_MS == 0 for ms in taken)
    assert len(set(taken)) == len(taken)
    assert taken == sorted(taken)


def rounded_numbers() -> set[tuple[Grain, int, int]]:
    found = set()
    for message in (*get_args(AnyEvent), Evidence):
        info: Any = type_info(message)
        for kind in [k for f in info.fields for k in getattr(f.type, "types", (f.type,))]:
            match kind:
                case Metadata(
                    type=IntType(ge=int() as low, le=int() as high),
                    extra={"grain": Step() | OneDigit() | Ago() as grain},
                ):
                    found.add((grain, low, high))
    return found


@pytest.mark.parametrize(("grain", "low", "high"), sorted(rounded_numbers(), key=repr), ids=repr)
def test_a_number_has_no_more_values_once_it_is_rounded_than_it_pays_for(grain: Grain, low: int, high: int) -> None:
    now = 1_000_000
    values = {grain.coarse(value, now) for value in range(low, min(high, 1_100_000) + 1)}
    assert math.log2(len(values)) <= grain.bits(low, high, high) + 1e-9
    assert all(low <= value <= high for value in values)


def test_the_page_states_the_capacity_that_the_code_computes() -> None:
    assert section() in (ROOT / "docs/privacy.md").read_text(), "run `make docs`"
    assert all(c.per_minute * c.least_bits <= RATE_BITS_PER_S * 60 for c in capacities())
