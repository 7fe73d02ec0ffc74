# How often, and in what order, methods of arguments are asked; what is checked first.
import collections
import ctypes
import datetime
import decimal


class Counted:
    def __init__(self, value, log):
        self.value, self.log = value, log

    def __index__(self):
        self.log.append('index')
        return self.value

    def __len__(self):
        self.log.append('len')
        return self.value

    def __iter__(self):
        self.log.append('iter')
        return iter([7, 8])


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as error:
        return type(error).__name__, str(error)


for value in (0, 1, 2, -1, 9):
    for data in (bytearray(b'abcdef'), b'abcdef', list(range(6)), memoryview(bytearray(b'abcdef')), 'abcdef', (1, 2, 3)):
        for part in (slice(Counted(value, log := []), None), slice(None, Counted(value, log)), slice(None, None, Counted(value, log))):
            log.clear()
            result = attempt(lambda: data[part])
            print(type(data).__name__, bytes(result) if isinstance(result, memoryview) else result, log)
            if isinstance(data, (bytearray, list)):
                log.clear()
                copied = data[:]
                print(attempt(copied.__delitem__, part), copied, log)
                log.clear()
                copied = data[:]
                print(attempt(copied.__setitem__, part, b''), copied, log)
    items = list(range(6))
    print(attempt(items.__setitem__, slice(1, 3), Counted(value, log := [])), items, log)
    print(attempt(items.__setitem__, slice(0, 4, 2), Counted(value, log)), items, log)


class Shrinks:
    def __init__(self, data):
        self.data = data

    def __index__(self):
        del self.data[2:]
        return 1


for part in (lambda i: slice(i, None), lambda i: slice(None, i), lambda i: slice(i, 5, None)):
    data = bytearray(b'abcdef')
    print(data[part(Shrinks(data))], data)


class Unlike:
    def __init__(self, data):
        self.data = data

    def __eq__(self, other):
        self.data.append(1)
        return False


data = collections.deque(range(4))
print(attempt(data.remove, Unlike(data)))

# formats that can't be read are told of before the index
view = memoryview((ctypes.c_int * 3)())
for key in (0, 9, (0,), (0, 0), 'a', slice(0, 1), ...):
    print(attempt(view.__setitem__, key, 1), attempt(view.__getitem__, key) if not isinstance(key, (slice, type(...))) else None)
print(attempt(view.tolist))

for text, values in (('%5%', ()), ('%*%', (1,)), ('%*%', (1, 2)), ('%.*%', (3,)), ('%l%', ()), ('%(a)*%', {'a': 1}), ('%5%', (1,)),
                     ('%%', ())):
    print(text, attempt(lambda: text % values), attempt(lambda: text.encode() % values))
for value in (10 ** 400, decimal.Decimal('sNaN'), 'a', None):
    print(attempt(lambda: b'%f' % value), attempt(lambda: '%f' % value))

print(datetime.datetime(2020, 1, 2).strftime('%Y\0%m'), datetime.date(2020, 1, 2).strftime('\0'))
for text in ('00', '005', '0012,e', '00.0e', '05', '010'):
    print(text, attempt(format, decimal.Decimal('1.5'), text))
print(decimal.Context(prec=2, Emax=0, Emin=0, clamp=1).normalize(decimal.Decimal(0)))


class Abstract:
    __abstractmethods__ = ('method',)


print(type(Abstract()).__name__)
Abstract.__abstractmethods__ = frozenset({'method'})
print(attempt(Abstract))


class Odd(collections.abc.Mapping):
    def __len__(self):
        return 3

    def __iter__(self):
        return iter('abc')

    def __getitem__(self, key):
        return key


try:
    match Odd():
        case {'a': x, 'q': y, **rest}:
            print(x, y, rest)
except KeyError as error:
    print('KeyError', error)
