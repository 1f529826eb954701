"""A pair of glasses as the host sees them: a real MQTT client that speaks the wire."""

import threading
import time
from typing import Any

import paho.mqtt.client as paho
from msgspec.structs import replace
from stage import wait_until

from sottovoce_wire import Said, Status, decode_command, encode
from sottovoce_wire.commands import AnyCommand
from sottovoce_wire.events import AnyEvent
from sottovoce_wire.topics import commands_of, event_topic, status_topic

PATIENCE_S = 15.0


def now_ms() -> int:
    return round(time.monotonic() * 1000)


class Glasses:
    """Connected and sensing from the start on.

    commands: what the host sent, in order, with the moment it came (monotonic seconds).
    """

    def __init__(self, port: int, name: str = "specs", session: int = 7) -> None:
        self.name = name
        self.session = session
        self.seq = 0
        self.commands: list[tuple[Any, float]] = []
        self._subscribed = threading.Event()
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.on_connect = lambda client, *_: client.subscribe(commands_of(name), qos=1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._took
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()
        assert self._subscribed.wait(PATIENCE_S)
        self.status(alive=True)

    def _took(self, _: paho.Client, __: object, message: paho.MQTTMessage) -> None:
        if "/command/" in message.topic:  # amqtt hands a newcomer every retained status, subscribed or not
            self.commands.append((decode_command(message.payload), time.monotonic()))

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PATIENCE_S)

    def status(self, *, alive: bool) -> None:
        status = Status(
            at_ms=now_ms(), session=self.session, alive=alive, sensing=alive, muted=False, device_version="1"
        )
        self.publish(status_topic(self.name), encode(status), retain=True)

    def tell(self, event: AnyEvent, *, skipping: int = 0) -> None:
        """Publish it as the next event of the session; `skipping` so many that are lost."""
        self.seq += 1 + skipping
        self.publish(event_topic(self.name, event), encode(replace(event, session=self.session, seq=self.seq)))

    def say(self, text: str, turn: int = 1, addressee: str = "device", *, continues: bool = False) -> None:
        at_ms = now_ms()
        self.tell(
            Said(
                at_ms=at_ms, turn=turn, text=text, speaker="wearer", addressee=addressee, confidence=90,  # type: ignore[arg-type]
                started_ms=at_ms - 900, ended_ms=at_ms - 200, continues=continues, evidence=(),
            )
        )  # fmt: skip

    def got(self, kind: type[AnyCommand]) -> list[Any]:
        """All commands of this kind so far."""
        return [command for command, _ in list(self.commands) if isinstance(command, kind)]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def until(condition: Any, what: str) -> Any:
    """The condition's first true value."""
    return wait_until(condition, what, PATIENCE_S)
