"""A thread that answers small messages beside CPU-bound threads: how long it waits at worst.

As conc_convoy's "delayed" row, with four hogs: a forked peer answers 0.2 ms after each request, so every receive
blocks and the thread must win the GIL back.  Reported: percentiles of a round trip alone and beside the hogs, what
of its own time the hogs keep, and the longest wait of all.  `argv[1]` is the number of requests beside the hogs (5000),
`argv[2]` that of hogs (4): `100000 1` is the long watch for a single overlong wait.
"""
import os
import socket
import sys
import threading
from time import perf_counter, sleep
from benchlib import report, percentile

HOGS = int(sys.argv[2]) if len(sys.argv) > 2 else 4
STOP = False


def hog(counts):
    x = 1
    n = 0
    while not STOP:
        for i in range(200):
            x = (x * 31 + i) & 0xFFFFFF
        n += 1
    counts.append(n)


def peer():
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    pid = os.fork()
    if pid == 0:
        try:
            a.close()
            while True:
                data = b.recv(64)
                if data == b"quit":
                    os._exit(0)
                sleep(0.0002)
                b.send(data)
        finally:
            os._exit(1)
    b.close()
    return a, pid


def ping(sock, count):
    times = []
    for _ in range(count):
        t0 = perf_counter()
        sock.send(b"ping")
        sock.recv(64)
        times.append(perf_counter() - t0)
    return times


def with_hogs(fn):
    global STOP
    STOP = False
    counts = []
    threads = [threading.Thread(target=hog, args=(counts,)) for _ in range(HOGS)]
    for t in threads:
        t.start()
    sleep(0.1)
    t0 = perf_counter()
    result = fn()
    spent = perf_counter() - t0
    STOP = True
    for t in threads:
        t.join()
    return result, sum(counts) / (spent + 0.1)


def main():
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    sock, pid = peer()
    ping(sock, 200)
    alone = ping(sock, 1000)
    _, free_rate = with_hogs(lambda: sleep(0.7))
    busy, rate = with_hogs(lambda: ping(sock, requests))
    sock.send(b"quit")
    os.waitpid(pid, 0)
    out = []
    for name, times in (("alone", alone), ("hogs", busy)):
        out.append((name + "_p50", percentile(times, 50) * 1e6, "us", "lower"))
        out.append((name + "_p99", percentile(times, 99) * 1e6, "us", "lower"))
    out.append(("hogs_p99.9", percentile(busy, 99.9) * 1e6, "us", "lower"))
    out.append(("hogs_longest", max(busy) * 1e6, "us", "lower"))
    out.append(("hogs_rate", len(busy) / sum(busy), "1/s", "higher"))
    out.append(("hogs_keep", 100.0 * rate / free_rate, "%", "higher"))
    report("conc_convoy4", out)


if __name__ == "__main__":
    main()
