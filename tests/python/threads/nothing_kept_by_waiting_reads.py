# A thread that waits in os.read() or recv() keeps nothing alive that calls before left on its stack.
# baton-only
import gc
import os
import pickle
import socket
import threading
import weakref


class Item:
    pass


refs = []


def make(state):  # called deep below the loader of pickles
    item = Item()
    refs.append(weakref.ref(item))
    return item


class Pickled:
    def __reduce__(self):
        return make, (None,)


DATA = pickle.dumps([[[Pickled()]]])


def use_and_wait(wait, ready):
    pickle.loads(DATA)
    ready.set()
    wait()


r, w = os.pipe()
a, b = socket.socketpair()
threads = []
for wait in (lambda: os.read(r, 100), lambda: a.recv(100)):
    ready = threading.Event()
    threads.append(threading.Thread(target=use_and_wait, args=(wait, ready)))
    threads[-1].start()
    ready.wait()
for _ in range(100):
    gc.collect()
    if not any(ref() for ref in refs):
        break
print(len(refs), [ref() for ref in refs])
os.write(w, b"x")
b.send(b"x")
for thread in threads:
    thread.join()
