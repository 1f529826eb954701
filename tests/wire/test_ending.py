import asyncio

from sottovoce_wire.ending import end


def test_a_task_that_loses_a_cancellation_on_the_way_is_ended_all_the_same() -> None:
    lost = 0

    async def loses_two() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                lost += 1
                if lost > 2:
                    raise

    async def fails() -> None:
        raise OSError

    async def run() -> list[bool]:
        tasks = [asyncio.create_task(loses_two()), asyncio.create_task(fails())]
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await end(tasks, again_s=0.01)
        return [task.done() for task in tasks]

    assert asyncio.run(run()) == [True, True]
    assert lost == 3
