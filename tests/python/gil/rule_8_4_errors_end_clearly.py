# Rule 8.4: what goes wrong between processes ends in CPython's exception, with nothing hung: truncated and oversized messages, closed
# connections, wrong keys, objects that can't be pickled, children that die.
# timeout: 120
import gc
import multiprocessing as mp
import os
import pickle
import re
import signal
import struct
import threading
import time
from multiprocessing.connection import Client, Listener, wait


def show(what, f, kinds=Exception):
    try:
        print(what, f())
    except kinds as e:
        print(what, type(e).__name__, re.sub('0x[0-9a-f]+', '0x', str(e)))


def cannot_pickle(what, f):
    try:
        f()
    except (AttributeError, pickle.PicklingError) as e:
        print(what, "can't be pickled", "Can't pickle" in str(e))


def fail():
    raise ValueError('in the child')


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def leave():
    raise SystemExit(7)


def double(x):
    return x * 2


def sulk(x):
    raise KeyError(x)


class Refuses:
    def __reduce__(self):
        raise RuntimeError('not me')


class Explodes:
    def __init__(self):
        pass

    def __reduce__(self):
        return (explode, ())


def explode():
    raise LookupError('when unpickled')


def main():
    # truncated, oversized, closed
    a, b = mp.Pipe()
    os.write(b.fileno(), struct.pack('!i', 100) + b'short')
    b.close()
    show('truncated', a.recv, (EOFError, OSError))
    show('after that', a.recv, (EOFError, OSError))
    a.close()
    show('closed', a.recv)
    show('closed', lambda: a.send(1))
    show('closed', a.fileno)
    show('closed', a.poll)
    a, b = mp.Pipe(duplex=False)
    show('direction', lambda: a.send(1))
    show('direction', b.recv)
    b.send_bytes(b'x' * 100)
    show('too big', lambda: a.recv_bytes(10))
    a, b = mp.Pipe(duplex=False)
    os.write(b.fileno(), struct.pack('!i', -1) + struct.pack('!Q', 1 << 62))
    show('huge', lambda: a.recv_bytes(100))
    a, b = mp.Pipe(duplex=False)
    show('not picklable', lambda: b.send(Refuses()))
    show('nothing sent', lambda: a.poll(0))
    a.close()
    show('nobody reads', lambda: b.send(1))
    b.close()
    show('bad descriptor', lambda: mp.connection.Connection(-1))

    # keys
    def accept(listener):
        try:
            listener.accept()
        except mp.AuthenticationError as e:
            results.append('AuthenticationError ' + str(e))
        except (OSError, EOFError) as e:
            results.append('connection lost')

    results = []
    with Listener(('127.0.0.1', 0), authkey=b'right') as listener:
        t = threading.Thread(target=accept, args=(listener,))
        t.start()
        show('wrong key', lambda: Client(listener.address, authkey=b'wrong'))
        t.join(20)
        t = threading.Thread(target=accept, args=(listener,))
        t.start()
        show('key of a wrong type', lambda: Client(listener.address, authkey='text'))
        gc.collect()           # closes the connection that Client() made before it looked at the key
        t.join(20)
        address = listener.address
    print(results)
    show('nobody listens', lambda: Client(address))

    # processes
    for target in (fail, die, leave):
        p = mp.get_context('fork').Process(target=target)
        p.start()
        p.join(20)
        print(target.__name__, p.exitcode)
    p = mp.get_context('spawn').Process(target=lambda: 1)
    cannot_pickle('target', p.start)
    show('not started', p.join)

    # pools and queues
    with mp.get_context('fork').Pool(2) as pool:
        show('raises', lambda: pool.apply(sulk, (3,)))
        show('unpicklable argument', lambda: pool.apply(double, (Refuses(),)))
        cannot_pickle('function', lambda: pool.apply(lambda: 1))
        r = pool.apply_async(Refuses)
        show('unpicklable result', lambda: r.get(20), mp.pool.MaybeEncodingError)
        show('too slow', lambda: pool.apply_async(time.sleep, (2,)).get(0.1), mp.TimeoutError)
        print('still there', pool.map(double, range(5)))
    show('closed pool', lambda: pool.apply(double, (1,)))
    q = mp.get_context('fork').Queue()
    q.put(Explodes())
    show('explodes', lambda: q.get(timeout=20))
    q.put(5)
    print('next', q.get(timeout=20))
    q.close()
    show('closed queue', lambda: q.put(1))
    q.join_thread()
    r, w = mp.Pipe(False)
    w.close()
    print('ready at the end', wait([r], 20) == [r])
    show('end', r.recv)


if __name__ == '__main__':
    main()
