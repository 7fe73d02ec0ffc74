# Rule 7.4: a daemon thread that stopped for good keeps its locks. A finaliser that wants one at exit gets an exception, which is
# reported; CPython waits for ever there.
# baton-only
# timeout: 120
from _tools import child

# The thread's function has globals of its own: a stopped thread keeps what its frames refer to, and d has to die.
SETUP = '''
import _imp, queue, threading
def beside(source, *arguments):
    names, started = {}, threading.Event()
    exec(source, names)
    threading.Thread(target=names['run'], args=(started, *arguments), daemon=True).start()
    started.wait()
class D:
    def __init__(self, *kept): self.kept = kept
    def __del__(self):
        print('begin', flush=True)
        finish(*self.kept)
        print('end', flush=True)
'''
HOLD = """'''
def run(started, lock):
    with lock:
        started.set()
        while True: pass
'''"""


def at_exit(text, finish, error):
    for attempt in range(10):
        status, out, err = child(SETUP + f'def finish(*kept):\n    {finish}\n' + text)
        if out:  # else the collector took a word on a stopped thread's stack for a reference to d, or to what leads there
            break
    expected = 'begin\n' if error else 'begin\nend\n'
    assert (status, out) == (0, expected), (text, status, out, err)
    assert (error in err.splitlines()[-1]) if error else not err, (text, err)


LOST = 'RuntimeError: could not acquire lock at interpreter shutdown, possibly due to daemon threads'
for lock in 'Lock', 'RLock', 'Condition':
    at_exit(f'lock = threading.{lock}()\nbeside({HOLD}, lock)\nd = D(lock)\ndel lock', 'kept[0].acquire()', LOST)
# With a limit there is nothing to complain of.
at_exit(f'lock = threading.Lock()\nbeside({HOLD}, lock)\nd = D(lock)\ndel lock', 'assert not kept[0].acquire(timeout=0.01)', None)
# start() and join() of threading's own locks.
at_exit(f'beside({HOLD}, threading._active_limbo_lock)\nd = D(threading.Thread)', 'kept[0](target=print).start()', LOST)
at_exit('d = D(threading.Condition())', 'with kept[0]: kept[0].wait()', LOST)
at_exit('d = D(queue.Queue())', 'kept[0].get()', LOST)
at_exit('d = D(queue.SimpleQueue())', 'kept[0].get()',
        'RuntimeError: could not get from an empty queue at interpreter shutdown')
# The import lock is the runtime's own, and is taken over.
at_exit("""beside('''
import _imp
def run(started):
    _imp.acquire_lock()
    started.set()
    while True: pass
''')
d = D()""", '_imp.acquire_lock(); _imp.release_lock(); import threading', None)

# The lock of an object for which daemon threads queue up: it is not handed to one that has stopped.
at_exit("""beside('''
import threading
def run(started, shared):
    def write():
        while True:
            shared.append(1)
            shared.pop()
    for _ in range(3): threading.Thread(target=write, daemon=True).start()
    started.set()
    write()
''', shared := [0])
for i in range(10000): shared[0] = i; shared.append(i); shared.pop()
d = D(shared)
del shared""", 'for i in range(1000): kept[0].append(i)', None)
