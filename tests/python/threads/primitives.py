# threading: Condition, Event, Semaphore, Barrier, RLock, local, and what they promise.
import threading
import time


def run(*functions):
    threads = [threading.Thread(target=f) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


# Condition: producer and consumers, notify, notify_all, wait_for, timeouts.
cond = threading.Condition()
items, taken = [], []


def consumer():
    while True:
        with cond:
            cond.wait_for(lambda: items)
            x = items.pop(0)
        if x is None:
            return
        taken.append(x)


def producer():
    for n in range(200):
        with cond:
            items.append(n)
            cond.notify()
    with cond:
        items.extend([None] * 3)
        cond.notify_all()


run(consumer, consumer, consumer, producer)
assert sorted(taken) == list(range(200))
with cond:
    began = time.monotonic()
    assert cond.wait(0.02) is False and cond.wait_for(lambda: False, 0.02) is False and cond.wait_for(lambda: 7) == 7
for bad in (cond.notify, cond.notify_all, cond.wait, cond.release):
    try:
        bad()
    except RuntimeError as e:
        print(e)

# Event.
event = threading.Event()
order = []


def waiter():
    assert event.wait(10)
    order.append('waiter')


def setter():
    time.sleep(0.02)
    order.append('set')
    event.set()


run(waiter, waiter, setter)
print(order, event.is_set(), event.wait(0))
event.clear()
print(event.is_set(), event.wait(0.01), event.wait(timeout=0))

# Semaphores.
sem = threading.Semaphore(2)
inside, most, counting = [0], [0], threading.Lock()


def enter():
    for _ in range(30):
        with sem:
            with counting:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            time.sleep(0.0002)
            with counting:
                inside[0] -= 1


run(enter, enter, enter, enter)
assert most[0] <= 2 and sem.acquire(False) and sem.acquire(False) and not sem.acquire(False) and not sem.acquire(timeout=0.01)
sem.release(2)
bounded = threading.BoundedSemaphore(1)
bounded.acquire()
bounded.release()
for bad in (bounded.release, lambda: sem.release(0), lambda: sem.acquire(False, 1), lambda: threading.Semaphore(-1)):
    try:
        bad()
    except ValueError as e:
        print(e)

# Barrier.
done = []
barrier = threading.Barrier(3, action=lambda: done.append('action'), timeout=10)
places = []


def meet():
    for _ in range(3):
        places.append(barrier.wait())


run(meet, meet, meet)
print(sorted(places), done, barrier.parties, barrier.n_waiting, barrier.broken)
broken = threading.Barrier(2)
errors = []


def breaker():
    try:
        broken.wait(0.02)
    except threading.BrokenBarrierError:
        errors.append('broken')


run(breaker)
print(errors, broken.broken)
broken.reset()
print(broken.broken)
broken.abort()
try:
    broken.wait()
except threading.BrokenBarrierError:
    print('aborted')

# local: separate per thread, __init__ per thread, gone with the thread.
class Mine(threading.local):
    default = 'class'

    def __init__(self, start): self.values = [start]


mine = Mine('start')
mine.values.append('main')
seen = []


def look():
    seen.append(list(mine.values))
    mine.values.append('other')
    mine.default = 'changed'
    seen.append(list(mine.values))


run(look)
print(seen, mine.values, mine.default, sorted(mine.__dict__))
plain = threading.local()
plain.x = 1


def no_x():
    try:
        plain.x
    except AttributeError as e:
        seen.append(str(e))


run(no_x)
print(seen[-1], plain.x)
del plain.x
assert not hasattr(plain, 'x')
try:
    threading.local(5)
except TypeError as e:
    print(e)

# Excepthook, settrace and names of a few functions.
print(threading.get_ident() == threading.current_thread().ident,
        threading.get_native_id() == threading.main_thread().native_id, len(threading.enumerate()))
lines = []


def tracer(frame, event_, arg):
    if frame.f_code.co_name == 'traced':
        lines.append(event_)
    return tracer


def traced():
    x = 1
    return x


threading.settrace(tracer)
run(traced)
threading.settrace(None)
print(lines)
