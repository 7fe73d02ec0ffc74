# Several threads use a pattern for the first few times at once: it is analysed in the middle of that.
import re
import threading

WORDS = "alpha beta1 gamma-2 delta_3 é日 42 x=1;y=2 " * 3
failures = []


def work(barrier, pattern, expected):
    barrier.wait()
    for _ in range(12):
        found = [m.regs for m in pattern.finditer(WORDS)]
        if found != expected or pattern.sub("<>", "a1 b2") != pattern.sub("<>", "a1 b2"):
            failures.append((pattern.pattern, found))


for i in range(60):
    source = r"(?P<n>\d+)|(?P<w>[^\W\d]\w*)|(?P<o>[=;-]{1,%d})|(?:q%d)+" % (i + 1, i)
    re.purge()
    expected = [m.regs for m in re.compile(source).finditer(WORDS)]
    re.purge()
    pattern = re.compile(source)
    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=work, args=(barrier, pattern, expected)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(len(failures), failures[:1], len(expected))
