"""Lists whose items move: inserting, deleting, popping in the middle of young and old lists, with collections in between."""
import gc
import random
import weakref


class Item:
    def __init__(self, n):
        self.n = n


R = random.Random(3)
model, items, dead = [], [], []
gc.collect()
for step in range(6000):
    kind = R.random()
    at = R.randrange(len(items) + 1)
    if kind < .55 or not items:
        item = Item(step)  # young, while the list's storage grows old
        items.insert(at, item)
        model.insert(at, step)
    elif kind < .7 and at < len(items):
        dead.append(weakref.ref(items.pop(at)))
        model.pop(at)
    elif kind < .8:
        stop = at + R.randrange(3)
        dead += map(weakref.ref, items[at:stop])
        del items[at:stop], model[at:stop]
    elif kind < .9:
        fresh = [Item(step) for _ in range(R.randrange(3))]
        dead += map(weakref.ref, items[at:at + 2])
        items[at:at + 2] = fresh
        model[at:at + 2] = [step] * len(fresh)
        del fresh
    elif kind < .93:
        gc.collect(R.randrange(3))
    else:
        [Item(i) for i in range(50)]
    item = None
assert [item.n for item in items] == model
print(len(model), sum(model) % 1000)
item = None
gc.collect()
print(sum(ref() is not None for ref in dead))
