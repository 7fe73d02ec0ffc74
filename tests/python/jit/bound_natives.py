# Natives that variables have, bound to objects of their own or not, classes and other callables at the same place of a call: each is
# called as it is, in code that runs often.
import collections
import io
import math


def fill(append, n):
    for i in range(n):
        append(i)


# list.append() of one list, of others, and of what isn't a list.
for _ in range(300):
    items = []
    fill(items.append, 20)
    assert items == list(range(20))
items = []
fill(items.append, 5000)
assert items == list(range(5000))
old = [None]
for _ in range(50):
    fill(old.append, 100)
    held = [object() for _ in range(100)]
    for h in held:
        old.append(h)
assert len(old) == 50 * 200 + 1 and old[1:101] == list(range(100)) and old[-1] is held[-1]


class Listy(list):
    pass


class Counting(list):
    def append(self, item):
        super().append(item * 2)


def collected(make):
    container = make()
    method = getattr(container, 'append', None) or container.add
    fill(method, 30)
    return sorted(container)


for _ in range(40):
    for make in (list, Listy, collections.deque, set, bytearray):
        assert collected(make) == list(range(30)), make
    assert collected(Counting) == list(range(0, 60, 2))


def call(f, x):
    return f(x)


def call2(f, x, y):
    return f(x, y)


class Called:
    def __call__(self, x):
        return 'called', x


class Static:
    @staticmethod
    def double(x):
        return x * 2

    @classmethod
    def name(cls, x):
        return cls.__name__, x


out = io.StringIO()
table = {'k': 1}
CALLABLES = [(len, 'abc', 3), (math.sqrt, 4.0, 2.0), (str, 12, '12'), (int, '7', 7), (Called(), 1, ('called', 1)), (abs, -3, 3),
             ('x'.join, 'abc', 'axbxc'), (table.get, 'k', 1), (table.get, 'none', None), ([].append, 1, None), (out.write, 'ab', 2),
             (Static.double, 4, 8), (Static().name, 5, ('Static', 5)), (dict.fromkeys, 'ab', {'a': None, 'b': None}), (list, 'ab', ['a', 'b']),
             (lambda x: x, 9, 9), (str.upper, 'q', 'Q'), (list.__len__, [1], 1), ((1, 2).index, 2, 1), (bytes.fromhex, '61', b'a'),
             ('{}'.format, 3, '3'), (iter, (), None), (Exception, 'e', None), (frozenset().union, [1], {1}), (type, 1, int)]
for _ in range(200):
    for f, x, answer in CALLABLES:
        got = call(f, x)
        assert answer is None or got == answer, (f, x, got)
for _ in range(2000):
    assert call2(pow, 2, 5) == 32 and call2(table.get, 'none', 4) == 4 and call2('{}{}'.format, 1, 2) == '12'
    assert call2(int, '11', 2) == 3 and call2(isinstance, 1, int)


# What they raise.
def message(f, *args):
    try:
        f(*args)
    except Exception as error:
        return type(error).__name__, str(error)


for _ in range(1500):
    assert message(call, [].pop, 3) == ('IndexError', 'pop from empty list')
    assert message(call, len, 5) == ('TypeError', "object of type 'int' has no len()")
    assert message(call2, [].append, 1, 2) == ('TypeError', 'list.append() takes exactly one argument (2 given)')
    assert message(call, 5, 5) == ('TypeError', "'int' object is not callable")
    assert message(call, int, 'x') == ('ValueError', "invalid literal for int() with base 10: 'x'")


# In generators, and natives of the module.
def through(f, n):
    for i in range(n):
        yield f(i)


write = out.write
for _ in range(50):
    assert list(through(str, 20)) == [str(i) for i in range(20)]
    assert list(through([].append, 20)) == [None] * 20
    assert list(through((7,).__eq__, 20)) == [NotImplemented] * 20


def write_often(n):
    for i in range(n):
        write('z')
        bound_append(i)


bound_list = []
bound_append = bound_list.append
write_often(3000)
assert out.getvalue().count('z') == 3000 and bound_list == list(range(3000))
bound_append = (got := collections.deque()).append
write_often(100)
assert len(got) == 100
