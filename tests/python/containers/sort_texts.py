# Texts in order: common beginnings of every length, zeros in them, one the beginning of the other, beyond ASCII.
import random

random.seed(8)
letters = ['', '\0', '\1', 'a', 'b', 'z', '~', '\x7f', '\x80', 'é', 'ÿ']
texts = [''.join(random.choice(letters) for _ in range(n)) for n in list(range(14)) * 30]
texts += [stem + end for stem in ('', 'abcdefg', 'abcdefgh', 'abcdefghi', 'x' * 40) for end in letters for _ in (1, 2)]
for sample in (texts, [t for t in texts if t.isascii()], texts + ['日', 'a日', 'abcdefgh日']):
    random.shuffle(sample)
    made = sorted(sample)
    assert made == sorted(sample, key=lambda t: [ord(c) for c in t])
    assert all(not made[i + 1] < made[i] for i in range(len(made) - 1))
    assert sorted(sample, reverse=True) == made[::-1]
    assert min(sample) == made[0] and max(sample) == made[-1]
print(sorted(['ab', 'ab\0', 'ab\1', 'a', '', '\0', 'ab\0\0']))
