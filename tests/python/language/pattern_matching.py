# The match statement: literal, capture, wildcard, value, sequence, mapping, class, or, as patterns, and guards.

def kind(x):
    match x:
        case 0 | 1: return 'zero or one'
        case -1: return 'minus one'
        case 1.5: return 'float'
        case 2 + 3j: return 'complex'
        case 'text' | b'bytes': return 'literal'
        case True: return 'never: True == 1'
        case None: return 'None'
        case []: return 'empty'
        case [a]: return 'one: %r' % (a,)
        case [1, 2, *rest]: return '1, 2 and %r' % (rest,)
        case [a, b] if a == b: return 'pair of equals'
        case (a, b): return 'pair %r %r' % (a, b)
        case [first, *_, last]: return 'from %r to %r' % (first, last)
        case {'type': 'circle', 'r': r}: return 'circle %r' % r
        case {'type': t, **others}: return 'type %r, others %r' % (t, others)
        case {}: return 'mapping'
        case str() as s if len(s) > 5: return 'long ' + s
        case str(s): return 'str ' + s
        case int(n) | float(n) if n > 100: return 'big %r' % n
        case int(): return 'int'
        case _: return 'other'


for x in (0, 1, True, -1, 1.5, 2 + 3j, 'text', b'bytes', None, [], (), [7], [1, 2], [1, 2, 3], (5, 5), (5, 6), [4, 5, 6, 7],
          {'type': 'circle', 'r': 3}, {'type': 'circle'}, {'type': 'x', 'y': 1}, {}, {'a': 1}, 'long text', 'abc',
                  500, 500.5, 50, 50.5, range(2), b'ab', {1, 2}, object):
    print(repr(x), '->', kind(x))


class Point:
    __match_args__ = ('x', 'y')

    def __init__(self, x, y): self.x, self.y = x, y


class Point3(Point):
    __match_args__ = ('x', 'y', 'z')

    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z


def where(p):
    match p:
        case Point3(x, y, z=0): return 'on the plane %s %s' % (x, y)
        case Point(0, 0): return 'origin'
        case Point(x=0, y=yy): return 'y axis at %s' % yy
        case Point(x, y) if x == y: return 'diagonal'
        case Point(): return 'somewhere'
        case [Point(a, b), Point(c, d)]: return 'line %s %s %s %s' % (a, b, c, d)
        case {'p': Point(x=px), 'q': [q0, *_]}: return 'inside %s %s' % (px, q0)
        case _: return 'nowhere'


for p in (Point(0, 0), Point(0, 3), Point(2, 2), Point(1, 2), Point3(1, 2, 0), Point3(0, 0, 1), [Point(1, 2), Point(3, 4)],
          {'p': Point(9, 8), 'q': 'no'}, {'p': Point(9, 8), 'q': [5, 6]}, 3):
    print(where(p))


class Color:
    RED = 'red'
    GREEN = 'green'


def color(c):
    match c:
        case Color.RED: return 1
        case Color.GREEN | 'lime': return 2
        case other: return other


assert [color(c) for c in ('red', 'green', 'lime', 'blue')] == [1, 2, 2, 'blue']

# Bindings remain; a failed pattern may have bound nothing; match is a soft keyword.
match = 5
case = [1]
match[case[0]:] if False else None
print(match, case)
_ = 'underscore'
match [1, [2, [3]]]:
    case [a, [b, [c]]]:
        print(a, b, c, _)


def no_match(x):
    match x:
        case 1: y = 'one'
    return 'y' in dir()


assert no_match(1) and not no_match(2)

# Errors.
class NoArgs: pass
class BadArgs: __match_args__ = 'x'
class BadItem: __match_args__ = (1,)


def try_class(cls, obj):
    try:
        match obj:
            case cls(a): return 'matched'
            case _: return 'no'
    except TypeError as e:
        return str(e)


print(try_class(NoArgs, NoArgs()), '|', try_class(BadArgs, BadArgs()), '|', try_class(BadItem, BadItem()), '|', try_class(3, 3))
try:
    match Point(1, 2):
        case Point(1, 2, 3): pass
except TypeError as e:
    print(e)
try:
    match Point(1, 2):
        case Point(1, x=1): pass
except TypeError as e:
    print(e)

# Mappings: get() is used, keys are not added, order is free.
from collections import defaultdict, OrderedDict, deque
d = defaultdict(int, a=1)
match d:
    case {'b': _}: print('wrong')
    case {'a': v, **rest}: print(v, rest, dict(d))
match OrderedDict(x=1, y=2):
    case {'y': y, 'x': x}: print(x, y)
match deque([1, 2, 3]):
    case [a, *b]: print(a, b)

# Sub-patterns with as, nested or, star in the middle.
match ['go', 'north', 'fast']:
    case ['go', ('north' | 'south') as way, *how]: print(way, how)
match (1, 2, 3, 4, 5):
    case (a, *mid, e): print(a, mid, e)
match 'go left now'.split():
    case ['go', ('left' | 'right' as side), _] | ['turn', side, _]: print(side)
match -3, 1e3, 'x' 'y':
    case -3, 1e3, 'xy': print('constants')
