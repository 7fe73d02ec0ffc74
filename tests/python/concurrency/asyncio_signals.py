# Signals and asyncio: handlers in order, from other threads, refused ones, Ctrl-C inside callbacks, at once the second time.
import asyncio
import os
import signal
import threading

log = []


async def handlers():
    loop = asyncio.get_running_loop()
    done = asyncio.Event()

    def on(number, name):
        log.append((number.name, name))
        if name == 'last':
            done.set()
    loop.add_signal_handler(signal.SIGUSR1, on, signal.SIGUSR1, 'first')
    loop.add_signal_handler(signal.SIGUSR1, on, signal.SIGUSR1, 'replaced')
    loop.add_signal_handler(signal.SIGUSR2, on, signal.SIGUSR2, 'last')
    os.kill(os.getpid(), signal.SIGUSR1)
    t = threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGUSR2))
    t.start()
    t.join()
    await asyncio.wait_for(done.wait(), 10)
    print(log, [loop.remove_signal_handler(s) for s in (signal.SIGUSR1, signal.SIGUSR1, signal.SIGUSR2)],
          signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL)
    for bad in ((signal.SIGKILL, print), (0, print), ('x', print), (signal.SIGUSR1, asyncio.sleep), (1000, print)):
        try:
            loop.add_signal_handler(*bad)
        except Exception as e:
            print(type(e).__name__, str(e)[:60])

    def elsewhere():
        try:
            loop.add_signal_handler(signal.SIGUSR1, print)
        except (RuntimeError, ValueError) as e:
            log.append(str(e))
    log.clear()
    t = threading.Thread(target=elsewhere)
    t.start()
    t.join()
    print(log)
    # A burst: each is seen or merged with another of its kind, never lost altogether.
    count = 0

    def counted():
        nonlocal count
        count += 1
    loop.add_signal_handler(signal.SIGUSR1, counted)
    for _ in range(20):
        os.kill(os.getpid(), signal.SIGUSR1)
        await asyncio.sleep(0)
    for _ in range(100):
        if count == 20:
            break
        await asyncio.sleep(0.01)
    print(count)


asyncio.run(handlers())
log.clear()


# Ctrl-C while a callback computes: the main task is cancelled when it comes to the loop.
async def busy():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(1000))
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        log.append('cancelled')
        raise

try:
    asyncio.run(busy())
except KeyboardInterrupt as e:
    print('interrupted', log, repr(e.__cause__), repr(e.__context__)[:30])
log.clear()


# A main task that refuses its cancellation returns as usual.
async def refuses():
    os.kill(os.getpid(), signal.SIGINT)
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        asyncio.current_task().uncancel()
    return 'refused'

print(asyncio.run(refuses()))


# A handler of the program's own is left alone.
def own(number, frame):
    log.append('own handler')

signal.signal(signal.SIGINT, own)


async def with_own():
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.sleep(0)
    return 'went on'

print(asyncio.run(with_own()), log, signal.getsignal(signal.SIGINT) is own)
signal.signal(signal.SIGINT, signal.default_int_handler)


# In another thread run() leaves signals alone.
def thread():
    log.append(asyncio.run(asyncio.sleep(0, 'slept')))
    log.append(signal.getsignal(signal.SIGINT) is signal.default_int_handler)

log.clear()
t = threading.Thread(target=thread)
t.start()
t.join()
print(log)
