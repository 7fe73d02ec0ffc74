# Rule 5: hashing lets go of the GIL from 2048 bytes on; results are the same on both sides of the threshold and in many threads.
import hashlib
from _tools import Hog, together

DATA = bytes(range(256)) * 64


def digest(sizes):
    h = hashlib.sha256()
    for n in sizes:
        h.update(DATA[:n])
    return h.hexdigest()


sizes = [0, 1, 2046, 2047, 2048, 2049, 5000, len(DATA)]
whole = hashlib.sha256(b''.join(DATA[:n] for n in sizes)).hexdigest()
with Hog(1):
    assert together(lambda i: digest(sizes), 4) == [whole] * 4

# One hash object shared by threads: every update goes in whole.
shared = hashlib.md5()
block = b'x' * 4096


def feed(i):
    for _ in range(50):
        shared.update(block)


together(feed, 4)
assert shared.hexdigest() == hashlib.md5(block * 200).hexdigest()
print(whole)
