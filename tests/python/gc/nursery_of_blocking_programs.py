# baton-only
# modes: gil=1
# A program that blocks every few allocations collects in steps that leave the caches to others; one that computes doesn't.
import gc
import os

r, w = os.pipe()


def exchange(n):
    for i in range(n):
        os.write(w, b'x' * 200)
        parts = [os.read(r, 50) for _ in range(4)]
        b''.join(parts).split(b'y')


def compute(n):
    for i in range(n):
        parts = [b'x' * (50 + i % 2) for _ in range(4)]
        b''.join(parts).split(b'y')


def collections(work, n):
    before = gc.get_stats()[0]['collections']
    work(n)
    return gc.get_stats()[0]['collections'] - before


gc.collect()
exchange(20000)
few = collections(exchange, 10000)
assert few >= 40, few  # 8 MB or so
compute(20000)
assert collections(compute, 10000) * 4 < few, few
