# Calls with a million arguments, of every kind of callable: they fit on no C stack.
# timeout: 180
# no-stress
# no-tsan
import functools, itertools, os

n = 1 << 20
args = [None] * n
iterators = [iter(range(5))] * n
words = {'a%d' % i: i for i in range(n)}

def function(*a):
    return len(a)

def mixed(first, *a, word=0, **k):
    return len(a), word, len(k)

def generator(*a):
    yield len(a)

def refuses(a, b=1):
    pass

class Python:
    def __init__(self, *a):
        self.count = len(a)
    def method(self, *a):
        return len(a)
    def __call__(self, *a):
        return len(a)
    @classmethod
    def made(cls, *a):
        return len(a)

class Made(tuple):
    def __new__(cls, *a):
        return super().__new__(cls, a)

print(function(*args), mixed(*args), mixed(*args, word=1), mixed(1, **words), mixed(*args, **words))
print(list(generator(*args)), Python(*args).count, Python().method(*args), Python.method(Python(), *args), Python()(*args))
print(Python.made(*args), len(Made(*args)), functools.partial(function, *args)(), functools.partial(function)(*args))
print(len(Exception(*args).args), len(dict(**words)), len(set().union(*[()] * n)), max(*range(n)))
print(len(('{}' * n).format(*args)), len(os.path.join(*['a'] * n)), len(list(map(function, *[[1]] * n))))
row = next(itertools.zip_longest(*iterators, fillvalue=-1))
print(len(row), row[:6], list(zip(*iterators)), list(itertools.chain(*iterators)))
for call in lambda: refuses(*args), lambda: refuses(1, **words), lambda: len(*args), lambda: iter(*args):
    try:
        call()
    except TypeError as e:
        print(str(e)[:80])
