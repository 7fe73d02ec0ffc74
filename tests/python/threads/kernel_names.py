# The kernel knows threads by their names, 15 bytes of them; the initial one keeps the process's.
# baton-only
import _thread
import threading

gate = threading.Event()


def comm(native_id):
    with open('/proc/self/task/%d/comm' % native_id) as f:
        return f.read().rstrip('\n')


process = comm(threading.get_native_id())
assert process == 'baton', process


def seen():
    names.append(comm(threading.get_native_id()))


def raw():
    seen()
    gate.set()


for _ in range(3):
    names = []
    for name in ('worker', 'a name longer than fifteen', 'näme'):
        t = threading.Thread(target=seen, name=name)
        t.start()
        t.join()
    t = threading.Thread(target=seen)
    t.start()
    t.join()
    gate.clear()
    _thread.start_new_thread(raw, ())
    gate.wait()
    assert names[:2] == ['worker', 'a name longer t'] and names[2].startswith('n'), names
    assert names[3].startswith('Thread-') and names[4] == 'raw', names
assert comm(threading.get_native_id()) == process
