# Slices of built-in sequences as loads, stores and deletions: bounds, steps, ints of any size, __index__, errors, subclasses.
big = 10 ** 30
class Index:
    def __init__(self, i): self.i = i
    def __index__(self): return self.i
class Seq:
    def __getitem__(self, key): return ('get', key)
    def __setitem__(self, key, value): print('set', key, value)
    def __delitem__(self, key): print('del', key)
class L(list):
    def __getitem__(self, key): return ('L', list.__getitem__(self, key))
    def __setitem__(self, key, value): print('L set', key); list.__setitem__(self, key, value)
parts = [None, 0, 1, 2, 4, 5, 6, 100, -1, -2, -5, -6, -100, big, -big, True, Index(2), Index(-3)]
total = 0
for sequence in ([1, 2, 3, 4, 5], (1, 2, 3, 4, 5), 'abcde', 'äbcdé', 'a€b\U0001f600c', b'abcde', bytearray(b'abcde'), [], (), '', range(5)):
    for a in parts:
        for b in parts:
            for c in (None, 1, 2, -1, -2, 3, big, -big, Index(-1)):
                got = sequence[a:b:c]
                want = [sequence[i] for i in range(*slice(a, b, c).indices(len(sequence)))]
                assert list(got) == want and type(got) is type(sequence), (sequence, a, b, c)
                total += 1
print(total)
for a in parts:
    for b in parts:
        for value in ([], [7], (8, 9), 'xyz', range(6), iter([1, 2])):
            value = list(value) if not isinstance(value, (list, tuple)) else value
            x, y = [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]
            x[a:b] = value
            i, j, _ = slice(a, b).indices(5)
            assert x == y[:i] + list(value) + y[max(i, j):], (a, b, value, x)
x = list(range(10))
x[::2] = 'abcde'; print(x)
x[::-3] = [1, 2, 3, 4]; print(x)
x[2:5] = x; print(x)
x[:] = x[::-1]; print(x)
x[3:3] = (None,); print(x)
x[5:2] = [0]; print(x)
del x[::2]; print(x)
del x[1:3]; print(x)
x += x[1:]; print(x)
x[1:2] += [5, 6]; print(x)
for bad in ("x['a':]", "x[:1.5]", "x[::0]", "x[1:2] = 3", "x[::2] = [1]", "x[::2] = 5", "5[1:2]", "None[:]", "{}[1:2]", "x[1:2, 3]", "(1,)[0:1] = 2",
            "'abc'[0:1] = 'd'", "del 'abc'[:1]", "x[::0] = []"):
    try:
        exec(bad)
    except Exception as e:
        print(bad, type(e).__name__, e)
s = Seq()
print(s[1:2], s[:], s[::3], s[1:2, 3:4], s[..., 1:])
s[1:2] = 3; s[:] = 4; s[::2, 1] = 5; del s[1:]
s[1:3] += (4,)
l = L([1, 2, 3]); print(l[1:]); l[1:] = [5]; print(l)
def order(n): print('part', n); return n
def target(): print('target'); return x
target()[order(1):order(2):order(1)] = [order(9)]
print(x, target()[order(0):order(2)])
import traceback
try:
    print(x[order(1):
            'no'])
except TypeError:
    traceback.print_exc()
