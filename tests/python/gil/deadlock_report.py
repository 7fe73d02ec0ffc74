# -X deadlock_report tells who waits for whom, once, with stacks and the names of locks; baton.gil.waits() tells it any time. What only
# looks like a deadlock isn't told: waits with a limit, waits for events that somebody is left to set, handlers of signals.
# baton-only
# modes: gil=1,gil=0
# alone
# timeout: 120
import re
import signal
import subprocess
import sys
import threading
import time

import baton.gil
from _tools import GIL

START = '''
import threading, time, sys, os, queue, signal, _thread
def later(seconds):
    # From outside, so that no thread is left to do anything.
    if os.fork() == 0:
        time.sleep(seconds)
        os.kill(os.getppid(), signal.SIGKILL)
        os._exit(0)
'''
started = 0


def start(source, *options):
    """Starts a program; all of them mostly sleep, side by side."""
    global started
    started += 1
    name = f'program{started}.py'
    with open(name, 'w') as f:
        f.write(START + source)
    return subprocess.Popen([sys.executable, '-X', 'gil=%d' % GIL, *(options or ['-X', 'deadlock_report']), name],
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def told(program):
    """What a program wrote to standard error until it was killed or ended."""
    return program.communicate(timeout=60)[1].decode()


CIRCLE = '''
a, b = threading.Lock(), threading.RLock()
def both(first, second, me):
    with first:
        barrier.wait()
        with second:
            pass
barrier = threading.Barrier(2)
threading.Thread(target=both, args=(a, b, 1), daemon=True).start()
threading.Thread(target=both, args=(b, a, 2), daemon=True).start()
time.sleep(4.5)
'''
circle, by_dev, without = start(CIRCLE), start(CIRCLE, '-X', 'dev'), start(CIRCLE, '-B')
# By an attribute, and by join(): the main thread waits for a thread that waits for the main thread's lock.
joined = start('''
class Account:
    def __init__(self):
        self.guard = threading.Lock()
    def close(self):
        with self.guard:
            worker.join()
    def work(self):
        time.sleep(0.3)
        with self.guard:
            pass
account = Account()
worker = threading.Thread(target=account.work, name='worker', daemon=True)
worker.start()
later(4)
account.close()
''')
# All threads wait for nobody.
everybody = start('''
q, e = queue.Queue(), threading.Event()
def get():
    q.get()
threading.Thread(target=get, daemon=True).start()
threading.Thread(target=queue.SimpleQueue().get, daemon=True).start()
later(4)
e.wait()
''')
alone = start('''
later(4)
lock = threading.Lock()
with lock:
    lock.acquire()
''')
# No deadlocks.
quiet = [start(source) for source in [
    # somebody is left, who reads a pipe
    '''
def set_later():
    os.read(r, 1)
    e.set()
r, w = os.pipe()
e = threading.Event()
threading.Thread(target=set_later, daemon=True).start()
if os.fork() == 0:
    time.sleep(3.5)
    os.write(w, b'x')
    os._exit(0)
e.wait()
''',
    # a handler of a signal sets it
    '''
e = threading.Event()
signal.signal(signal.SIGUSR1, lambda *_: e.set())
if os.fork() == 0:
    time.sleep(3.5)
    os.kill(os.getppid(), signal.SIGUSR1)
    os._exit(0)
e.wait()
''',
    # one of the waits has a limit
    '''
a, b = threading.Lock(), threading.Lock()
def one():
    with a:
        time.sleep(0.3)
        with b:
            pass
t = threading.Thread(target=one)
t.start()
with b:
    time.sleep(0.3)
    a.acquire(timeout=3)
t.join()
''',
    # somebody else releases it
    '''
a, b = threading.Lock(), threading.Lock()
def one():
    with a:
        time.sleep(0.3)
        b.acquire()
t = threading.Thread(target=one)
t.start()
b.acquire()
threading.Timer(1.2, b.release).start()
time.sleep(0.3)
a.acquire()
t.join()
''',
]]

text = told(circle)
lines = text.splitlines()
assert lines[0] == 'baton: deadlock: 2 threads wait for each other', text
assert text.count('baton: deadlock') == 1, text
assert 'Thread-1 (both) waits for __main__.b, which Thread-2 (both) has:' in lines, text
assert 'Thread-2 (both) waits for __main__.a, which Thread-1 (both) has:' in lines, text
assert text.count('", line 14, in both\n    with second:\n') == 2, text
assert told(by_dev).count('baton: deadlock') == 1
assert told(without) == ''

text = told(joined)
assert 'baton: deadlock: 2 threads wait for each other\n' in text, text
assert 'worker waits for __main__.account.guard, which MainThread has:' in text, text
assert re.search(r'MainThread waits for .*, which worker has:', text) and '    worker.join()\n' in text, text

text = told(everybody)
assert 'baton: deadlock: all 3 threads wait, and nobody is left to wake one up\n' in text, text
assert 'which it took itself' in text and ', in get\n    q.get()\n' in text, text
text = told(alone)
assert 'baton: deadlock: the only thread waits' in text and 'MainThread waits for __main__.lock, which it took itself:' in text, text

for program in quiet:
    assert told(program) == '', program.args

# Who waits now.
lock = threading.Lock()


def hold():
    with lock:
        time.sleep(0.2)  # so that the wait below is found
        held.set()
        done.wait(30)


held, done = threading.Event(), threading.Event()
holder = threading.Thread(target=hold, name='holder')
holder.start()
held.wait()
waiter = threading.Thread(target=lock.acquire, name='waiter')
waiter.start()
deadline = time.monotonic() + 20
while time.monotonic() < deadline:
    waits = {w['name']: w for w in baton.gil.waits()}
    if 'waiter' in waits and 'holder' in waits:
        break
    time.sleep(0.01)
w = waits['waiter']
assert w['lock'] is lock and w['held_by'] == holder.ident and w['held_by_name'] == 'holder' and w['endless'], w
assert w['ident'] == waiter.ident and 0 <= w['seconds'] < 30, w
assert not waits['holder']['endless'] and threading.main_thread().name not in waits, waits
done.set()
holder.join()
waiter.join()
