import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import COMMANDS, EVENTS, MESSAGES, largest, valid
from msgspec.inspect import type_info

from sottovoce_wire import (
    MESSAGE_LIMIT_BYTES,
    Hearing,
    Lateness,
    Mute,
    WireError,
    decode_command,
    decode_event,
    encode,
    largest_bytes,
)
from sottovoce_wire.document import document, field_texts
from sottovoce_wire.topics import check_device, command_topic, event_topic, parse_topic

ROOT = Path(__file__).parents[2]
names = [m.__name__ for m in MESSAGES]


def decode(message: type[Any], data: bytes) -> Any:
    return decode_event(data) if message in EVENTS else decode_command(data)


@pytest.mark.parametrize("message", MESSAGES, ids=names)
def test_the_largest_message_of_each_type_is_as_large_as_computed_and_within_the_limit(message: type[Any]) -> None:
    data = encode(largest(type_info(message)))
    bound = largest_bytes(message)
    assert len(data) <= bound <= MESSAGE_LIMIT_BYTES
    assert len(data) > 0.75 * bound, "the bound is far from what can be reached: it counts something that is not there"


@settings(max_examples=400)
@given(st.sampled_from(MESSAGES).flatmap(valid))
def test_every_message_comes_back_as_it_was_and_within_its_bound(message: Any) -> None:
    data = encode(message)
    assert decode(type(message), data) == message
    assert len(data) <= largest_bytes(type(message))


def test_no_field_can_hold_bytes_floats_or_anything_without_a_bound() -> None:
    class Leak(msgspec.Struct, tag=True):
        payload: bytes

    class Chatter(msgspec.Struct, tag=True):
        text: str

    class Crowd(msgspec.Struct, tag=True):
        numbers: list[int]

    class Fine(msgspec.Struct, tag=True):
        number: float

    for bad in (Leak, Chatter, Crowd, Fine):
        with pytest.raises(WireError, match=bad.__name__):
            largest_bytes(bad)


def _numbers(kind: Any) -> int:
    """How many numbers a value of this type can hold."""
    match kind:
        case msgspec.inspect.Metadata(type=inner):
            return _numbers(inner)
        case msgspec.inspect.IntType():
            return 1
        case msgspec.inspect.UnionType(types=types):
            return max(map(_numbers, types))
        case msgspec.inspect.VarTupleType(item_type=item, max_length=int() as length):
            return length * _numbers(item)
        case msgspec.inspect.StructType(fields=fields):
            return sum(_numbers(field.type) for field in fields)
        case _:
            return 0


def test_no_event_has_room_for_a_voice() -> None:
    most = {event.__name__: _numbers(type_info(event)) for event in EVENTS}
    assert most["GazeLearnt"] == 33, "the session's and its moment's three, and 30 of the calibration"
    assert max(most.values()) < 64, "an enrolled voice is 256 numbers"


def _mutations(message: Any) -> list[bytes]:
    """Every change of shape, size or range that is one step away from this message."""
    plain: dict[str, Any] = json.loads(encode(message))
    out: list[bytes] = []

    def put(changed: object) -> None:
        out.append(json.dumps(changed, separators=(",", ":"), ensure_ascii=False).encode())

    put({**plain, "extra": 1})
    put([plain])
    put({**plain, "type": "Recording"})
    put({k: v for k, v in plain.items() if k != "type"})
    for name, value in plain.items():
        put({k: v for k, v in plain.items() if k != name})
        for wrong in (
            [],
            {},
            "\x00",
            "x" * 5000,
            -(2**60),
            2**70,
            1.5,
            1e300,
            "AAAA",
            [[0]] * 50,
            "\ud800"[:0] + "\x7f",
        ):
            if wrong == value or (wrong == "AAAA" and name in ("text", "label")):
                continue
            if wrong == [] and isinstance(value, list):
                continue
            put({**plain, name: wrong})
    data = encode(message)
    out += [data[:n] for n in range(len(data))]
    out += [data + b" ", b" " + data, data + data, data.replace(b":", b": ", 1), data + b"\x00", b"\xff" + data]
    out += [data.replace(b'"type"', b'"\\u0074ype"'), data[:-1] + b',"session":1}', b"[" * 100_000, b"", b"null", b"{}"]
    return out


