"""Forked workers that read what their parent has: a child's cost beside a big heap, and the memory of all of them together."""
import gc
import multiprocessing
import os
import sys
import time
from benchlib import report

WORKERS = 8
data = []


def build(megabytes):
    """Fill `data` until the process has that much memory; its length."""
    i = 0
    while resident() < megabytes:
        for _ in range(20000):
            data.append([i, str(i)])
            i += 1
    return i


def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def pss(pid):
    with open("/proc/%d/smaps_rollup" % pid) as f:
        for line in f:
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0


def walk(part=None):
    total = 0
    for number, text in data:
        total += number + len(text)
    return total


def collect(part=None):
    gc.collect()


def nothing(part=None):
    pass


def fork_time(work, n):
    """The least of n: the processor's time of parent and child, and the time that fork() itself takes, in ms."""
    spent = forked = 1e9
    for _ in range(n):
        before, t0 = os.times(), time.perf_counter()
        pid = os.fork()
        if pid == 0:
            work()
            os._exit(0)
        forked = min(forked, time.perf_counter() - t0)
        os.waitpid(pid, 0)
        after = os.times()
        spent = min(spent, sum(after[:4]) - sum(before[:4]))
    return spent * 1e3, forked * 1e3


def walk_and_wait(barrier):
    walk()
    barrier.wait()  # all have walked
    barrier.wait()  # their memory was looked at


def pool_memory():
    """Megabytes of the parent and its workers together, a shared page counted once, after each worker has walked."""
    ctx = multiprocessing.get_context("fork")
    barrier = ctx.Barrier(WORKERS + 1)
    workers = [ctx.Process(target=walk_and_wait, args=(barrier,)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    barrier.wait()
    total = pss(os.getpid()) + sum(pss(worker.pid) for worker in workers)
    barrier.wait()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise AssertionError("worker failed")
    return total


def main():
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    build(megabytes)
    gc.collect()
    alone = pss(os.getpid())
    _, forked = fork_time(nothing, 10)
    walking, _ = fork_time(walk, 3)
    collecting, _ = fork_time(collect, 3)
    report("conc_fork", [
        ("memory_of_%d_walking_workers" % WORKERS, pool_memory() - alone, "MB", "lower"),
        ("fork_big_heap", forked, "ms", "lower"),
        ("child_walks_cpu", walking, "ms", "lower"),
        ("child_collects_cpu", collecting, "ms", "lower"),
    ])


if __name__ == "__main__":
    main()
