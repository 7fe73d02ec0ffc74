# OrderedDict.move_to_end(last=False): the order, beside every other change of it; many of them take time in proportion.
import collections
import copy
import pickle
import random


class Model:
    def __init__(self):
        self.keys, self.values = [], {}

    def move(self, key, last):
        self.keys.remove(key)
        self.keys.insert(len(self.keys) if last else 0, key)


def check(od, model):
    items = [(key, model.values[key]) for key in model.keys]
    assert list(od.items()) == items and list(od) == model.keys and list(od.values()) == [value for _, value in items]
    assert list(reversed(od)) == model.keys[::-1] and list(reversed(od.items())) == items[::-1] and len(od) == len(items)
    assert list(dict(od).items()) == items and all(od[key] == value for key, value in items)
    assert od == collections.OrderedDict(items) == od.copy() and list(copy.copy(od)) == model.keys
    assert list(pickle.loads(pickle.dumps(od)).items()) == items and repr(od) == repr(collections.OrderedDict(items))


def run(seed, size, steps, make_key):
    chance = random.Random(seed)
    od, model = collections.OrderedDict(), Model()
    for step in range(steps):
        action, key = chance.randrange(8), make_key(chance.randrange(size))
        there = key in model.values
        if action < 2:
            od[key] = model.values[key] = step
            if not there:
                model.keys.append(key)
        elif action < 5 and there:
            last = action == 4
            od.move_to_end(key, last=last)
            model.move(key, last)
        elif action == 5 and there:
            assert od.pop(key) == model.values.pop(key)
            model.keys.remove(key)
        elif action == 6 and model.keys:
            last = chance.random() < 0.5
            key = model.keys.pop(-1 if last else 0)
            assert od.popitem(last=last) == (key, model.values.pop(key))
        elif action == 7 and not there:
            try:
                od.move_to_end(key, last=False)
            except KeyError as e:
                assert e.args == (key if isinstance(key, tuple) else (key,))
            else:
                raise AssertionError
        if step % 50 == 0:
            check(od, model)
    check(od, model)


for seed in range(6):
    run(seed, 5, 400, str)
    run(seed, 40, 1500, str)
    run(seed, 40, 1500, lambda n: n)
    run(seed, 300, 1500, lambda n: (n, "k"))

# An iteration notices.
for move in (lambda od: od.move_to_end(2, last=False), lambda od: od.move_to_end(2), lambda od: od.pop(3)):
    od = collections.OrderedDict.fromkeys(range(5))
    try:
        for key in od:
            move(od)
    except RuntimeError as e:
        print(e)
    else:
        print("not noticed", list(od))
od = collections.OrderedDict.fromkeys(range(5))
for key in od:
    od.move_to_end(0, last=False)  # it is there
    od[key] = 1
print(od)

od = collections.OrderedDict.fromkeys(range(10000))
for n in range(100000):
    od.move_to_end(n * 7919 % 10000, last=False)
print(list(od)[:3], len(od), next(reversed(od)))