@pytest.mark.parametrize("message", MESSAGES, ids=names)
def test_decoding_refuses_every_mutation_with_the_one_error(message: type[Any]) -> None:
    good = largest(type_info(message))
    for bad in _mutations(good):
        with pytest.raises(WireError):
            decode(message, bad)


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_noise_is_refused_and_nothing_else_happens(noise: bytes) -> None:
    for decoder in (decode_event, decode_command):
        with pytest.raises(WireError):
            decoder(noise)


@settings(max_examples=300)
@given(st.sampled_from(MESSAGES).flatmap(valid), st.data())
def test_what_a_damaged_message_still_decodes_to_is_spelt_exactly_so(message: Any, data: st.DataObject) -> None:
    spelt = bytearray(encode(message))
    spelt[data.draw(st.integers(0, len(spelt) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = decode(type(message), bytes(spelt))
    except WireError:
        return
    assert encode(found) == bytes(spelt)


def test_a_refusal_does_not_repeat_what_was_in_the_message() -> None:
    secret = b'{"type":"Hearing","session":0,"seq":0,"at_ms":0,"turn":0,"text":"my secret","my secret":1}'
    for bad in (secret, secret.replace(b"Hearing", b"my secret"), secret.replace(b'"turn":0', b'"turn":"my secret"')):
        with pytest.raises(WireError) as caught:
            decode_event(bad)
        assert "secret" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_message_built_out_of_its_bounds_does_not_get_out() -> None:
    for bad in (Hearing(at_ms=0, turn=0, text=""), Hearing(at_ms=-1, turn=0, text="x"), Mute(muted=2)):  # type: ignore[arg-type]
        with pytest.raises(WireError):
            encode(bad)


def test_events_are_no_commands_and_commands_are_no_events() -> None:
    for event in EVENTS:
        with pytest.raises(WireError):
            decode_command(encode(largest(type_info(event))))
    for command in COMMANDS:
        with pytest.raises(WireError):
            decode_event(encode(largest(type_info(command))))


@pytest.mark.parametrize("message", MESSAGES, ids=names)
def test_every_field_is_explained_where_it_is_declared(message: type[Any]) -> None:
    own = [f for f in message.__struct_fields__ if f not in message.__mro__[1].__struct_fields__]
    assert [f for f in own if f not in field_texts(message)] == []


def test_the_wire_document_is_what_the_docstrings_say_now() -> None:
    assert (ROOT / "docs/wire.md").read_text() == document(), "run `make docs`"


def test_topics_are_taken_apart_into_what_they_were_made_of() -> None:
    hearing, mute = Hearing(at_ms=0, turn=0, text="x"), Mute(muted=True)
    assert parse_topic(event_topic("specs-1", hearing)) == ("specs-1", "event", "Hearing")
    assert parse_topic(command_topic("specs-1", mute)) == ("specs-1", "command", "Mute")
    for bad in (
        "sottovoce/1/+/event/Said",
        "sottovoce/2/a/event/Said",
        "sottovoce/1/a/event",
        "x",
        "sottovoce/1/a/status/x",
    ):
        with pytest.raises(WireError):
            parse_topic(bad)
    for bad in ("", "#", "a/b", "A", "-a", "a" * 33, "a+"):
        with pytest.raises(WireError):
            check_device(bad)


def test_lateness_needs_no_common_clock_and_starts_anew_with_a_session() -> None:
    lateness = Lateness()
    assert lateness.step(1, 1_000, 501_000) == 0
    assert lateness.step(1, 2_000, 502_030) == pytest.approx(30, abs=1)
    assert lateness.step(1, 3_000, 508_000) == pytest.approx(5_000, abs=1)
    assert lateness.step(1, 9_000, 508_990) == 0
    assert lateness.step(2, 10, 509_000) == 0
