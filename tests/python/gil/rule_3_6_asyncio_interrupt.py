# Rule 3.6: the first Ctrl-C cancels the main task of asyncio.run, which may clean up; then KeyboardInterrupt comes out.
import asyncio
import os
import signal

log = []


async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        log.append('cancelled')
        await asyncio.sleep(0.01)
        log.append('cleaned up')
        raise


try:
    asyncio.run(main())
except KeyboardInterrupt:
    log.append('KeyboardInterrupt')
print(log)
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


async def insists():
    loop = asyncio.get_running_loop()
    loop.call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        loop.call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
        try:
            await asyncio.sleep(10)
        finally:
            log.append('second')


log.clear()
try:
    asyncio.run(insists())
except KeyboardInterrupt:
    log.append('KeyboardInterrupt')
print(log)
