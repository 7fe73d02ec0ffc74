# Small dicts whose keys come and go, in all ways of storing and removing, against a list of pairs.
import random


class Text(str):
    pass


class Twin:
    """Equal to a str or an int, and hashed as it."""

    def __init__(self, like):
        self.like = like

    def __hash__(self):
        return hash(self.like)

    def __eq__(self, other):
        return self.like == (other.like if isinstance(other, Twin) else other)

    def __repr__(self):
        return f"Twin({self.like!r})"


def run(seed, keys, steps):
    r = random.Random(seed)
    d, model = {}, []

    def place(key):
        return next((i for i, pair in enumerate(model) if pair[0] == key), -1)

    for step in range(steps):
        key = r.choice(keys)
        at = place(key)
        way = r.randrange(8)
        if way < 3:
            d[key] = step
            if at < 0:
                model.append([key, step])
            else:
                model[at][1] = step
        elif way == 3:
            try:
                del d[key]
            except KeyError as e:
                assert at < 0 and e.args == (key,)
            else:
                del model[at]
        elif way == 4:
            assert d.pop(key, None) == (model.pop(at)[1] if at >= 0 else None)
        elif way == 5:
            assert d.setdefault(key, step) == (model[at][1] if at >= 0 else step)
            if at < 0:
                model.append([key, step])
        elif way == 6:
            if model and r.random() < 0.3:
                assert list(d.popitem()) == model.pop()
        else:
            assert d.get(key) == (model[at][1] if at >= 0 else None) and (key in d) == (at >= 0)
        assert len(d) == len(model) and [[k, v] for k, v in d.items()] == model, (seed, step)


texts = list("abcdefgh")
ints = list(range(8))
run(1, texts, 1500)
run(2, ints, 1500)
run(3, texts[:1], 300)
run(4, texts[:4] + ints[:4], 1500)
run(5, ["a", Text("a"), Twin("a"), 1, True, 1.0, Twin(1), None, (1, 2), "b"], 2500)
run(6, texts * 1 + ints + [(i, i) for i in range(8)], 2500)

# an iteration meets keys that are removed and put in again
d = {0: 0}
try:
    for k in d:
        del d[0]
        d[0] = 0
except RuntimeError as e:
    assert str(e) == "dictionary keys changed during iteration"
else:
    raise AssertionError("no error")
