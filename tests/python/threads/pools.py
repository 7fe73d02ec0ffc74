# concurrent.futures.ThreadPoolExecutor, and multiprocessing.pool.ThreadPool.
import concurrent.futures as cf
import threading
import time
from multiprocessing.pool import ThreadPool

with cf.ThreadPoolExecutor(4, thread_name_prefix='pool') as ex:
    print(list(ex.map(pow, [2, 3, 4], [3, 2, 1])), ex.submit(lambda: threading.current_thread().name.startswith('pool')).result())
    futures = [ex.submit(lambda n=n: (time.sleep(0.02 * (3 - n)), n)[1]) for n in range(3)]
    print(sorted(f.result() for f in cf.as_completed(futures)), cf.wait(futures).not_done, all(f.done() for f in futures))
    f = ex.submit(lambda: 1 / 0)
    print(repr(f.exception()), f.done(), f.running(), f.cancelled())
    try:
        f.result()
    except ZeroDivisionError as e:
        print(e)
    slow = ex.submit(time.sleep, 0.1)
    try:
        slow.result(timeout=0.01)
    except cf.TimeoutError as e:
        print('timeout', isinstance(e, TimeoutError))
    first = cf.wait([slow, ex.submit(int)], return_when=cf.FIRST_COMPLETED)
    assert len(first.done) >= 1
    seen = []
    f = ex.submit(int, '5')
    f.result()
    f.add_done_callback(lambda f: seen.append(f.result()))
    print(seen)
    nested = ex.submit(lambda: sum(ex.map(int, '123')))
    print(nested.result())
    try:
        list(ex.map(lambda x: 1 // x, [1, 0]))
    except ZeroDivisionError:
        print('map raises')
try:
    ex.submit(int)
except RuntimeError as e:
    print(e)
ex = cf.ThreadPoolExecutor(1)
gate = threading.Event()
entered = threading.Event()
running = ex.submit(lambda: (entered.set(), gate.wait())[1])
entered.wait()
queued = ex.submit(int)
print(queued.cancel(), queued.cancelled(), running.cancel())
more = [ex.submit(int) for _ in range(3)]
gate.set()
ex.shutdown(cancel_futures=True)
print(running.result(), {f.cancelled() for f in more} <= {True, False})
try:
    queued.result()
except cf.CancelledError as e:
    print(type(e).__name__)
started = []
with cf.ThreadPoolExecutor(2, initializer=started.append, initargs=(1,)) as ex:
    list(ex.map(int, range(20)))
print(set(started))
for bad in (lambda: cf.ThreadPoolExecutor(0), lambda: cf.ThreadPoolExecutor(initializer=5)):
    try:
        bad()
    except (ValueError, TypeError) as e:
        print(e)
f = cf.Future()
threading.Timer(0.02, f.set_result, [7]).start()
print(f.result(5))
try:
    f.set_result(8)
except cf.InvalidStateError as e:
    print(type(e).__name__)

with ThreadPool(3) as pool:
    print(pool.map(abs, [-1, -2]), pool.apply(max, (1, 2)), list(pool.imap(str, range(3))),
            sorted(pool.imap_unordered(str, range(3))), pool.starmap(pow, [(2, 3)]))
    r = pool.apply_async(time.sleep, (0.01,))
    r.wait()
    print(r.ready(), r.successful(), r.get())
    try:
        pool.map(int, ['1', 'x'])
    except ValueError as e:
        print(e)
