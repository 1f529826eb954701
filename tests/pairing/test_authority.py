"""Who may say and hear what, by what is delivered: on the embedded broker and on a real mosquitto."""

from typing import Any

import pytest
from couple import PATIENCE_S
from stage import wait_until

from sottovoce_host.link.authority import covers, may, may_subscribe
from sottovoce_wire import WireError


def until(condition: Any, what: str) -> None:
    wait_until(condition, what, PATIENCE_S)


def test_glasses_publish_their_own_events_and_nobody_elses_and_no_commands(street: Any) -> None:
    host, left = street.host(), street.glasses("left")
    right = street.glasses("right", subscribe="sottovoce/1/right/command/+")
    for topic in ("right/event/Said", "right/status", "right/command/Mute", "left/command/Mute", "right/renewal"):
        left.say(f"sottovoce/1/{topic}", b"forbidden")
    left.say("sottovoce/2/left/event/Said", b"forbidden")
    left.say("sottovoce/1/left/event/Said", b"allowed")
    until(lambda: host.has("sottovoce/1/left/event/Said", b"allowed"), "the allowed one came")
    host.say("sottovoce/1/right/command/Mute", b"last")
    until(lambda: right.has("sottovoce/1/right/command/Mute", b"last"), "the host's command came")
    assert [p for _, p in host.got + right.got if p == b"forbidden"] == []


@pytest.mark.parametrize("greedy", ["#", "sottovoce/1/#", "sottovoce/1/+/command/+", "$share/g/sottovoce/1/right/#"])
def test_glasses_are_sent_their_own_commands_and_nothing_else_whatever_they_subscribe_to(
    street: Any, greedy: str
) -> None:
    host, left = street.host(), street.glasses("left", subscribe="sottovoce/1/left/command/+")
    right = street.glasses("right", subscribe="sottovoce/1/right/command/+")
    left.subscribe(greedy)
    right.say("sottovoce/1/right/event/Said", b"secret")
    right.say("sottovoce/1/right/status", b"secret", retain=True)
    until(lambda: host.has("sottovoce/1/right/status", b"secret"), "the others' words reached the host")
    host.say("sottovoce/1/right/command/Mute", b"secret")
    until(lambda: right.has("sottovoce/1/right/command/Mute", b"secret"), "the others' command reached them")
    host.say("sottovoce/1/left/command/Mute", b"own")
    until(lambda: left.has("sottovoce/1/left/command/Mute", b"own"), "its own command came")
    assert {p for _, p in left.got} == {b"own"}


def test_a_newcomer_is_not_handed_what_is_retained_for_others(street: Any) -> None:
    host, right = street.host(), street.glasses("right")
    right.say("sottovoce/1/right/status", b"retained", retain=True)
    until(lambda: host.has("sottovoce/1/right/status", b"retained"), "it is retained")
    left = street.glasses("left", subscribe="sottovoce/1/left/command/+")
    host.say("sottovoce/1/left/command/Mute", b"own")
    until(lambda: left.has("sottovoce/1/left/command/Mute", b"own"), "its own command came")
    assert {p for _, p in left.got} == {b"own"}


def test_a_reader_reads_all_events_and_writes_nothing_and_hears_no_command(street: Any) -> None:
    reader, host = street.reader(subscribe="sottovoce/1/#"), street.host()
    reader.subscribe("sottovoce/1/+/event/+")
    left = street.glasses("left", subscribe="sottovoce/1/left/command/+")
    for topic in ("left/command/Mute", "left/event/Said", "left/status", "left/renewal"):
        reader.say(f"sottovoce/1/{topic}", b"forbidden")
    host.say("sottovoce/1/left/command/Mute", b"command")
    until(lambda: left.has("sottovoce/1/left/command/Mute", b"command"), "the host's command came")
    left.say("sottovoce/1/left/event/Said", b"event")
    until(lambda: reader.has("sottovoce/1/left/event/Said", b"event"), "the reader read the event")
    until(lambda: host.has("sottovoce/1/left/event/Said", b"event"), "and so did the host")
    assert {p for _, p in left.got} == {b"command"}
    assert {p for _, p in reader.got} == {b"event"}
    assert b"forbidden" not in {p for _, p in host.got}


def test_nobody_takes_over_a_session_by_calling_itself_like_its_owner(street: Any) -> None:
    host = street.host()
    left = street.glasses("left", subscribe="sottovoce/1/left/command/+")
    thief = street.connect(street.right.path, "left", subscribe="sottovoce/1/left/command/+")
    until(lambda: thief.codes or thief.gone.is_set(), "the thief was answered")
    thief.say("sottovoce/1/left/event/Said", b"forged")
    host.say("sottovoce/1/left/command/Mute", b"mine")
    until(lambda: left.has("sottovoce/1/left/command/Mute", b"mine"), "the owner is still there")
    left.say("sottovoce/1/left/event/Said", b"own")
    until(lambda: host.has("sottovoce/1/left/event/Said", b"own"), "and is still heard")
    assert not left.gone.is_set()
    assert thief.got == []
    assert not host.has("sottovoce/1/left/event/Said", b"forged")


def test_a_last_will_is_left_at_ones_own_status_only(street: Any) -> None:
    host = street.host()
    right = street.glasses("right", will="sottovoce/1/right/status")
    forger = street.connect(street.left.path, "left", will="sottovoce/1/right/command/Mute")
    until(lambda: forger.codes or forger.gone.is_set(), "the forger was answered")
    forger.vanish()
    right.vanish()
    until(lambda: host.has("sottovoce/1/right/status", b"will"), "the rightful will came")
    assert not host.has("sottovoce/1/right/command/Mute", b"will")


def test_who_is_unpaired_is_heard_no_more_even_in_a_session_that_was_open(street: Any) -> None:
    host, left = street.host(), street.glasses("left")
    left.say("sottovoce/1/left/event/Said", b"before")
    until(lambda: host.has("sottovoce/1/left/event/Said", b"before"), "it was heard")
    street.house.paired.remove("left")
    street.broker.look_again()
    until(lambda: left.gone.is_set() or hasattr(street.broker, "log"), "the embedded broker ends the session")
    left.say("sottovoce/1/left/event/Said", b"after")
    again = street.connect(street.left.path, "left")
    until(lambda: again.refusals or any(again.codes) or again.gone.is_set(), "a new connection is refused")
    assert not again.connected.is_set()
    right = street.glasses("right")
    right.say("sottovoce/1/right/event/Said", b"last")
    until(lambda: host.has("sottovoce/1/right/event/Said", b"last"), "the others go on")
    assert not host.has("sottovoce/1/left/event/Said", b"after")


@pytest.mark.parametrize("name", ["nobody.x", "left", "reader.x"])
def test_no_name_but_a_hosts_may_command(name: str) -> None:
    assert not may(name, "write", "sottovoce/1/right/command/Mute")
    assert not may_subscribe(name, "#")


@pytest.mark.parametrize("name", ["", "+", "left/right", "LEFT", "#"])
def test_a_name_that_is_none_may_nothing(name: str) -> None:
    with pytest.raises(WireError):
        may(name, "read", "sottovoce/1/left/command/Mute")


def test_a_filter_covers_another_only_if_it_brings_all_of_it() -> None:
    assert covers("a/+/c", "a/b/c")
    assert covers("a/#", "a/+/#")
    assert covers("a/+/c", "a/+/c")
    for rule, wanted in [("a/b/c", "a/+/c"), ("a/+/c", "a/#"), ("a/+", "a/b/c"), ("a/b/c", "a/b"), ("a/+/c", "#")]:
        assert not covers(rule, wanted)
