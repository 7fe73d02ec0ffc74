# The Mersenne Twister's words for seeds of all lengths, over several refills of its state, and its state itself.
import random
import zlib

for seed in (0, 1, -1, 5, 2**31, 2**32 - 1, 2**32, 2**64 + 3, 7**300, 3**8000, "text", b"bytes", 1.5):
    r = random.Random(seed)
    first = [r.getrandbits(32) for _ in range(3)]
    total = 0
    for _ in range(2000):
        total = zlib.crc32(r.getrandbits(64).to_bytes(8, "little"), total)
    print(str(seed)[:20], first, total, r.random(), hash(r.getstate()[1]))
    r.seed(seed)
    print([r.getrandbits(32) for _ in range(3)] == first)

r = random.Random(3)
for _ in range(700):
    r.random()
state = r.getstate()
a = [r.random() for _ in range(700)]
r.setstate(state)
print(a == [r.random() for _ in range(700)], state[1][624], random.Random(3).sample(range(1000), 5))
