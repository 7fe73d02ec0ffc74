# cProfile on _lsprof, and the c_call events of sys.setprofile.
# no-stress
import cProfile
import sys


def leaf(n):
    return n + 1


def branch(n):
    if n:
        branch(n - 1)
    return [leaf(i) for i in range(n)], sorted([n]), "x".join(["a", "b"])


profiler = cProfile.Profile()
profiler.enable()
branch(3)
profiler.disable()


def label(code):
    return code if isinstance(code, str) else code.co_name


for entry in sorted(profiler.getstats(), key=lambda e: label(e.code)):
    calls = sorted((label(c.code), c.callcount, c.reccallcount) for c in entry.calls or ())
    print(label(entry.code), entry.callcount, entry.reccallcount, calls)
    assert entry.totaltime >= entry.inlinetime >= 0

# A timer that answers ticks.
ticks = iter(range(1000))
counted = cProfile.Profile(lambda: next(ticks), 0.5, subcalls=False, builtins=False)
counted.runcall(branch, 2)
for entry in sorted(counted.getstats(), key=lambda e: label(e.code)):
    if label(entry.code) in ("branch", "leaf"):
        print(label(entry.code), entry.totaltime, entry.inlinetime, entry.calls)
counted.clear()
print(counted.getstats())

events = []


def watch(frame, event, argument):
    events.append((event, frame.f_code.co_name, getattr(argument, "__name__", None)))


def subject():
    try:
        int.from_bytes([1000], "big")
    except ValueError:
        pass
    d = dict(a=1)
    d.update(b=2)
    list(map(leaf, [1]))
    "".join(*[["x"]])
    return d.get("b")


sys.setprofile(watch)
subject()
sys.setprofile(None)
for event in events:
    print(*event)
