# baton-only
# -X timeline=FILE: every thread of every process, killed ones too, as one JSON file in the Trace Event format.
import collections
import json
import os
import subprocess
import sys
import textwrap

PROGRAM = """
import asyncio, gc, multiprocessing, os, signal, threading, time

def compute(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(100))

def child():
    compute(0.02)
    time.sleep(0.02)

def victim():
    time.sleep(0.03)
    compute(0.03)
    os.kill(os.getpid(), signal.SIGKILL)

async def wait(n):
    for _ in range(n):
        await asyncio.sleep(0.005)

async def tasks():
    await asyncio.gather(asyncio.create_task(wait(3), name='first "quoted"'), wait(2))

if __name__ == "__main__":
    threads = [threading.Thread(target=compute, args=(0.06,), name=f"hog {i}") for i in range(2)]
    for t in threads: t.start()
    lock = threading.Lock(); lock.acquire()
    lock.acquire(timeout=0.03)
    for t in threads: t.join()
    gc.collect()
    asyncio.run(tasks())
    for context, target in (("fork", child), ("spawn", child), ("fork", victim)):
        p = multiprocessing.get_context(context).Process(target=target)
        p.start()
        p.join()
"""
with open("program.py", "w") as f:
    f.write(textwrap.dedent(PROGRAM))
os.mkdir("shared")
os.environ["TMPDIR"] = os.path.abspath("shared")
flags = ["-X", "gil=1"] if sys._is_gil_enabled() else ["-X", "gil=0"]
done = subprocess.run([sys.executable, *flags, "-X", "timeline=out.json", "program.py"], capture_output=True, text=True)
print([done.returncode, done.stdout, done.stderr])  # expect: [0, '', '']
with open("out.json") as f:
    trace = json.load(f)
events = trace["traceEvents"]
names = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["ph"] == "M" and e["name"] == "thread_name"}
processes = {e["pid"]: e["args"]["name"] for e in events if e["ph"] == "M" and e["name"] == "process_name"}
slices = [e for e in events if e["ph"] == "X"]
first = next(pid for (pid, _), name in names.items() if name == "hog 0")
# The program, a child by fork, one by spawn, one that was killed; and the tracker of spawn's resources.
print(len(processes), sorted(set(processes.values())))  # expect: 5 ['-c', 'program.py']
print(sorted(set(names.values()) & {"MainThread", "hog 0", "hog 1", "MainThread: tasks"}))
# expect: ['MainThread', 'MainThread: tasks', 'hog 0', 'hog 1']

spent = collections.Counter()
for e in slices:
    spent[e["pid"] == first, names[e["pid"], e["tid"]], e["name"]] += e["dur"] / 1e3
hogs = [spent[True, f"hog {i}", "running"] for i in range(2)]
print("hogs ran", sum(hogs) > 20, "and waited for the GIL",
      not sys._is_gil_enabled() or spent[True, "hog 0", "waiting for the GIL"] > 5)  # expect: hogs ran True and waited for the GIL True
print("the lock", spent[True, "MainThread", "blocked: lock"] > 25)  # expect: the lock True
print("children slept", spent[False, "MainThread", "blocked: sleep"] > 60)  # expect: children slept True
steps = [e["name"] for e in slices if e.get("cat") == "asyncio"]
print(steps.count('first "quoted": wait'), steps.count("Task-1: tasks"), steps.count("Task-2: wait") + steps.count("Task-3: wait"))
# expect: 4 2 3
print("collected", any(e["name"] == "collection: full" and e["pid"] == first for e in slices))  # expect: collected True
places = [e["args"]["at"] for e in slices if e["name"] == "blocked: lock" and e["pid"] == first and e["dur"] > 25000]
print("where", any(place.endswith("program.py:29 <module>") for place in places))  # expect: where True

# On one thread, intervals follow one another and don't overlap.
by_thread = collections.defaultdict(list)
for e in slices:
    if e.get("cat") == "thread":
        by_thread[e["pid"], e["tid"]].append((e["ts"], e["ts"] + e["dur"]))
overlaps = 0
for intervals in by_thread.values():
    intervals.sort()
    overlaps += sum(b[0] < a[1] - 0.01 for a, b in zip(intervals, intervals[1:]))
print("overlaps", overlaps)  # expect: overlaps 0
print(os.listdir("shared"))  # expect: []

bad = subprocess.run([sys.executable, "-X", "timeline=missing/out.json", "-c", "print(1)"], capture_output=True, text=True)
print(bad.returncode, bad.stdout.strip(), bad.stderr.strip())
# expect: 0 1 baton: -X timeline: can't write missing/out.json: No such file or directory
