# int: literals from text, arithmetic on all sizes, bit operations, conversion, methods, errors.
import math

print(int('  -12_3 '), int('0x1f', 16), int('0b11', 0), int('z', 36), int(b'42'), int(3.99), int(-3.99), int(True),
        int(), int('٣'))
for bad in ("''", "'1__0'", "'_1'", "'1_'", "'0x'", "'12a'", "'1', 1", "'1', 37", "3.5, 2", "None", "[]", "'9', 8",
        "float('nan')", "float('inf')", "b'x'", "'\\x00'",
            "'0777', 0"):
    try:
        print(eval('int(%s)' % bad))
    except (TypeError, ValueError, OverflowError) as e:
        print(bad, '->', type(e).__name__, e)

values = [0, 1, -1, 2, 7, -7, 10, 255, -256, 2 ** 31, -2 ** 31, 2 ** 61 - 1, 2 ** 61, -2 ** 61, 2 ** 62, 2 ** 63 - 1,
        -2 ** 63, 2 ** 64, 10 ** 30, -10 ** 30]
check = 0
for a in values:
    for b in values:
        r = [a + b, a - b, a * b, a & b, a | b, a ^ b, a < b, a == b]
        if b:
            q, m = divmod(a, b)
            assert q == a // b and m == a % b and q * b + m == a and (m == 0 or (m > 0) == (b > 0)) and abs(m) < abs(b)
            r += [q, m]
        assert a - b == -(b - a) and (a ^ b) == (a | b) - (a & b) and (a & b) + (a | b) == a + b
        check = (check * 31 + sum(x % 1000003 for x in r)) % 1000000007
print(check)
for a in values:
    assert int(str(a)) == a and int(hex(a), 16) == a and int(oct(a), 0) == a and int(bin(a),
            2) == a and ~a == -a - 1 and -(-a) == a
    assert int.from_bytes(a.to_bytes(20, 'big', signed=True), 'big', signed=True) == a
    assert (a << 70) >> 70 == a and a >> 1 == a // 2 and a >> 200 == (-1 if a < 0 else 0)
    assert hash(a) == hash(float(a)) if abs(a) < 2 ** 53 else True
    assert a.bit_length() == len(bin(abs(a))) - 2 * 1 - (0 if a else 1) and a.bit_count() == bin(a).count('1')
print([a.bit_length() for a in values], [hash(a) for a in (0, 1, -1, -2, 2 ** 61 - 1, 2 ** 61, 2 ** 64, -2 ** 64, 10 ** 30)])
print(2 ** 100, (-3) ** 5, 2 ** -2, 0 ** 0, pow(3, 100, 7), pow(3, -1, 11), pow(2, 0, 1), pow(-2, 3, 5),
        pow(2, 3, -5), 10 ** 25 // 10 ** 20, -7 // 2, -7 % 2)
for bad in ('1 // 0', '1 % 0', '1 / 0', 'divmod(1, 0)', '0 ** -1', 'pow(2, -1, 4)', 'pow(2, 2, 0)', '1 << -1',
        '1 >> -1', '10 ** 400 / 3', 'float(10 ** 400)', '1 << 2 ** 70',
            'pow(2.0, 2, 3)', '(1).to_bytes(0, "big")', '(-1).to_bytes(1, "big")', '(300).to_bytes(1, "big")',
            '(1).to_bytes(-1, "big")', '(1).to_bytes(1, "middle")',
            'int.from_bytes("x", "big")', '(5).real = 1', '5 .foo', 'chr(-1)', 'chr(0x110000)', 'range(1, 2, 0)',
            '"a" * 2 ** 80', 'int("9" * 5000)', 'str(10 ** 5000)'):
    try:
        exec('r = ' + bad if '=' not in bad else bad)
        print(bad, 'is', r)
    except SyntaxError as e:
        print(bad, 'SyntaxError')
    except Exception as e:
        print(bad, '->', type(e).__name__, e)
print((5).real, (5).imag, (5).numerator, (5).denominator, (5).conjugate(), (5).as_integer_ratio(), (-5).__abs__(),
        (5).__index__(), True + True, True & False, ~True)
print(round(1234, -2), round(1250, -2), round(1350, -2), round(-15, -1), round(25, -1), round(5), round(7, 3),
        round(2 ** 70, -20))
print((1000).to_bytes(4, 'big'), (1000).to_bytes(4, 'little'), (-5).to_bytes(2, 'big', signed=True), (7).to_bytes(),
        int.from_bytes(b'\x01\x00', 'big'),
      int.from_bytes([1, 2], 'little'), int.from_bytes(b'\xff', 'big', signed=True), int.from_bytes(b'', 'big'))
print(bool(0), bool(-1), int.__doc__ is not None, isinstance(True, int), type(True + 0), repr(True), str(False),
        True == 1, {1: 'a', True: 'b'})
print(math.factorial(30), math.gcd(2 ** 80, 6 ** 40), math.isqrt(10 ** 40), math.comb(50, 25), math.lcm(4, 6, 10),
        sum(range(10 ** 5)))


class MyInt(int):
    def __add__(self, o): return MyInt(int(self) + o)
    def __repr__(self): return 'MyInt(%d)' % self


m = MyInt(5)
print(m + 1, m - 1, type(m + 1).__name__, type(m * 2).__name__, m == 5, hash(m) == hash(5), {5: 'x'}[m],
        [1, 2, 3, 4, 5, 6][m], int(m), m.bit_length())


class Indexable:
    def __index__(self): return 7


class Intable:
    def __int__(self): return 8


class Truncable:
    def __trunc__(self): return 9


print(int(Indexable()), int(Intable()), list(range(10))[Indexable()], bin(Indexable()), 2 ** 3 ** 2, -2 ** 2)
for k in (Intable,):
    for f in (hex, lambda x: [0][x], range, lambda x: 'a' * x, chr):
        try:
            f(k())
        except TypeError as e:
            print(e)
# Big products and quotients agree with each other.
a, b = 3 ** 500, 7 ** 300
assert (a * b) // a == b and (a * b + 5) % b == 5 and a * a - b * b == (a - b) * (a + b)
assert int(str(a)) == a and divmod(a, -b) == (-(-a // -b) if False else a // -b, a % -b) and math.isqrt(a * a) == a
print(str(3 ** 200)[:20], hex(3 ** 60), a % 1000000007, len(str(2 ** 3000)))

import math
print([math.factorial(n) for n in range(26)])
for n in (0, 1, 5, 20, 21, 34, 60, 61, 62, 66, 67, 68, 100, 2**40, 2**63, 2**64 - 1, 2**64, 2**70):
    print(n, [math.comb(n, k) for k in (0, 1, 2, 3, 10, 17, 30, 33, 34)], [math.comb(n, n - k) for k in (0, 1, 2) if k <= n])
