# Keys that are put in and removed again and again: a look-up doesn't walk past what is left of them (this took minutes), finds what
# stands behind them, and threads that race for one key see one winner.
import threading
from collections import OrderedDict

table = {i: i for i in range(200_000)}
for i in range(500_000):
    table[-5] = i
    del table[-5]
print(len(table), -5 in table, table[199_999], list(table)[-1])

texts = {str(i): i for i in range(200_000)}
for i in range(500_000):
    texts['once more'] = i
    texts.pop('once more')
print(len(texts), 'once more' in texts, texts['199999'], list(texts)[-1])

order = OrderedDict.fromkeys(range(100_000))
for i in range(300_000):
    order.move_to_end(7)
print(len(order), 7 in order, next(reversed(order)))


class Key:
    """All keys of one remainder share a chain."""

    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return self.number % 3

    def __eq__(self, other):
        return isinstance(other, Key) and self.number == other.number


keys = [Key(i) for i in range(24)]
d, model = {}, []
state = 1
for step in range(4000):
    state = state * 1103515245 + 12345 & 0x7FFFFFFF
    key = keys[state >> 8 & 31 if (state >> 8 & 31) < 24 else 3]
    if key in d:
        assert d.pop(key) == key.number
        model.remove(key.number)
    else:
        d[key] = key.number
        model.append(key.number)
    assert list(d.values()) == model and len(d) == len(model)
    assert all((k in d) == (k.number in model) for k in keys[step % 5::5])
print(sorted(model) == sorted(d.values()))


class Adder:
    """Its comparison puts another key into the dict, before or behind the place of the search."""

    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return 8

    def __eq__(self, other):
        if len(grown) < 40:
            grown[len(grown) * 100] = 1
            grown.pop(grown_first.pop(), None) if grown_first else None
        return isinstance(other, Adder) and self.number == other.number


grown_first = list(range(12))
grown = dict.fromkeys(grown_first)
for i in (1, 2, 3, 1, 2):
    grown[Adder(i)] = i
print(len([k for k in grown if isinstance(k, Adder)]), sorted(v for k, v in grown.items() if isinstance(k, Adder)))

# By threads: what stays is always found; of those who add one key, one wins.
shared = dict.fromkeys(range(30))
stop, errors = [], []


def cycle(base):
    while not stop:
        for k in range(base, base + 1200, 30):
            shared[k] = k
        for k in range(base, base + 1200, 30):
            del shared[k]


def race(results):
    for i in range(3000):
        results.append(shared.setdefault(-1 - i, results) is results)


def look(_):
    for i in range(4000):
        for k in (0, 7, 29):
            if k not in shared:
                errors.append(k)


wins = [[] for _ in range(3)]
cyclers = [threading.Thread(target=cycle, args=(b,)) for b in (1000 * 30, 3000 * 30 + 7)]
others = [threading.Thread(target=race, args=(w,)) for w in wins] + [threading.Thread(target=look, args=(0,))]
for t in cyclers + others:
    t.start()
for t in others:
    t.join()
stop.append(1)
for t in cyclers:
    t.join()
print(errors[:3], len(shared), [sum(w) for w in zip(*wins)] == [1] * 3000)

# Counting by threads loses nothing.
from collections import Counter  # noqa: E402

counts = Counter()
texts = ['k%d' % (i % 700) for i in range(2100)] + list(range(50))
threads = [threading.Thread(target=lambda: [counts.update(texts) for _ in range(4)]) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(counts), set(counts.values()) == {12, 36}, counts['k3'], counts[49])
