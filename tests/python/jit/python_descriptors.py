# Descriptors with __get__ and __set__ written in Python, context managers and __anext__ written in Python: entered as frames by
# handlers and machine code. What changes them meanwhile, what they raise, what tracebacks show.
import asyncio
import gc
import sys
import traceback


class Field:
    def __init__(self, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return instance.__dict__[self.name], owner.__name__

    def __set__(self, instance, value):
        instance.__dict__[self.name] = value


class Computed:  # no data descriptor
    def __get__(self, instance, owner):
        return 'computed', instance is None, owner.__name__


class Record:
    a = Field('_a')
    b = Field('_b')
    c = Computed()

    def __init__(self, a, b):
        self.a = a
        self.b = b


class Sub(Record):
    pass


def use(r):
    r.a = r.b[0]
    return r.a, r.b, r.c, type(r).c


def repeat(function, *args):
    for _ in range(300):
        result = function(*args)
    return result


print(repeat(use, Record(1, 2)), repeat(use, Sub(3, 4)), repeat(use, Record(5, 6)))
r = Record(1, 2)
r.__dict__['c'] = 'own'
print(repeat(use, r))


def uses_both(objects):
    return [use(r) for r in objects]


print(repeat(uses_both, [Record(1, 2), Sub(3, 4), r]))

# changes: of the descriptor's class, of the descriptor, of its class, of the owner
def changes():
    yield use(Record(1, 2))
    old = Field.__get__
    Field.__get__ = lambda self, instance, owner: ('changed', self.name)
    yield repeat(use, Record(1, 2))
    Field.__get__ = old
    Field.extra = 1
    Record.__dict__['a'].extra = 2
    yield repeat(use, Record(1, 2))

    class Other(Field):
        def __get__(self, instance, owner=None):
            return 'other', 0

    Record.__dict__['a'].__class__ = Other
    yield repeat(use, Record(1, 2))
    Record.__dict__['a'].__class__ = Field
    Record.b = Field('_a')
    yield repeat(use, Record(1, 2))
    Record.b = property(lambda self: (7, 7), lambda self, value: None)
    yield repeat(use, Record(1, 2))
    Record.b = Field('_b')
    Computed.__set__ = lambda self, instance, value: None
    yield repeat(use, r)
    del Computed.__set__
    yield repeat(use, r)
    Field.__get__.__code__ = (lambda self, instance, owner=None: ('code', 1)).__code__
    yield repeat(use, Record(1, 2))
    Field.__get__ = old


for change in changes():
    print(change)


# --- what they raise
class Raises:
    def __get__(self, instance, owner):
        raise instance.kind('get')

    def __set__(self, instance, value):
        raise instance.kind('set')


class Plain:
    x = Raises()

    def __init__(self, kind):
        self.kind = kind


class Hooked(Plain):
    def __getattr__(self, name):
        return 'hook', name


def attempt(o):
    result = []
    try:
        result.append(o.x)
    except Exception as error:
        result.append((repr(error), [f.name for f in traceback.extract_tb(error.__traceback__)]))
    try:
        o.x = 1
    except Exception as error:
        result.append((repr(error), [f.name for f in traceback.extract_tb(error.__traceback__)]))
    result.append(getattr(o, 'x', 'default') if o.kind is AttributeError else None)
    return result


for o in Plain(ValueError), Plain(AttributeError), Hooked(AttributeError):
    print(repeat(attempt, o))


class HookedProperty:
    @property
    def x(self):
        raise AttributeError('x')

    def __getattr__(self, name):
        return 'hook', name


print(repeat(lambda: HookedProperty().x))


def in_generator(r, n):
    for k in range(n):
        r.a = k
        yield r.a


print(list(in_generator(Record(1, 2), 300))[-3:])


# --- with
log = []


class Manager:
    def __init__(self, fails=False, swallows=False):
        self.fails = fails
        self.swallows = swallows

    def __enter__(self):
        if self.fails:
            raise ValueError('enter')
        log.append('enter')
        return self, len(log)

    def __exit__(self, kind, value, tb):
        log.append(kind.__name__ if kind else 'exit')
        return self.swallows


class Replaces:
    def __enter__(self):
        Replaces.__exit__ = lambda self, *args: log.append('late')
        return 1

    def __exit__(self, *args):
        log.append('first')


def manage(make, raises):
    log.clear()
    try:
        with make() as x, Manager() as y:
            log.append(type(x).__name__)
            if raises:
                raise KeyError(raises)
            return log[:], y[1]
    except Exception as error:
        log.append((repr(error), [f.name for f in traceback.extract_tb(error.__traceback__)]))
    return log[:]


for make in Manager, lambda: Manager(True), lambda: Manager(False, True):
    for raises in None, 'key':
        print(repeat(manage, make, raises))
first_exit = Replaces.__exit__
print(manage(Replaces, None))
Replaces.__exit__ = first_exit
for _ in range(200):
    Replaces.__exit__ = first_exit
    result = manage(Replaces, None)
print(result)


class Dropped:
    def __enter__(self):
        del self
        Dropped.__exit__ = None
        gc.collect()
        [object() for _ in range(100)]
        return [object() for _ in range(10)]

    def __exit__(self, *args):
        log.append(type(self).__name__)


dropped_exit = Dropped.__exit__
for k in range(5):
    Dropped.__exit__ = (lambda n: lambda self, *args: log.append((n, type(self).__name__)))(k)
    result = manage(Dropped, None)
print(result)


def collects(frame, event, arg):
    gc.collect()
    return collects


sys.settrace(collects)
manage(Manager, None)
manage(Manager, 'key')
sys.settrace(None)
print(log)


def with_nothing(o):
    try:
        with o:
            pass
    except (TypeError, AttributeError) as error:
        return str(error)


class OnlyEnter:
    def __enter__(self):
        return self


class Static:
    @staticmethod
    def __enter__():
        return 1

    @classmethod
    def __exit__(cls, *args):
        log.append(cls.__name__)


log.clear()
print([repeat(with_nothing, o) for o in (1, OnlyEnter(), Manager(), Static())], len(log), log[-1])


def deep(n):
    try:
        with Manager():
            return deep(n + 1)
    except RecursionError:
        return n > 50


print([deep(0) for _ in range(5)])


def traced():
    with Manager() as m:
        pass
    return Record(1, 2).a


calls = []
sys.setprofile(lambda frame, event, arg: calls.append((event, frame.f_code.co_name)) if event in ('call', 'return') else None)
traced()
sys.setprofile(None)
print(calls)


# --- async for, async with
class Ticker:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        if self.n % 3 == 0:
            await asyncio.sleep(0)
        return self.n


class Odd(Ticker):
    def __anext__(self):
        if self.n == 0:
            return 5
        return super().__anext__()


class Scope:
    def __init__(self, waits):
        self.waits = waits

    async def __aenter__(self):
        if self.waits:
            await asyncio.sleep(0)
        return self.waits

    async def __aexit__(self, kind, value, tb):
        log.append(kind)
        return kind is ValueError


async def asynchronous(n, make):
    total = 0
    async for k in make(n):
        async with Scope(k % 2) as waits:
            total += waits + k
            if k % 5 == 4:
                raise ValueError(k)
    return total


async def main():
    log.clear()
    results = [await asynchronous(400, Ticker)]
    try:
        await asynchronous(10, Odd)
    except TypeError as error:
        results.append(str(error))
    return results, len(log), sorted({kind.__name__ if kind else '' for kind in log})


print(asyncio.run(main()))
