# Taking over whole sequences, and iterating, adding and unpacking without detours: what comes out is the same.
import array
import collections


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


# deques: rings that have to grow, that go round, and that are bounded
for given in ([], [1], list(range(7)), list(range(8)), list(range(100)), (1, 2, 3), 'abc', range(20)):
    d = collections.deque(given)
    d.rotate(3)
    d.extend(given)
    d.popleft() if d else None
    d.extend(tuple(given))
    d.extend(d)
    d += list(given)
    print(list(d), list(reversed(d)), len(d))
d = collections.deque(range(20))
for i in range(12):
    d.popleft()
d.extend(list(range(9)))
print(d, d[-1], d[8])
print(collections.deque([1, 2, 3, 4], 2), collections.deque((1, 2, 3, 4), 0), collections.deque([1, 2, 3, 4], maxlen=9))
bounded = collections.deque([1, 2, 3], 3)
bounded.extend([4, 5])
bounded.extend(bounded)
print(bounded)


def change_while(change):
    d = collections.deque([1, 2, 3])
    out = []
    for x in d:
        out.append(x)
        change(d)
    return out


print(attempt(change_while, lambda d: d.extend([1])), attempt(change_while, lambda d: d.extend([])),
      attempt(change_while, lambda d: d.extend(())), attempt(change_while, collections.deque.pop),
      attempt(change_while, collections.deque.reverse), attempt(change_while, lambda d: d.rotate(1)))

# arrays: limits of each kind, and while a buffer is exported
for code in 'bBhHiIlLqQfd':
    a = array.array(code)
    out = [attempt(a.append, v) for v in (0, 1, -1, 127, 128, 255, 256, 2**31 - 1, 2**31, 2**32, -2**31, -2**31 - 1, 2**60, 2**61,
                                          2**63 - 1, 2**63, -2**63, 2**64, 1.5, True, 'a', None, 1e300, -0.0)]
    print(code, a.tolist(), list(a), out, a[2:5], a[::-1], a[5:2], a[-3:], sum(a))
    b = array.array(code, a)
    b.extend(list(a)[:3])
    print(b == a, len(b), b[:0], b[1:2])
    with memoryview(b):
        print(attempt(b.append, 1), attempt(b.extend, [1]))
a = array.array('i', range(50))
print(a[3:20], a[3:20:1], a[40:70], a[60:70], a[-5:], [x for x in a if x % 9 == 0])


class Pair(collections.namedtuple('Pair', 'x y')):
    __slots__ = ()


class Backward(tuple):
    def __iter__(self):
        return reversed(tuple(self[i] for i in range(len(self))))


def unpack_two(v):
    a, b = v
    return a, b


for v in (Pair(1, 2), Backward((1, 2)), Backward((1, 2, 3)), collections.namedtuple('T', 'x y z')(1, 2, 3), (1,), [1, 2],
          {1: 2, 3: 4}, 'ab'):
    print(attempt(unpack_two, v))

# sets: adding, and each way to make a new one, in order of the numbers
for n in (0, 1, 4, 5, 20, 100, 1000):
    a, b = set(range(n)), set(range(n // 2, n * 2, 3))
    print(n, list(a), list(set(list(b))) == list(b), sorted(a & b), sorted(a | b) == sorted(a.union(list(b))))
    print(sorted(a ^ b), sorted(a - b), a <= b, a >= b, a <= a | b, b <= a | b, len({x % 7 for x in b}))
    print(sorted(a.symmetric_difference(list(b))) == sorted(a ^ b), sorted(frozenset(dict.fromkeys(a)) & frozenset(b)))
s = {0, 8, 16, 24}
s.discard(8)
s.add(32)
s.add(8)
print(s, s ^ {8, 1}, s ^ {}.keys(), {1.0, 1, True}, {2**61 - 1, 0}, set([0, 2**61 - 1, -1, -2]) ^ {0})
s ^= {0, 64, 8}
print(s)

# comparing lists, sums, lines
nan = float('nan')
for x, y in (([], []), ([1, 2], [1, 2]), ([1, 2, 3], [1, 2]), ([1, 2], [1, 3]), ([nan], [nan]), ([nan, 1], [nan, 2]),
             ([1], [1.0]), ([1, [2]], [1, [2]]), ([[1], 2], [[1], 3]),
             (['a'] * 5, ['a'] * 4 + ['b'])):
    print(x == y, x != y, x < y, x <= y, x > y, x >= y)
print(sum([]), sum([1, 2.5, 3]), sum(range(5), 2**61), sum(iter([2**61 - 1, 1])), sum(([1], [2]), []), attempt(sum, 5),
      attempt(sum, [1, 'a']), sum({1: 2, 3: 4}), sum(array.array('d', [0.5, 0.25])), sum(x for x in (1, 2)), sum([0.1] * 10))
for c in '\n\r\t\v\f\x1c\x1d\x1e\x1f\x84\x85\x86\x7f ~\u2028\u2029\u20ac':
    print(ascii(c), len(('a' + c + 'b').splitlines()), len(('é' + c + '日').splitlines(True)))
print('a\r\nb\r\r\n'.splitlines(), 'a\r\n'.splitlines(True))
for text in ('日' * 20, 'é€' * 9, '\U0001f600' * 3 + 'a', 'ab\ud800c', '日\udc80\udc81x', '\U0001f600\ud800'):
    print(attempt(text.encode), attempt(text.encode, 'utf-8', 'surrogatepass'), attempt(text.encode, 'utf-8', 'replace'))
for x in (b'', b'abc', bytearray(b'abc')):
    print(attempt(lambda: x[0]), attempt(lambda: x[-1]), attempt(lambda: x[2]), attempt(lambda: x[-4]), list(x), [c for c in x])
