# An index from the end counts from where the list ends when the item is stored or deleted, whatever other threads do to it.
# timeout: 120
import threading

ROUNDS = 4000
stop = threading.Event()
items = ['front', 'front', 'back', 'back']


def move():
    n = 0
    while not stop.is_set():
        items.insert(2, n)
        if len(items) > 30:
            del items[2:-2]
        n += 1


def store(at, name):
    for i in range(ROUNDS):
        items[at] = (name, i)
        items.__setitem__(at, (name, i))


mover = threading.Thread(target=move)
threads = [threading.Thread(target=store, args=args) for args in ((-1, 'last'), (-2, 'last but one'), (0, 'first'))]
for thread in (mover, *threads):
    thread.start()
for thread in threads:
    thread.join()
stop.set()
mover.join()
print(items[0], items[1], items[-2], items[-1])
print([item for item in items[2:-2] if not isinstance(item, int)])


# Whatever is the last item when it is deleted: as many go as came.
items[:] = ['kept'] * 3
threads = [threading.Thread(target=lambda: [(items.append(1), items.__delitem__(-1)) for _ in range(ROUNDS)]) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(items.count(1), len(items))
