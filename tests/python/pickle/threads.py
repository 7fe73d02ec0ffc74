# Threads that pickle at once: the same data while it changes, one Pickler for all, one Unpickler for all. Nothing breaks, and what is
# not shared is right.
import _pickle
import io
import threading


class Node:
    def __init__(self, n):
        self.n = n
        self.next = None


data = {"list": list(range(200)), "dict": {i: str(i) for i in range(200)}, "set": set(range(200)), "node": Node(1)}
stop = threading.Event()
errors = []


def change():
    i = 0
    while not stop.is_set():
        i += 1
        data["list"].append(i)
        del data["list"][:1]
        data["dict"][i % 400] = str(i)
        data["set"].add(i % 400)
        data["set"].discard((i + 7) % 400)
        data["node"].next = Node(i)
        setattr(data["node"], "attribute%d" % (i % 20), i)


def save_and_load():
    for i in range(60):
        try:
            back = _pickle.loads(_pickle.dumps(data, i % 6))
            if type(back["node"]) is not Node or len(back["list"]) < 190:
                errors.append(back)
        except RuntimeError as error:
            if "changed size" not in str(error):
                errors.append(error)
        own = [Node(i), ("x", i)] * 3
        back = _pickle.loads(_pickle.dumps(own))
        if back[0] is not back[2] or back[0].n != i:
            errors.append("own")


changer = threading.Thread(target=change)
savers = [threading.Thread(target=save_and_load) for _ in range(3)]
for thread in [changer] + savers:
    thread.start()
for thread in savers:
    thread.join()
stop.set()
changer.join()
print(errors)


class Sink:
    def write(self, data):
        return len(data)


shared_pickler = _pickle.Pickler(Sink(), 5)
objects = [[i] for i in range(2000)]


def dump_all():
    for value in objects:
        shared_pickler.dump(value)


threads = [threading.Thread(target=dump_all) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
memo = shared_pickler.memo.copy()
print(all(id(value) in memo and memo[id(value)][1] is value for value in objects))


def load_all():
    unpickler = shared_unpickler
    for _ in range(500):
        try:
            unpickler.load()
        except (_pickle.UnpicklingError, EOFError, ValueError, AttributeError, TypeError):
            pass


shared_unpickler = _pickle.Unpickler(io.BytesIO(b"".join(_pickle.dumps([i, str(i), (i,)]) for i in range(2000))))
threads = [threading.Thread(target=load_all) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
