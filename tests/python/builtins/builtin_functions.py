# The built-in functions that no other script covers, and their errors.

print(abs(-3), abs(-2.5), abs(3 + 4j), all([1, 0]), any([0, 1]), ascii('é\n'), bin(-5), bool([]), callable(len),
        chr(233), complex('1j'), divmod(-7, 2), hex(-255), oct(8), ord('é'), pow(2, 3), repr('a'), round(2.5))
print(eval('1 + x', {'x': 2}), list(filter(lambda x: x % 2, range(5))), list(map(pow, [2, 3], [3, 2])), max(3, 1, 2),
        max('a', 'bb', key=len), max([], default=0), min([3, 1], key=lambda x: -x), min(2, 1), sum([1, 2], 10), sum([0.1] * 3))
print(format(255, 'x'), hash('') == hash(''), isinstance(1, (str, int)), issubclass(bool, int), len('abc'),
        list(zip([1], [2])), sorted([2, 1], reverse=True), type(1) is int, vars(type('X', (), {'a': 1}))['a'], id(len) == id(len))
for bad in ('abs("a")', 'all(5)', 'bin(1.5)', 'chr("a")', 'chr(1, 2)', 'divmod(1)', 'eval(5)', 'exec(5)',
        'compile("1")', 'compile("1", "f", "nope")', 'format(1, 2)', 'getattr(1)', 'getattr(1, 2)', 'hasattr(1, 2)',
        'setattr(1, "a", 1)', 'delattr(1, "a")', 'hash({})', 'hex("a")', 'id()',
            'isinstance(1, 2)', 'isinstance(1)', 'isinstance(1, [int])', 'issubclass(1, int)', 'issubclass(int, 1)',
            'iter()', 'len(5)', 'len()', 'len(1, 2)', 'map()', 'filter(1)', 'list(map(5, [1]))',
            'list(filter(5, [1]))', 'max()', 'max(1, 2, default=3)', 'min([], key=None)', 'next()', 'oct(1.0)', 'ord("")',
            'pow()', 'pow("a", 2)', 'print(1, sep=1)', 'print(1, nope=1)', 'range()', 'range("a")',
            'range(1, 2, 3, 4)', 'repr()', 'reversed(5)', 'round("a")', 'round(1, "a")', 'slice()', 'sorted()',
            'sum()', 'sum([1], [])', 'super(int)(1)', 'vars(1)', 'zip(1)', '__import__("nope_nope")', '__import__(5)', 'open()',
            'open("nope_nope")', 'type(1, 2)', 'object(1)', 'input(1, 2)', 'callable()', 'dir(1, 2)', 'ascii()',
            'staticmethod()', 'property(1, 2, 3, 4, 5)', 'enumerate()', 'enumerate([], "a")', 'bool(1, 2)',
            'float(1, 2)', 'len(x=1)', 'sorted(key=1)', 'int(x=1)', 'str(1, 2)', 'print(file=5)', 'globals(1)'):
    try:
        r = eval(bad)
        print(bad, 'ok', type(r).__name__)
    except Exception as e:
        print(bad, '->', type(e).__name__, e)

# range and slice
r = range(2, 20, 3)
print(r, len(r), r[1], r[-1], r[1:3], r[::-1], list(r), 5 in r, 6 in r, r.index(8), r.count(11), r.start, r.stop,
        r.step, range(0) == range(5, 5), hash(range(0)) == hash(range(3, 3)), bool(range(0)),
                range(10 ** 20)[10 ** 19], len(range(0, 10 ** 18, 7)), repr(range(3)), 'a' in range(3), 2.0 in range(3))
for bad in ('r[99]', 'r["a"]', 'r.index(3)', 'r[0] = 1', 'len(range(10 ** 20))', 'r < r', 'range(1.5)', 'r + r',
        'del r[0]', 'r.start = 5'):
    try:
        exec(bad)
    except Exception as e:
        print(bad, '->', type(e).__name__, e)
s = slice(1, 10, 2)
print(s, s.indices(5), slice(None, None, -1).indices(4), slice(5), s == slice(1, 10, 2), s.start, s.stop, s.step,
        slice(-3, None).indices(10), slice(1, 2) < slice(1, 3))
for bad in ('hash(s)', 's.indices(-1)', 'slice("a").indices(3)', 'slice(1, 2, 0).indices(3)', 's.start = 1'):
    try:
        exec(bad)
    except Exception as e:
        print(bad, '->', type(e).__name__, e)

# print, repr of builtins, dir, vars
import io, sys
out = io.StringIO()
print(1, 'a', None, sep='-', end='!\n', file=out, flush=True)
print(file=out)
print(*[1, 2], sep='', file=out)
assert out.getvalue() == '1-a-None!\n\n12\n'
print(repr(len), repr(int), repr(type), repr(NotImplemented), repr(Ellipsis), repr(None), repr(print),
        repr([].append).split(' at ')[0], repr(str.upper), repr(int.__add__), repr((1).__add__).split(' at ')[0],
                repr(object().__str__).split(' at ')[0][:30])


class V:
    c = 1

    def __init__(self): self.i = 2
    def __dir__(self): return ['z', 'a']


print(vars(V()), dir(V()), 'c' in dir(V), sorted(set(dir(object)) - set(dir(int)))[:3], 'x' in dir(),
        [n for n in dir(list) if not n.startswith('_')])
print([n for n in dir(dict) if n[0] != '_'], [n for n in dir(set) if n[0] != '_'],
        [n for n in dir(tuple) if n[0] != '_'], [n for n in dir(int) if n[0] != '_'], [n for n in dir(float) if n[0] != '_'])

# isinstance with unions and nested tuples; type unions; generic aliases
print(isinstance(1, int | str), isinstance(None, int | None), int | str, list[int], dict[str, list[int]],
        list[int].__origin__, list[int].__args__, isinstance([], list), (int | None).__args__,
                issubclass(int, int | str), tuple[int, ...], type[int])
for bad in ('isinstance([], list[int])', 'isinstance(1, int | list[int])', 'int | 5', 'list[int][str]', 'int[str]',
        'list[int](5)'):
    try:
        eval(bad)
    except TypeError as e:
        print(bad, '->', e)
assert list[int]((1, 2)) == [1, 2]

# __import__, globals, hash of equal values, object methods
assert __import__('os.path').__name__ == 'os' and __import__('os.path', fromlist=['x']).__name__ == 'posixpath'
o = object()
print(o == o, o != object(), hash(o) == hash(o), bool(o), isinstance(o, object), str(o)[:15], type(o).__mro__,
        o.__class__.__name__, isinstance(object.__doc__, str), o.__eq__(5), o.__ne__(o), o.__lt__(o), o.__sizeof__() > 0,
                o.__reduce_ex__(2)[0].__name__, format(o)[:7], o.__dir__()[:0])
print(hash(1) == hash(1.0) == hash(True), hash(None) == hash(None), hash((1, 2)), hash(()),
        hash((1, (2, 3), 'a'[:0])), hash(range(5)) == hash(range(5)), hash(3.5), hash(-1), hash(-2),
                hash(2 ** 61 - 2), hash(frozenset([1, 2, 3])))
