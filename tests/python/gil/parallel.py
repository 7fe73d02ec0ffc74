# Without the GIL, CPU-bound threads use several processors at once: about as well as two processes do at the same time.
# baton-only
# alone
# modes: gil=0
import os
import time
from _tools import in_a_quiet_moment, together


def work(i):
    total = 0
    for n in range(3000000):
        total += n & i
    return total


def by_processes():
    began = time.perf_counter()
    pids = []
    for i in (1, 2):
        pid = os.fork()
        if pid == 0:
            work(i)
            os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)
    return time.perf_counter() - began


def by_threads():
    began = time.perf_counter()
    together(lambda i: work(i + 1), 2)
    return time.perf_counter() - began


def check():
    processes = min(by_processes() for _ in range(2))
    threads = min(by_threads() for _ in range(2))
    assert threads < 1.35 * processes, 'two threads %.2f s, two processes %.2f s' % (threads, processes)


if len(os.sched_getaffinity(0)) > 1:
    work(0)
    in_a_quiet_moment(check)
