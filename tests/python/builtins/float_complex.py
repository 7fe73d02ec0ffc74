# float and complex: repr, parsing, rounding, special values, formatting, methods, arithmetic and its errors.
import math

for x in (0.0, -0.0, 1.0, 0.1, 1e16, 1e17, 123456789012345678.0, 1e-4, 1e-5, 1.5e300, 5e-324, 2.2250738585072014e-308,
        1.7976931348623157e308, 1 / 3, 2 / 3, 1e22, 1e23, 0.1 + 0.2,
          100.0, 9007199254740993.0, 1e100, float('inf'), -float('inf'), float('nan')):
    print(repr(x), str(x), '%g' % x, '%.3e' % x, '%.17g' % x, format(x, '.6f') if abs(x) < 1e30 else '', x.hex())
for t in ('1', ' 1.5 ', '-1e5', '1_0.0_1', 'inf', '-Infinity', 'nan', '.5', '5.', '1e400', '1e-400', '0x10', '',
        'abc', '1__0', '1e', 'infi', '١.٥', '\u20031\u2003'):
    try:
        print(repr(t), float(t))
    except ValueError as e:
        print(e)
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234.5678, -2), round(1e300, 2), round(0.5),
        round(1.5, 0), round(5e-324, 400), round(-0.4), type(round(1.0)), type(round(1.0, 1)))
for bad in ('round(float("nan"))', 'round(float("inf"))', 'int(float("inf"))', '1.0 / 0', '1.0 // 0', '1.0 % 0',
        '0.0 ** -1', '(-8.0) ** (1/3)', '10.0 ** 400', 'float("x")', 'float(None)', 'float([])',
            '1.5 << 1', '1.5 & 1', '[1][1.0]', 'range(1.0)', '"a" * 1.0', 'math.sqrt(-1)', 'math.log(0)',
            'math.exp(1000)', 'float.fromhex("zz")', '1.0 < "a"', '1.0 + "a"', '-"a"', '1j < 2j', 'int(1j)', 'float(1j)',
            'complex("1 + 2j")', 'complex("x")', 'complex("1", 2)', 'complex(1, "2")', '1j // 1', '1j % 1',
            'divmod(1j, 1)', '1j / 0', '0j ** -1', 'round(1j)', 'hash([1.0])', '"%d" % 1.5j', '"%d" % float("nan")'):
    try:
        print(bad, '=', eval(bad))
    except Exception as e:
        print(bad, '->', type(e).__name__, e)
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 2.0 ** 0.5, (-8) ** 3.0, 0.0 ** 0,
        1e308 * 10, -1e308 * 10, 3 / 2, 2 ** 0.5)
nan, inf = float('nan'), float('inf')
print(nan == nan, nan != nan, nan < 1, inf == inf, inf > 10 ** 400, -inf < -10 ** 400, 0.0 == -0.0,
        math.copysign(1, -0.0), inf - inf, 1e300 == 10 ** 300, 2 ** 53 == 2.0 ** 53, 2 ** 53 + 1 == 2.0 ** 53)
print((2.5).is_integer(), (2.0).is_integer(), (0.75).as_integer_ratio(), (-0.1).as_integer_ratio(), (3.7).__trunc__(),
        (3.7).__floor__(), (3.2).__ceil__(), (1.5).real, (1.5).imag, (1.5).conjugate())
print(float.fromhex('0x1.8p3'), float.fromhex('-0x.1p-4'), float.fromhex('inf'), (0.1).hex(), float.fromhex((0.1).hex()) == 0.1)
print(hash(1.0), hash(0.5), hash(-0.0), hash(inf), hash(-inf), hash(1e300), hash(0.1),
        hash(2.0 ** 70) == hash(2 ** 70), hash(1.5))
for spec in ('', '5', '<8', '^8', '>8', '+', ' ', '08', '.0f', '.3f', '10.2f', ',.2f', '_', 'e', '.2e', 'E', 'g',
        '.3g', 'G', 'n', '%', '.1%', '#.0f', '#g', '010.3f', '*^12.1f', '+.2e', 'z.1f'):
    print(spec, '|', format(1234.5678, spec), '|', format(-0.04, spec), '|', format(1e20, spec), '|', format(inf, spec))
print(math.floor(2.7), math.ceil(-2.7), math.trunc(-2.7), math.fsum([0.1] * 10), sum([0.1] * 10), math.modf(-2.5),
        math.frexp(8.0), math.ldexp(0.5, 4), math.fmod(-7, 3), math.hypot(3, 4), math.dist([0, 0], [3, 4]))
print(math.isclose(0.1 + 0.2, 0.3), math.isnan(nan), math.isinf(inf), math.isfinite(1.0), math.pi, math.e, math.tau,
        math.log2(8), math.log10(1000), math.log(8, 2), math.cbrt(27), math.exp2(3), math.nextafter(1.0, 2.0), math.ulp(1.0))
print(math.sin(1), math.cos(1), math.tan(1), math.atan2(1, -1), math.degrees(math.pi), math.radians(180),
        math.sinh(1), math.gamma(5), math.erf(0.5), math.prod([1.5, 2, 3]), math.remainder(7, 4))

# complex
z = 3 + 4j
print(z, abs(z), z.real, z.imag, z.conjugate(), -z, z * z, z / (1 - 1j), z ** 2, z ** 0.5, z == 3 + 4j, z == 3,
        complex(5) == 5, bool(0j), 1j * 1j, 2j ** 2)
print(complex(), complex(1), complex(1, 2), complex('1+2j'), complex(' (3-4j) '), complex('j'), complex('-infj'),
        complex('nan'), complex(1j, 1j), complex(-0.0, -0.0), complex(1e20, 1.5))
print(repr(1j), repr(-0j), repr(complex(0, -1)), repr(complex(float('inf'), float('nan'))), str(1.5 + 0j), hash(1j),
        hash(1 + 0j) == hash(1), format(z, '.2f'), format(1.5 + 2.25j, '>20'), f'{z:e}')


class F(float):
    def __repr__(self): return 'F'


f = F(2.5)
print(f, f + 1, type(f + 1).__name__, f == 2.5, hash(f) == hash(2.5), [f], '%s' % f, f'{f}', f'{f!r}', float(f),
        type(float(f)).__name__)


class HasFloat:
    def __float__(self): return 1.5


class HasComplex:
    def __complex__(self): return 1j


class HasIndex:
    def __index__(self): return 3


print(float(HasFloat()), complex(HasFloat()), complex(HasComplex()), float(HasIndex()), complex(HasIndex()),
        math.sqrt(HasFloat()), round(2.567, HasIndex()))
import sys
print(sys.float_info.max, sys.float_info.epsilon, sys.float_info.dig, sys.float_info.mant_dig)
total = 0.0
for i in range(1, 1000):
    total += 1 / i - math.sin(i) * 0.001
print(total)
