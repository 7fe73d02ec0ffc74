# A place that meets many classes whose attribute no record can hold, among others that it can; next() and unpacking of all kinds.
def make(k):
    if k % 4 == 0:
        class C:
            def __init__(self): self.x = k
    elif k % 4 == 1:
        class C:
            @property
            def x(self): return k
            @x.setter
            def x(self, v): self.y = v
    elif k % 4 == 2:
        class C:
            def __getattr__(self, name): return (name, k)
    else:
        class C:
            x = k
    return C


def load(o): return o.x
def store(o): o.x = 5


for count in (8, 120):
    classes = [make(k) for k in range(count)]
    for r in range(12):
        got = [load(c()) for c in classes]
    print(got[:8], len(got))
    for r in range(12):
        objects = [c() for c in classes]
        for o in objects: store(o)
        got = [load(o) for o in objects]
    print(got[:8], len(got))
hooks = [make(k) for k in range(2, 1202, 4)]
plain = [make(k) for k in range(0, 1200, 4)]
for r in range(3):
    print(sum(load(c())[1] for c in hooks), sum(load(c()) for c in plain))


def gen(n):
    for i in range(n): yield i
    return 'end'


class Own:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if not self.n: raise StopIteration('own')
        self.n -= 1
        return self.n


def failing():
    yield 1
    raise ValueError('in the middle')


sources = [
    lambda n: gen(n), lambda n: (i for i in range(n)), lambda n: Own(n), lambda n: iter(list(range(n))),
    lambda n: iter('abcdefghijkl'[:n]), lambda n: iter(dict.fromkeys(range(n))), lambda n: zip(range(n)),
    lambda n: map(str, range(n)), lambda n: iter({5}) if n else iter(()), lambda n: failing(),
]


def ask(f, *a):
    try: return f(*a)
    except Exception as e: return type(e).__name__, e.args


def two(s):
    a, b = s
    return a, b
def ten(s):
    a, b, c, d, e, f, g, h, i, j = s
    return a, j
def starred(s):
    a, *b, c = s
    return a, b, c
def starred_ten(s):
    a, b, c, d, e, f, g, h, i, j, *k = s
    return a, j, k
def steps(s): return [next(s, None), next(s, 'none'), next(s, ())]
def strict(s): return next(s), next(s)


for make_source in sources:
    for r in range(40):
        out = [ask(f, make_source(n)) for f in (two, ten, starred, starred_ten, steps, strict) for n in (0, 1, 2, 3, 10, 11)]
    print(out)
def returned():
    g = gen(1)
    next(g)
    try: next(g)
    except StopIteration as e: first = e.value
    try: next(g)
    except StopIteration as e: return first, e.value
print([returned() for r in range(40)][-1])
def itself():
    yield 1
    yield next(g)
g = itself()
print(next(g), ask(next, g), ask(next, g, 'over'))
for wrong in ([], 5, None): print(ask(next, wrong), ask(two, wrong))
