# Calls of native functions, methods and classes in code that runs often, and of other things in their place.
# timeout: 120
import gc
import sys


class Words(list):
    def pop(self, *args):
        return 'popped', super().pop(*args)


class Names(str):
    pass


def methods(items, text, mapping, unique):
    out = []
    for k in range(3):
        items.insert(0, k)
        out.append(items.pop())
        out.append(text.startswith('a', k))
        out.append(text.replace('b', 'x'))
        out.append(mapping.get(k, 'none'))
        out.append(mapping.get('k'))
        unique.add(k)
        unique.discard(1)
        out.append(text.split('b'))
        out.append(text.upper())
    return out


for _ in range(400):
    first = methods([1, 2, 3], 'abcabc', {1: 'one'}, {7})
print(first)
print(methods(Words('xyz'), Names('abc'), {'k': 2}, {9}))


class Mapping(dict):
    def get(self, key, default=None):
        return 'mine', key, default


class Odd:
    insert = list.insert
    startswith = 'abc'.startswith
    replace = staticmethod(lambda *a: a)
    get = {2: 'two'}.get
    add = print
    discard = classmethod(lambda cls, x: x)
    split = len

    def pop(self):
        return self

    def upper(self):
        return 1 / 0


print(methods([5], 'a\u20acb', Mapping(), {0}))
for bad in (Odd(), 5, None):
    for k in range(4):
        args = [[1], 'ab', {}, set()]
        args[k] = bad
        try:
            print(str(methods(*args)).replace(repr(bad), 'bad'))
        except Exception as e:
            print(type(e).__name__, str(e))


def functions(values):
    out = []
    for v in values:
        out.append(isinstance(v, int))
        out.append(callable(v))
        out.append(repr(v))
        try:
            out.append(abs(v))
            out.append(ord(v))
        except TypeError as e:
            out.append(str(e))
        out.append(getattr(v, 'real', 'none'))
    return out


for _ in range(300):
    functions([1, 'a', None, 2.5])
print(functions([1, 'a', None, -2.5, -3]))


class Whole(int):
    def __abs__(self):
        return 'whole'


print(functions([Whole(3)]))


# isinstance() and type(), of everything.
class Lies:
    def __init__(self, kind):
        self.kind = kind

    @property
    def __class__(self):
        return self.kind


class Checks(type):
    def __instancecheck__(cls, x):
        return 'anything'


class Checked(metaclass=Checks):
    pass


class Child(Words):
    pass


def kinds(values, classes):
    out = []
    for v in values:
        for c in classes:
            out.append('01'[isinstance(v, c)])
        out.append(type(v).__name__)
    return ' '.join(out)


import weakref

target = Words('ab')
classes = [int, str, list, object, Words, Checked, dict, type, (str, list), int | list, tuple, BaseException, Lies, bytes, set, float]
values = [1, 'a', [], Words(), Child(), Names('b'), None, True, 2.5, 2**70, {}, Lies(list), Lies(5), ValueError(), object(), int, Checks,
          Checked, (1,), b'', {1}, frozenset(), weakref.proxy(target), len, kinds, range(3), ..., 1e300]
for _ in range(100):
    last = kinds(values, classes)
print(last)
for bad in (5, None, 'str', [int]):
    try:
        print(kinds([1.5, []], [bad]))
    except TypeError as e:
        print(e)
type = lambda x: Words
print(kinds([1, []], [int]))
del type
for _ in range(300):
    last = kinds([1, [], 'a'], [int, str])
print(last, type('Made', (), {}).__name__, type(type).__name__)


def wrong(n):
    messages = set()
    for i in range(n):
        for call in range(5):
            try:
                if call == 0:
                    abs()
                elif call == 1:
                    'a'.join(1)
                elif call == 2:
                    [].append(1, 2)
                elif call == 3:
                    {}.pop('missing')
                else:
                    int('x')
            except (TypeError, KeyError, ValueError) as e:
                messages.add(str(e) + str(e.__traceback__.tb_lineno - wrong.__code__.co_firstlineno))
    return sorted(messages)


print(wrong(600))


class Plain:
    pass


class Keeps:
    made = 0

    def __new__(cls, *args):
        cls.made += 1
        return super().__new__(cls)

    def __init__(self, *args):
        self.args = args


class Meta(type):
    def __call__(cls, *args):
        return cls.__name__, args


class Called(metaclass=Meta):
    pass


def makes(cls, args, n):
    for i in range(n):
        out = cls(*args) if len(args) > 1 else cls(args[0]) if args else cls()
    return out


def makes_plain(n):
    for i in range(n):
        a = Plain()
        b = Keeps(i)
        c = list((i, i))
        d = int('7')
        e = tuple(c)
    return type(a), b.args, c, d, e


print(makes_plain(3000), Keeps.made)
for cls, args in ((Plain, ()), (list, ((1, 2),)), (Called, (1,)), (Called, ()), (complex, (1, 2)), (Keeps, (1, 2)), (str, (5,))):
    got = makes(cls, args, 1500)
    print(type(got) if cls is Plain else got.args if cls is Keeps else got)
for cls, args in ((Plain, (1,)), (int, ('z',))):
    try:
        makes(cls, args, 3)
    except (TypeError, ValueError) as e:
        print(e)
Plain, old = (lambda: 'no class'), Plain
print(makes_plain(2)[1:])
Plain = old


# A name that was a native becomes another.
def uses(n, x):
    for i in range(n):
        r = chosen(x)
        m = box.count(x)
    return r, m


class Box:
    count = lambda self, x: ('counted', x)


chosen, box = abs, [1, 2, 1]
print(uses(2000, 1))
chosen = hash
print(uses(3, 1))
chosen = lambda x: [x]
print(uses(3, 1))
chosen = len
try:
    uses(3, 1)
except TypeError as e:
    print(e)
chosen, box = float, (1, 1, 1)
print(uses(2000, 1))
box = Box()
print(uses(3, 1))

# What natives call back may do anything: also collect, trace, and change the code that runs.
def sorts(n, key):
    for i in range(n):
        out = sorted([3, 1, 2], key=key)
        x = max(out, key=key)
    return out, x


print(sorts(1500, lambda x: -x))


def collecting(x):
    gc.collect(0)
    return x


print(sorts(50, collecting))
events = []


def tracing(x):
    if x == 2 and not sys.gettrace():
        sys.settrace(lambda *a: events.append(a[1]))
    return x


sorts(1, tracing)
sys.settrace(None)
print(set(events))
print('done')
