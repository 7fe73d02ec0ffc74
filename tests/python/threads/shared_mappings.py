# Threads that share a memory mapping: each read and write is one step, and whoever comes too late after close() or resize() is told.
import mmap
import tempfile
import threading

from _together import together

ROUNDS = 3000


# the position: what is read by one isn't read by another
mapping = mmap.mmap(-1, 8 * ROUNDS)
for i in range(ROUNDS):
    mapping.write(b'%07d\n' % i)
mapping.seek(0)
seen = [[], [], []]


def read_lines(into):
    while line := mapping.readline():
        into.append(int(line))


together(*[lambda into=into: read_lines(into) for into in seen])
print(sorted(n for part in seen for n in part) == list(range(ROUNDS)), all(part == sorted(part) for part in seen))
mapping.seek(0)
together(*[lambda c=c: [mapping.write(c * 7 + b'\n') for _ in range(ROUNDS // 3)] for c in (b'a', b'b', b'c')])
mapping.seek(0)
lines = [mapping.read(8) for _ in range(ROUNDS)]
print(sorted(set(lines)), [lines.count(c) for c in sorted(set(lines))])

# close() and resize() beside readers and writers
kinds = set()


def use(mapping, function):
    try:
        while True:
            function(mapping)
    except (ValueError, IndexError) as error:
        kinds.add(str(error))


def close_soon(mapping):
    for _ in range(50):
        mapping[0:2]
    mapping.close()


for _ in range(60):
    mapping = mmap.mmap(-1, 4 * mmap.PAGESIZE)
    together(lambda: use(mapping, lambda m: m[-1]), lambda: use(mapping, lambda m: m.find(b'x')), lambda: close_soon(mapping))
with tempfile.TemporaryFile() as file:
    file.truncate(4 * mmap.PAGESIZE)
    mapping = mmap.mmap(file.fileno(), 0)
    stop = threading.Event()

    def resize():
        for i in range(200):
            mapping.resize((1 + i % 4) * mmap.PAGESIZE)
        stop.set()

    def touch():
        while not stop.is_set():
            mapping[:mmap.PAGESIZE] = b'y' * mmap.PAGESIZE
            mapping[5], mapping.find(b'z'), mapping.flush()
            try:
                mapping[3 * mmap.PAGESIZE]
            except IndexError:
                pass
    together(resize, touch, touch)
    print(len(mapping) == 4 * mmap.PAGESIZE)
    mapping.close()
print(sorted(kinds))
