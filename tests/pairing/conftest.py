from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from couple import BROKERS, Client, Embedded, House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def embedded(house: House) -> Iterator[Embedded]:
    broker = Embedded(house)
    yield broker
    broker.close()


@pytest.fixture
def connect(house: House) -> Iterator[Callable[..., Client]]:
    """Connects with an identity's file and a name; all hang up at the end."""
    clients: list[Client] = []

    def make(identity: Path, name: str, **options: Any) -> Client:
        clients.append(Client(house, identity, name, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


class Street:
    """Two pairs of glasses, their host and a reader on one broker."""

    def __init__(self, house: House, connect: Callable[..., Client]) -> None:
        self.house = house
        self.connect = connect
        self.left = house.pair("left")
        self.right = house.pair("right")
        self.token = house.reader("board")
        self.broker: Any = None

    def host(self) -> Client:
        return self.connect(self.house.keys.host, self.house.keys.name, subscribe="sottovoce/1/#").ready()

    def glasses(self, name: str, **options: Any) -> Client:
        identity = {"left": self.left, "right": self.right}[name]
        return self.connect(identity.path, name, **options).ready()

    def reader(self, **options: Any) -> Client:
        return self.connect(self.token, "reader.board", **options).ready()


@pytest.fixture(params=list(BROKERS))
def street(request: pytest.FixtureRequest, house: House, connect: Callable[..., Client]) -> Iterator[Street]:
    made = Street(house, connect)
    made.broker = BROKERS[request.param](house)
    yield made
    made.broker.close()
