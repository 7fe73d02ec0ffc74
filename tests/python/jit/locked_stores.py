# Stores to attributes and list items in machine code while other threads have and change the same objects: by a thread that runs
# alone, and by several at the same time. Whatever a thread stored where it alone stores is there.
# timeout: 120
import threading

ROUNDS = 6000


class Box:
    def __init__(self, n):
        self.first = n
        self.second = None


class Slotted:
    __slots__ = ('value', 'other')


def store(box, slotted, items, me, n, wrong):
    """Runs long enough to be compiled; each of the places is this thread's own."""
    mine = 'left' if me == 0 else 'right'
    for i in range(n):
        if me == 0:
            box.left = i
            slotted.value = i
            items[0] = i
            items[-1] = [i]
        else:
            box.right = i
            slotted.other = i
            items[1] = i
            items[-2] = [i]
        if (getattr(box, mine), items[me]) != (i, i):
            wrong.append((me, i))
        fresh = Box(i)
        fresh.second = fresh
        if fresh.first != i or fresh.second is not fresh:
            wrong.append((me, i, 'fresh'))


def rebuild(box, items, stop):
    """Has the object's shape change again and again, and the list move."""
    n = 0
    while not stop.is_set():
        name = 'more%d' % (n % 5)
        setattr(box, name, n)
        if n % 3 == 2:
            delattr(box, name)
        items.insert(2, n)
        if len(items) > 40:
            del items[2:-2]
        n += 1


def check(box, slotted, items, n):
    return (box.left, box.right, slotted.value, slotted.other, items[0], items[1], items[-1], items[-2]) == \
        (n, n, n, n, n, n, [n], [n])


def make():
    return Box(0), Slotted(), [None] * 4


# One after the other, each alone but for the main thread, which waits.
wrong = []
things = make()
for me in (0, 1):
    thread = threading.Thread(target=store, args=(*things, me, ROUNDS, wrong))
    thread.start()
    thread.join()
print('alone', check(*things, ROUNDS - 1), wrong)

# Beside each other, beside one that changes what they store into; main waits, then stores, too.
things, stop = make(), threading.Event()
rebuilder = threading.Thread(target=rebuild, args=(things[0], things[2], stop))
threads = [threading.Thread(target=store, args=(*things, me, ROUNDS, wrong)) for me in (0, 1)]
for thread in (rebuilder, *threads):
    thread.start()
for thread in threads:
    thread.join()
stop.set()
rebuilder.join()
print('together', check(*things, ROUNDS - 1), wrong)
things = make()
thread = threading.Thread(target=store, args=(*things, 1, ROUNDS, wrong))
thread.start()
store(*things, 0, ROUNDS, wrong)
thread.join()
print('two', check(*things, ROUNDS - 1), wrong)


# What doesn't fit is the handler's: another shape, an index out of range, another kind.
def odd(target, items, i, v):
    target.left = v
    items[i] = v


def run():
    target, items = Box(0), [0] * 3
    for i in range(3000):
        odd(target, items, i % 3, i)
    print(target.left, items)
    for bad in (3, -4, 'x', 1 << 70):
        try:
            odd(target, items, bad, 'stored')
        except (IndexError, TypeError) as e:
            print(type(e).__name__, e)
    d = {}
    odd(target, d, 'key', 1)
    odd(target, items, True, 'bool')
    odd(type('Other', (), {})(), items, -1, 'last')
    print(target.left, d, items)
    try:
        odd(5, items, 0, 1)
    except AttributeError as e:
        print(e)
    target.__class__ = type('Third', (), {'left': property(lambda self: 'got', lambda self, v: print('set', v))})
    odd(target, items, 0, 'by property')
    print(target.left, items)


thread = threading.Thread(target=run)
thread.start()
thread.join()
