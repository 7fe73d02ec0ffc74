# map() over one iterable: functions, methods, types and other callables, what they raise, and iterators that end in between.
import operator
from functools import partial

L = ['b', 'A', 'c']
for function in (len, ord, str.upper, str, list, repr, operator.itemgetter(0), operator.methodcaller('lower'), partial(max, 'a'),
                 lambda x: x * 2, 'x'.join, [].append, type, bool):
    print(list(map(function, L)))
for function in (abs, ord, int, 5, operator.itemgetter(3), lambda: 1, isinstance):
    try:
        print(list(map(function, L)))
    except Exception as error:
        print(type(error).__name__, error)
it = map(abs, iter([1, -2]))
print(next(it), next(it), next(it, 'end'), next(it, 'end'))


def failing():
    yield 1
    raise KeyError('inside')


it = map(abs, failing())
print(next(it))
try:
    next(it)
except KeyError as error:
    print(error)
print(list(map(lambda *a: a, *[range(2)] * 12))[1], list(map(pow, [2, 3], [4, 2], [5, 7])))
