"""What the glasses could not send is told of, once each time."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest
from glasses import Glasses, until
from msgspec.structs import replace

from sottovoce_host.config import BrokerConfig, Config, MemoryConfig, VoiceConfig
from sottovoce_host.demo.process import free_port
from sottovoce_host.process import running_host
from sottovoce_wire import Vitals

VITALS = Vitals(
    at_ms=0, battery=None, temperature=None, load=0, memory_mb=0, samples_dropped=0, text_dropped=0, refused=0,
    unsent=0, microphone="on", camera="off", eye_camera="off", gaze="off", button="off",
)  # fmt: skip
LOST = "host: specs: could not reach this host for a while; what they had to tell meanwhile is lost\n"


def test_events_that_were_lost_with_the_link_are_told_of_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Config(
        broker=BrokerConfig(security="plain", port=free_port()),
        voice=VoiceConfig(sink="wav", path=str(tmp_path / "replies.wav")),
        memory=MemoryConfig(path=str(tmp_path / "memory.sqlite")),
    )
    log = ""

    def told(times: int) -> bool:
        nonlocal log
        log += capsys.readouterr().err
        return log.count(LOST) == times

    def outage(glasses: Glasses) -> None:
        for unsent, times in ((0, 0), (3, 1), (3, 1), (4, 2), (0, 2), (1, 3)):
            glasses.tell(replace(VITALS, unsent=unsent))
            glasses.tell(replace(VITALS, unsent=unsent))
            until(lambda times=times: told(times), f"{unsent} unsent")  # type: ignore[misc]

    async def host() -> None:
        async with running_host(config) as conversation:
            with closing(await asyncio.to_thread(Glasses, config.broker.port)) as glasses:
                await asyncio.wait_for(conversation.until_hears("specs"), 10)
                await asyncio.to_thread(outage, glasses)

    asyncio.run(host())
    assert told(3)
