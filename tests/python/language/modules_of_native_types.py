"""Native types: __module__ is the type's, and an attribute of its instances only where CPython makes the type at run time; bound methods
are no descriptors; names of types in the errors of class patterns; `_` is always a wildcard."""
import array, collections, contextvars, datetime, decimal, functools, io, itertools, operator, os, pickle, random, re, struct, sys, time
import types, weakref


def told(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class C:
    def method(self):
        pass


for value in (collections.deque(), collections.OrderedDict(), collections.defaultdict(), array.array('i'), contextvars.ContextVar('x'),
              datetime.date(2020, 1, 1), datetime.timezone.utc, decimal.Decimal(1), decimal.getcontext(), functools.partial(len), io.StringIO(),
              io.BytesIO(), itertools.count(), itertools.accumulate([]), operator.itemgetter(1), os.stat('/'), pickle.PickleBuffer(b''),
              random.Random(), re.compile('x'), re.match('', ''), struct.Struct('i'), sys.flags, sys.version_info, time.gmtime(0),
              types.SimpleNamespace(), list[int], int | str, weakref.ref(C), weakref.proxy(C), C().method, [], 1, None, len, [].append):
    kind = type(value)
    print(kind.__module__, kind.__name__, kind.__qualname__, kind, '__module__' in dir(value), '__module__' in kind.__dict__)
    told(lambda: value.__module__)
    if kind.__module__ != 'builtins':
        told(lambda: setattr(value, '__module__', 'x'))
    told(lambda: kind.nothing)
    told(lambda: value.nothing)
print('__get__' in type(C().method).__dict__, type(C().method.__get__))


def match(subject):
    match subject:
        case collections.deque(a):
            pass


told(lambda: match(collections.deque()))
told(lambda: match(5))
for pattern in '_(a)', '_.a', '_.a(b)', '[_(a)]', 'C(_.a)', '_', '{_.a: 1}', '(_)', 'a | _', '_ | _', '_ as a':
    try:
        exec(f'match 5:\n    case {pattern}: pass\n')
        print(pattern, 'fine')
    except Exception as e:
        print(pattern, type(e).__name__, e)
