# __getitem__ and __setitem__ written in Python: in functions, generators and class bodies, with errors, deep recursion, tracebacks.
import sys
import traceback
class Grid:
    def __init__(self, w, h):
        self.w = w
        self.rows = [[0] * w for _ in range(h)]
    def __getitem__(self, key):
        x, y = key
        if not 0 <= x < self.w: raise IndexError('x out of range: %r' % x)
        return self.rows[y][x]
    def __setitem__(self, key, value):
        x, y = key
        self.rows[y][x] = value
        return 'dropped'
class Rows:
    def __init__(self, grid): self.grid = grid
    def __getitem__(self, y): return Row(self.grid, y)
class Row:
    def __init__(self, grid, y): self.grid, self.y = grid, y
    def __getitem__(self, x): return self.grid[x, self.y]
    def __setitem__(self, x, value): self.grid[x, self.y] = value
g = Grid(4, 3)
rows = Rows(g)
def fill():
    n = 0
    for y in range(3):
        for x in range(4):
            rows[y][x] = n
            g[x, y] += n
            n += 1
    return [[rows[y][x] for x in range(4)] for y in range(3)]
print(fill())
def walk():
    for y in range(3):
        for x in range(4):
            yield rows[y][x] + g[x, y]
            g[x, y] = -1
print(list(walk()), g.rows)
class Body:
    a = g[0, 0]
    g[1, 1] = 77
    b = rows[1][1]
print(Body.a, Body.b)
class Defaults:
    def __getitem__(self, key, more=5): return key, more
    def __setitem__(self, *args): print('set', args[1:])
class Static:
    @staticmethod
    def __getitem__(key): return 'static', key
    @classmethod
    def __setitem__(cls, key, value): print(cls.__name__, key, value)
class Callable:
    def __call__(self, *args): return ('called', args)
class Odd:
    __getitem__ = Callable()
    __setitem__ = None
d, s, o = Defaults(), Static(), Odd()
print(d[1], s[2], o[3])
d[1] = 2; s[3] = 4
for bad in ('o[1] = 2', 'g[9, 9]', 'g[1]', 'g[1] = 2'):
    try: exec(bad)
    except Exception as e: print(bad, type(e).__name__, e)
class Deep:
    def __getitem__(self, n): return self[n - 1] if n else 0
    def __setitem__(self, n, v):
        if n: self[n - 1] = v
        else: self.last = v
deep = Deep()
print(deep[200]); deep[200] = 'x'; print(deep.last)
for attempt in (lambda: deep[10 ** 6], lambda: deep.__setitem__(10 ** 6, 1)):
    try: attempt()
    except RecursionError as e: print(e)
try:
    rows[0][50]
except IndexError:
    traceback.print_exc(file=sys.stdout)
class Patched:
    def __getitem__(self, k): return 'old'
p = Patched()
out = []
for i in range(4):
    out.append(p[i])
    if i == 1: Patched.__getitem__ = lambda self, k: ('new', k)
    if i == 2: del Patched.__getitem__; Patched.__getitem__ = lambda *a: len(a)
print(out)
def trace(frame, event, arg):
    if frame.f_code.co_name in ('__getitem__', '__setitem__'): events.append((event, frame.f_code.co_name, frame.f_back.f_code.co_name))
    return trace
events = []
def traced():
    rows[0][0] = 5
    return rows[0][0]
sys.settrace(trace); traced(); sys.settrace(None)
print(events)
async def coroutine():
    g[2, 2] = 'in a coroutine'
    return rows[2][2]
try: coroutine().send(None)
except StopIteration as e: print(e.value)
