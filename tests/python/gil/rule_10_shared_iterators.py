# Rule 10: what is not atomic stays safe: iterators, generators and containers shared or changed while others look at them.
# timeout: 120
import itertools
import sys
from _tools import together

sys.setswitchinterval(1e-5)

# A generator run by two threads at once says so, and is not damaged.
def slow():
    for n in range(2000):
        sum(range(20))
        yield n


gen = slow()


def pull(i):
    out, refused = [], 0
    while True:
        try:
            out.append(next(gen))
        except StopIteration:
            return out, refused
        except ValueError as e:
            assert str(e) == 'generator already executing'
            refused += 1


results = together(pull, 4)
assert sorted(itertools.chain(*[r[0] for r in results])) == list(range(2000))


# Built-in iterators may be shared: no crash, no invented items, each ends.
def consume(it):
    def body(i):
        out = []
        for x in it:
            out.append(x)
        return out
    return body


for make in (lambda: iter(list(range(5000))), lambda: iter(range(5000)), lambda: iter(tuple(range(5000))),
        lambda: iter(dict.fromkeys(range(5000))),
             lambda: zip(range(5000)), lambda: enumerate(range(5000)), lambda: map(int, range(5000)),
             lambda: reversed(list(range(5000)))):
    got = list(itertools.chain(*together(consume(make()), 4)))
    values = {x[-1] if isinstance(x, tuple) else x for x in got}
    assert values <= set(range(5000)) and len(values) > 4000, len(values)


# Writers and readers of one container: errors are the ordinary ones, and the process lives.
lst, d, s, ba = [], {}, set(), bytearray()


def stir(i):
    for n in range(3000):
        k = n % 97
        try:
            if i % 2:
                lst.append(k)
                d[k] = n
                s.add(k)
                ba.append(k)
                if n % 5 == 0:
                    del lst[:2]
                    d.pop(k, None)
                    s.discard(k)
                    del ba[:2]
            else:
                lst[k % (len(lst) or 1)] if lst else None
                sum(lst), sorted(lst), list(lst)
                list(d.items()), d.get(k), len(d)
                list(s), k in s
                bytes(ba), ba.find(b'a')
                for _ in d:
                    pass
                for _ in s:
                    pass
        except (RuntimeError, IndexError, KeyError) as e:
            assert isinstance(e, (IndexError,
                    KeyError)) or 'changed size' in str(e) or 'changed during' in str(e) or 'mutated' in str(e), e


together(stir, 4)


# One class changed while others use it.
class C:
    value = 0

    def get(self): return self.value


def change(i):
    c = C()
    for n in range(2000):
        if i == 0:
            C.value = n
            setattr(C, 'extra%d' % (n % 10), n)
            if n % 10 == 9:
                delattr(C, 'extra%d' % (n % 10))
        else:
            assert isinstance(c.get(), int)
            c.x = n
            assert c.x == n


together(change, 4)
sys.setswitchinterval(0.005)
print('nothing broke')
