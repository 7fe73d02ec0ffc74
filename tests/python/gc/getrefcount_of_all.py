# baton-only
# no-stress
# A loop that asks for the references to all objects ends: after some counts one look at the heap answers for all of them, once each.
import gc
import sys
import time


class C:
    pass


kept = [C() for _ in range(30000)]
for i, c in enumerate(kept):
    c.number = [i] * 3
pairs = [(c.number, c) for c in kept]
def count_all():
    for o in objects:
        counts[id(o)] = sys.getrefcount(o)


before = time.process_time()
objects = gc.get_objects()
counts = {}
count_all()
assert time.process_time() - before < 20
assert len(counts) > 60000 and min(counts.values()) >= 1
# As many to each, but for the last, which is `c` as well. They are in two lists, a pair, and in registers of the loop and the call.
values = {counts[id(c)] for c in kept[:-1]}
assert len(values) == 1 and 5 <= values.pop() <= 8, values
assert counts[id(kept[-1])] == counts[id(kept[0])] + 1
assert len({counts[id(c.number)] for c in kept}) == 1

# Who asks twice wants to see what has changed; so does who asks about something new.
x = kept[500]
one = sys.getrefcount(x)
more = [x, x]
assert sys.getrefcount(x) == one + 2
more.pop()
assert sys.getrefcount(x) == one + 1
fresh = C()
also = [fresh]
assert sys.getrefcount(fresh) == sys.getrefcount(fresh)
first = sys.getrefcount(fresh)
del also
assert sys.getrefcount(fresh) == first - 1
for _ in range(30):  # in a long row, too
    more.append(x)
    assert sys.getrefcount(x) == one + len(more)
