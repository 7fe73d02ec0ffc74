"""Eight CPU-bound threads over three seconds: how evenly they share, and how long a turn lasts.

Shares are by the processor time that each thread used.  A turn ends when another thread is seen to run; the mean is
of those that lie between the first tenth of a second, while threads are being started, and the end.  Every thread also
keeps the longest time in which it did not run.
"""
import threading
from time import monotonic, thread_time
from benchlib import report

THREADS = 8
SECONDS = 3.0

runner = [None]
turns = []  # when each began
used = [0.0] * THREADS
longest = [0.0] * THREADS


def spin(me, stop):
    began = thread_time()
    x = 1
    last = monotonic()
    worst = 0.0
    while True:
        for i in range(20):
            x = (x * 31 + i) & 0xFFFFFF
        if runner[0] != me:
            runner[0] = me
            now = monotonic()
            turns.append(now)
            if now - last > worst:
                worst = now - last
            last = now
        else:
            last = monotonic()
        if last > stop:
            break
    used[me] = thread_time() - began
    longest[me] = worst


def main():
    began = monotonic()
    stop = began + SECONDS
    threads = [threading.Thread(target=spin, args=(i, stop)) for i in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    spent = monotonic() - began
    mean = sum(used) / THREADS
    steady = [t for t in turns if began + 0.1 < t < stop]
    if len(steady) < 2:
        raise AssertionError("the threads took no turns")
    report("conc_fairness", [
        ("share_most", 100 * max(used) / mean - 100, "% above mean", "lower"),
        ("share_least", 100 - 100 * min(used) / mean, "% below mean", "lower"),
        ("mean_turn", 1000 * (steady[-1] - steady[0]) / (len(steady) - 1), "ms", "lower"),
        ("longest_wait", 1000 * max(longest), "ms", "lower"),
        ("cpu_used", 100 * sum(used) / spent, "%", "higher"),
    ])


if __name__ == "__main__":
    main()
