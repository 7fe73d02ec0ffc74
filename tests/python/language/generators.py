# Generators: next, send, throw, close, return values, yield from, finally, running state.

def count(n):
    for i in range(n):
        got = yield i
        if got is not None:
            yield ('got', got)


g = count(3)
print(next(g), g.send('a'), next(g), next(g))
try:
    next(g)
except StopIteration as e:
    print('end', e.value)
try:
    next(g)
except StopIteration:
    print('stays ended')

g = count(1)
try:
    g.send(1)
except TypeError as e:
    print(e)
assert g.send(None) == 0


def returns():
    yield 1
    return 'result'


g = returns()
next(g)
try:
    next(g)
except StopIteration as e:
    assert e.value == 'result' and e.args == ('result',)


# throw: at the yield, before the start, into the finished.
log = []


def catcher():
    while True:
        try:
            x = yield 'ready'
            log.append(x)
        except ValueError as e:
            log.append(('caught', str(e)))
        finally:
            log.append('finally')


g = catcher()
next(g)
assert g.throw(ValueError('boo')) == 'ready'
assert g.throw(ValueError, 'old style') == 'ready'
try:
    g.throw(KeyError('k'))
except KeyError as e:
    log.append(('out', e.args))
print(log)
g = count(2)
try:
    g.throw(RuntimeError('early'))
except RuntimeError as e:
    print('before the start:', e)
print(list(g))


# close.
def closing():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        log.append('exit')
        raise
    finally:
        log.append('cleaned')


log.clear()
g = closing()
next(g)
assert g.close() is None and log == ['exit', 'cleaned']
assert g.close() is None
assert closing().close() is None


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


g = stubborn()
next(g)
try:
    g.close()
except RuntimeError as e:
    print(e)


def stops():
    raise StopIteration('leaks')
    yield


try:
    next(stops())
except RuntimeError as e:
    print(e, repr(e.__cause__))


def reenter():
    try:
        next(me)
    except ValueError as e:
        yield str(e)


me = reenter()
print(next(me))


# yield from: values, sent values, thrown exceptions, results, close.
def inner():
    try:
        a = yield 'i1'
        b = yield ('i2', a)
    except KeyError:
        yield 'inner caught'
        return 'after catch'
    finally:
        log.append('inner finally')
    return ('inner result', b)


def outer():
    r = yield from inner()
    yield ('outer saw', r)
    r = yield from [1, 2]
    yield ('list gave', r)


log.clear()
g = outer()
print(next(g), g.send('A'), g.send('B'), list(g), log)
g = outer()
next(g)
print(g.throw(KeyError), next(g))
log.clear()
g = outer()
next(g)
g.close()
print(log)


def deep(n):
    if n:
        yield from deep(n - 1)
    yield n


assert list(deep(50)) == list(range(51))


class Iter:
    def __init__(self): self.n = 0
    def __iter__(self): return self

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration('it result')
        return self.n

    def throw(self, *a): return 'thrown into Iter'


def over():
    r = yield from Iter()
    yield r


assert list(over()) == [1, 2, 'it result']
g = over()
next(g)
assert g.throw(ValueError) == 'thrown into Iter'

# Introspection.
g = count(2)
print(g.gi_running, g.gi_frame is not None, g.gi_yieldfrom, g.gi_code.co_name, g.__name__, g.__qualname__)
g.__name__ = 'renamed'
print(repr(g).split(' at ')[0])
list(g)
assert g.gi_frame is None

# Generator expressions: the first iterable is evaluated at once, the rest late; scopes.
def src():
    log.append('src')
    return [1, 2]


log.clear()
ge = (x * y for x in src() for y in src())
assert log == ['src']
assert list(ge) == [1, 2, 2, 4] and log == ['src'] * 3
try:
    (x for x in 5)
except TypeError as e:
    print(e)
assert sum(x for x in range(10) if x % 2) == 25
assert max((len(w), w) for w in ['a', 'bbb', 'cc']) == (3, 'bbb')


# A pipeline, an infinite generator, exceptions that pass through, a context kept across yields.
def naturals():
    n = 0
    while True:
        yield n
        n += 1


def take(n, it):
    for _, x in zip(range(n), it):
        yield x


assert list(take(5, (x * x for x in naturals() if x % 3))) == [1, 4, 16, 25, 49]


def handler():
    try:
        raise ValueError('kept')
    except ValueError as e:
        yield 1
        import sys
        yield str(sys.exc_info()[1])


h = handler()
next(h)
try:
    raise KeyError('other')
except KeyError:
    assert next(h) == 'kept'

# Simple coroutine-like accumulators.
def average():
    total = n = 0
    result = None
    while True:
        total += yield result
        n += 1
        result = total / n


avg = average()
next(avg)
print([avg.send(x) for x in (10, 20, 60)])

# Two generators interleaved do not disturb each other's state.
a, b = count(3), count(3)
assert [next(a), next(b), next(a), next(b)] == [0, 0, 1, 1]
assert [*a, *b] == [2, 2]
x, *y = (i for i in 'abc')
assert (x, y) == ('a', ['b', 'c'])
