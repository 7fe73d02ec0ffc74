# tracemalloc: where living memory comes from. Sizes of objects are the interpreter's own business; bytes objects have CPython's.
# no-stress
import gc
import subprocess
import sys
import tracemalloc

print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_traceback_limit())
for bad in (0, -1, 2 ** 20):
    try:
        tracemalloc.start(bad)
    except ValueError as e:
        print(e)

tracemalloc.start(5)
tracemalloc.start(1)  # already on: nothing changes
print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())


def make(n):
    return b"x" * n


def keep(n):
    return make(n)


data = [keep(100_000) for _ in range(10)]
trace = tracemalloc.get_object_traceback(data[0])
code = make.__code__.co_firstlineno
print(trace[-1].lineno - code, trace[-1].filename == __file__)
size, peak = tracemalloc.get_traced_memory()
assert 1_000_000 < size <= peak
snapshot = tracemalloc.take_snapshot()
mine = [s for s in snapshot.statistics("lineno") if s.traceback[0].filename == __file__ and s.size >= 100_000]
print([(s.count, s.size - 10 * sys.getsizeof(data[0])) for s in mine if s.traceback[0].lineno == code + 1])
data = None
gc.collect()
after, peak = tracemalloc.get_traced_memory()
assert after < size - 800_000 and peak >= size, (after, size, peak)
tracemalloc.reset_peak()
assert tracemalloc.get_traced_memory()[1] < peak
diff = tracemalloc.take_snapshot().compare_to(snapshot, "lineno")
print([d.size_diff < -800_000 for d in diff if d.traceback[0].lineno == code + 1 and d.traceback[0].filename == __file__])
early = keep(10)
tracemalloc.clear_traces()
print(tracemalloc.get_object_traceback(early), tracemalloc.get_object_traceback(5))
assert tracemalloc.get_tracemalloc_memory() >= 0
tracemalloc.stop()
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_object_traceback(keep(5)))
try:
    tracemalloc.take_snapshot()
except RuntimeError as e:
    print(e)


def run(*args, **env):
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, env=env)
    lines = done.stderr.splitlines()
    return done.returncode, done.stdout.strip(), lines[0] if lines else ""


show = "import tracemalloc as t; print(t.is_tracing(), t.get_traceback_limit())"
print(run("-X", "tracemalloc", "-c", show), run("-X", "tracemalloc=7", "-c", show))
print(run("-c", show, PYTHONTRACEMALLOC="3"), run("-c", show, PYTHONTRACEMALLOC="0"), run("-E", "-c", show, PYTHONTRACEMALLOC="3"))
print(run("-X", "tracemalloc=-1", "-c", show), run("-c", show, PYTHONTRACEMALLOC="x"))
warn = "import warnings; warnings.simplefilter('always')\nopen('/dev/null')\nimport gc; gc.collect()"
done = subprocess.run([sys.executable, "-X", "tracemalloc", "-c", warn], capture_output=True, text=True)
print("Object allocated at" in done.stderr, "ResourceWarning: unclosed file" in done.stderr)
