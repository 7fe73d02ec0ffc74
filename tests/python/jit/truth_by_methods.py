# Truth and lengths that methods in Python tell: of jumps, of not, of len(), with every kind of answer.
class Q:
    def __init__(s, items): s.items = items
    def __len__(s): return len(s.items)
class B:
    def __init__(s, v): s.v = v
    def __bool__(s): return s.v
    def __len__(s): raise AssertionError
class Both(Q):
    def __bool__(s): return True
class Idx:
    def __init__(s, v): s.v = v
    def __index__(s): return s.v
class L:
    def __init__(s, v): s.v = v
    def __len__(s): return s.v
class IntSub(int):
    def __len__(s): return 7
class ListSub(list):
    def __len__(s): return 0
class BadBool:
    def __init__(s, v): s.v = v
    def __bool__(s): return s.v
def truth(x):
    if x: return 1
    return 0
def falsity(x):
    if not x: return 1
    return 0
def negate(x): return not x
def length(x): return len(x)
def either(x, y): return x or y
def both(x, y): return x and y
def drain(q):
    n = 0
    while q:
        q.items.pop(); n += 1
    return n
def gen(xs):
    for x in xs:
        if x: yield len(x)
        else: yield 'no'
def ternary(x):
    a = 1.5; b = 3
    r = a if x else b
    return r + a * b
values = [Q([1]), Q([]), B(True), B(False), Both([]), L(3), L(0), L(True), L(Idx(4)), L(Idx(0)), L(-1), L(Idx(-2)), L('x'),
          L(1 << 70), L(1 << 62), L(None), IntSub(0), IntSub(3), ListSub([1]), [1], [], (), {}, 'x', '', 0, 1, 1.5, 0.0, None, True, False,
          BadBool(1), BadBool(None), object(), 1 << 70, range(0), range(3)]
def ask(f, *a):
    try: return f(*a)
    except Exception as e:
        inner = e.__traceback__.tb_next
        return type(e).__name__, str(e), inner and [inner.tb_lineno, inner.tb_next is None]
def show(a): return a if isinstance(a, (int, float, tuple)) else type(a).__name__
for kinds in ([0, 1], [2, 3], [5, 6, 7], range(len(values))):
    for r in range(300):
        out = []
        for k in kinds:
            x = values[k]
            for f in truth, falsity, negate, length, ternary: out.append(show(ask(f, x)))
            out.append(show(ask(either, x, 1))); out.append(show(ask(both, x, 2)))
        if r % 299 == 0: print(out)
    for r in range(300):
        d = drain(Q(list(range(5)))),
    print(d)
    for r in range(300): g = list(gen([Q([1, 2]), Q([]), Both([1]), L(3)]))
    print(g)
# the method changes, goes, and comes
class C: pass
for step in range(6):
    if step == 1: C.__len__ = lambda s: 0
    if step == 2: C.__bool__ = lambda s: True
    if step == 3: del C.__bool__
    if step == 4: C.__len__ = lambda s, more=1: more
    if step == 5: C.__len__ = None
    for r in range(300): a = [ask(f, C()) for f in (truth, falsity, negate, length)]
    print(step, a)
# deep
class D:
    def __len__(s): return len(s)
    def __bool__(s): return not not s
for f in length, truth, negate:
    try: f(D())
    except RecursionError as e: print(e.args[0][:32])
import sys
class T:
    def __len__(s): return 2
class U:
    def __bool__(s): return False
events = []
def profile(frame, event, arg):
    events.append((event, frame.f_code.co_name, getattr(arg, '__name__', arg if isinstance(arg, (int, bool)) else None)))
def asked():
    t = T()
    n = len(t) + (1 if t else 0) + (not U())
    return n
sys.setprofile(profile); asked(); sys.setprofile(None)
print(events)
def tracer(frame, event, arg):
    if frame.f_code.co_name in ('__len__', '__bool__', 'asked'): events.append((event, frame.f_code.co_name, frame.f_lineno))
    return tracer
events = []
sys.settrace(tracer); asked(); sys.settrace(None)
print(events)
import traceback
class E:
    def __len__(s): raise ValueError('no length')
    def __bool__(s): return len(s) > 1
def fails(e):
    if e:
        return 1
for r in range(300):
    try: fails(E())
    except ValueError: t = traceback.format_exc()
print([line for line in t.splitlines() if 'line' in line and not 'File' in line], t.count('\n'))


# Lengths beyond what fits into one word with its tag.
class Long:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


def lengths(objects):
    found = []
    for i in range(30):
        found = [len(o) for o in objects] + [bool(o) for o in objects] + [not o for o in objects]
    return found


SIZES = 2**61 - 1, 2**61, 2**62 - 1, 2**62, 2**63 - 1
print(lengths([range(n) for n in SIZES]))
print(lengths([Long(n) for n in SIZES]))
for n in 2**63, 2**64, -1:
    for o in (Long(n),):
        try:
            print(len(o))
        except (OverflowError, ValueError) as e:
            print(type(e).__name__, e)
