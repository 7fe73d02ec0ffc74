"""Floats with a fixed number of places, and round(): exact, ties to even, at the limits of what short ways can take."""
import random

R = random.Random(7)
values = [0.0, -0.0, 0.5, 1.5, 2.5, 0.125, 0.375, 2.675, 1.005, 0.045, 1e15, 2.0 ** 52 - 0.5, 2.0 ** 52, 2.0 ** 53 + 2, 4503599627370495.5,
          9007199254740993.0, 1e16, 123456789012345.67, 1e22, 1e300, 5e-324, 2.2250738585072014e-308, 1e-5, 4.9999999999999994e-3,
          0.005, 0.0049999999999999999, 0.99999, 0.999999999999999, 9.995, 99.995, 999999999.9999999, 18446744073709551615.0,
          18446744073709.551, 184467440737095.51, float('inf'), float('-inf'), float('nan')]
values += [R.uniform(-1000, 1000) for _ in range(300)]
values += [R.randrange(-10 ** 9, 10 ** 9) / 2 ** R.randrange(40) for _ in range(300)]
values += [R.random() * 10.0 ** R.randrange(-20, 25) for _ in range(300)]
values += [R.randrange(10 ** 6) / 8 for _ in range(100)]
digest = 0
for x in values:
    for places in 0, 1, 2, 3, 6, 9, 15, 16, 17, 18, 25:
        texts = ['%.*f' % (places, x), format(x, '.%df' % places), f'{x:+010.{places}f}', f'{x:,.{places}f}', f'{x:.{places}%}',
                 f'{x:#.{places}f}', f'{x:z.{places}f}', f'{x:.{places}F}']
        try:
            texts.append(repr(round(x, places)))
        except (OverflowError, ValueError) as e:
            texts.append(str(e))
        for c in ' '.join(texts):
            digest = (digest * 131 + ord(c)) % ((1 << 61) - 1)
    if x in values[:37]:
        print(x, '%.2f %.1f %.0f' % (x, x, x), round(x, 2), f'{x:.17f}', f'{x:.3%}')
print(digest)
print([round(x / 1000, 2) for x in range(-15, 1100, 55)], [round(x + 0.5, 0) for x in range(-4, 5)], [f'{x / 8:.2f}' for x in range(17)])
