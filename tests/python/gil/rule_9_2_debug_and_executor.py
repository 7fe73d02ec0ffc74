# Rule 9.2: slow callbacks are reported in debug mode only, from 0.1 s on; the default executor has min(32, cpu + 4) threads.
import asyncio
import logging
import os
import re
import time

records = []


class Collect(logging.Handler):
    def emit(self, record):
        records.append(record.getMessage())


logging.getLogger('asyncio').addHandler(Collect())
logging.getLogger('asyncio').propagate = False


async def main(limit):
    loop = asyncio.get_running_loop()
    if limit:
        loop.slow_callback_duration = limit
    time.sleep(0.15)
    await asyncio.sleep(0)
    loop.call_soon(time.sleep, 0.12)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(loop.get_debug(), loop.slow_callback_duration)


def shown():
    for text in records:
        if text.startswith('Executing'):
            print(re.sub(r'0x[0-9a-f]+|\d+\.\d{3}|/\S+/|:\d+', '_', text)[:60])
    records.clear()


asyncio.run(main(None))
shown()
asyncio.run(main(None), debug=True)
shown()
asyncio.run(main(5), debug=True)
shown()


async def executor():
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, len, 'x')
    print(loop._default_executor._max_workers == min(32, (os.cpu_count() or 1) + 4))


asyncio.run(executor())


# In debug mode futures know where they were made, and call_soon complains about other threads.
async def debug():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    task = asyncio.create_task(asyncio.sleep(0))
    print(future._source_traceback[-1].name, task._source_traceback[-1].name, len(repr(task)) > 20)
    try:
        await asyncio.to_thread(loop.call_soon, print)
    except RuntimeError as e:
        print(e)
    future.cancel()
    await task


asyncio.run(debug(), debug=True)
