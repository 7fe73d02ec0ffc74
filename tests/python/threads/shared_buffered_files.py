# A buffered file that several threads read: no byte is given twice or lost, and lines come out whole, whatever the GIL's mode. (CPython
# tears a line at times, where readline() waits for another thread's.)
# baton-only
import os
import sys
import tempfile
import threading

sys.setswitchinterval(1e-5)
THREADS, LINES = 4, 20000
expected = [b"%06d\n" % n for n in range(LINES)]
with tempfile.NamedTemporaryFile(delete=False) as made:
    made.write(b"".join(expected))


def by_read(f):
    return list(iter(lambda: f.read(7), b""))


def by_readline(f):
    return list(iter(f.readline, b""))


def by_loop(f):
    return list(f)


def by_readinto(f):
    out, buffer = [], bytearray(7)
    while n := f.readinto(buffer):
        out.append(bytes(buffer[:n]))
    return out


for read in (by_read, by_readline, by_loop, by_readinto):
    for repetition in range(3):
        results = []
        with open(made.name, "rb") as f:
            threads = [threading.Thread(target=lambda: results.append(read(f))) for _ in range(THREADS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sorted(sum(results, [])) == expected, (read.__name__, len(sum(results, [])))
os.unlink(made.name)

# Nothing is asked for: nothing is lost.
with tempfile.TemporaryFile() as f:
    f.write(b"abcdef")
    f.seek(0)
    assert f.read(1) == b"a" and f.readinto(bytearray()) == 0 and f.readline(0) == b"" and f.read1(0) == b""
    assert f.seek(1, 1) == 2 and f.read(2) == b"cd" and f.seek(1) == 1 and f.read() == b"bcdef"
print("whole")  # expect: whole
