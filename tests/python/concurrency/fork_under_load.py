# Forking while other threads allocate, import, lock and write: children that run Python, and all of them end well. The number of
# forks is the argument: 200 for a soak.
# timeout: 120
import fractions
import gc
import importlib
import os
import sys
import threading
import time
import traceback

stop = threading.Event()
errors = []
lock = threading.RLock()
sink = open(os.devnull, 'w')


def allocate():
    while not stop.is_set():
        keep = [{'k%d' % i: [i] * 10} for i in range(300)]
        del keep[::2]


def import_things():
    names = ['sched', 'colorsys', 'fnmatch', 'bisect', 'stringprep', 'this_is_not_there', 'quopri']
    while not stop.is_set():
        for name in names:
            sys.modules.pop(name, None)
            try:
                importlib.import_module(name)
            except ModuleNotFoundError:
                pass


def locks():
    local = threading.local()
    while not stop.is_set():
        with lock:
            local.x = [threading.Lock()]
        with threading.Condition():
            pass


def write():
    data = 'x' * 100
    while not stop.is_set():
        sink.write(data)
        sys.intern('word%d' % (time.perf_counter_ns() % 1000))


def child(i):
    # Everything of the runtime must work here.
    gc.collect()
    out = [str(k) * 3 for k in range(2000)]
    assert fractions.Fraction(1, 3) + fractions.Fraction(1, 6) == fractions.Fraction(1, 2)
    assert threading.active_count() == 1 and threading.current_thread() is threading.main_thread()
    results = []
    t = threading.Thread(target=lambda: results.append(sum(range(1000))))
    t.start()
    t.join()
    assert results == [499500]
    with open(os.devnull, 'w') as f:
        f.write('text' * 1000)

    class Made(dict):
        pass

    assert Made(a=1)['a'] == 1 and len(out) == 2000
    importlib.import_module('chunk')
    return 42


COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 20
threads = [threading.Thread(target=f) for f in (allocate, import_things, locks, write)]
for t in threads:
    t.start()
bad = []
for i in range(COUNT):
    pid = os.fork()
    if pid == 0:
        try:
            code = child(i)
        except BaseException as e:
            sys.__stderr__.write('child: %r\n' % e)
            traceback.print_exc()
            code = 1
        os._exit(code)
    deadline = time.monotonic() + 20
    while True:
        got, status = os.waitpid(pid, os.WNOHANG)
        if got:
            break
        if time.monotonic() > deadline:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            status = -1
            break
        time.sleep(0.002)
    if status != 42 << 8:
        bad.append((i, status))
stop.set()
for t in threads:
    t.join()
print('children that failed:', bad)
