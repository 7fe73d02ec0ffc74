# Rule 3.2 (PEP 475): an interrupted wait runs the handler and goes on for the rest of its time; an exception ends it.
# alone
import os
import select
import signal
import socket
import threading
import time

hits = []
signal.signal(signal.SIGALRM, lambda s, f: hits.append(time.monotonic()))
lock = threading.Lock()
lock.acquire()
r, w = os.pipe()
a, b = socket.socketpair()
a.settimeout(0.3)
cond = threading.Condition()


def condition():
    with cond:
        return cond.wait(0.3)


def timeout_of_recv():
    try:
        a.recv(1)
    except TimeoutError:
        return 'timed out'


event = threading.Event()
CALLS = {'lock': (lambda: lock.acquire(timeout=0.3), False), 'sleep': (lambda: time.sleep(0.3), None),
        'select': (lambda: select.select([r], [], [], 0.3), ([], [], [])), 'event': (lambda: event.wait(0.3), False),
         'condition': (condition, False), 'recv': (timeout_of_recv, 'timed out'),
         'poll': (lambda: select.poll().poll(300), []), 'epoll': (lambda: select.epoll().poll(0.3), [])}
for name, (call, want) in CALLS.items():
    hits.clear()
    began = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    result = call()
    took = time.monotonic() - began
    assert result == want, (name, result)
    assert 0.28 <= took < 2, (name, took)
    assert len(hits) == 1 and hits[0] - began < 0.28, (name, hits and hits[0] - began)
    print(name, 'went on')

# A blocking read is restarted, and gets its data.
def writer(signum, frame):
    os.write(w, b'late')


signal.signal(signal.SIGALRM, writer)
signal.setitimer(signal.ITIMER_REAL, 0.05)
assert os.read(r, 10) == b'late'


class Stop(Exception):
    pass


def stop(signum, frame):
    raise Stop


signal.signal(signal.SIGALRM, stop)
a.settimeout(None)
for name, call in {'lock': lambda: lock.acquire(), 'sleep': lambda: time.sleep(5), 'read': lambda: os.read(r, 1),
        'recv': lambda: a.recv(1), 'join': lambda: t.join(), 'select': lambda: select.select([r], [], []),
        'event': event.wait}.items():
    t = threading.Thread(target=time.sleep, args=(1.5,), daemon=True)
    t.start()
    began = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        call()
    except Stop:
        assert time.monotonic() - began < 1.2, name
        print(name, 'ended')
    else:
        print(name, 'was not ended')
