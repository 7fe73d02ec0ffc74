# sys._current_frames() has frames of threads that do nothing but wait, and of running ones; their stacks can be shown, also when
# collections come meanwhile.
# no-stress
# timeout: 120
import sys
import threading
import time
import traceback

go = threading.Event()
ready = threading.Barrier(5)


def waits_in(depth):
    if depth:
        return waits_in(depth - 1)
    ready.wait()
    go.wait()


threads = [threading.Thread(target=waits_in, args=(3,)) for _ in range(4)]
for t in threads:
    t.start()
ready.wait()
shown = {}
end = time.monotonic() + 30
while time.monotonic() < end:
    frames = sys._current_frames()
    shown = {t: [f.name for f in traceback.extract_stack(frames[t.ident])] for t in threads}
    if all(names[-1] == "wait" for names in shown.values()):
        break
for names in shown.values():
    print(len(frames), [n for n in names if n == "waits_in"], names[-1])
go.set()
for t in threads:
    t.join()


def recurses(depth):
    return recurses(depth - 1) if depth else [x for x in range(3)]


def works():
    while not stopped:
        recurses(5)
        sum(i for i in range(4))


stopped = False
threads = [threading.Thread(target=works) for _ in range(3)]
for t in threads:
    t.start()
seen = set()
end = time.monotonic() + 2
while time.monotonic() < end:
    for ident, frame in sys._current_frames().items():
        traceback.format_stack(frame)
        while frame:
            frame.f_lineno, frame.f_lasti, frame.f_locals
            seen.add(frame.f_code.co_name)
            frame = frame.f_back
stopped = True
for t in threads:
    t.join()
print("works" in seen, "recurses" in seen)
