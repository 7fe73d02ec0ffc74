# heapq's functions on a heap that several threads share: nothing is lost, given twice or out of order, and nothing is raised, for
# items that compare without Python code.
import datetime
import decimal
import heapq
import sys
import threading

sys.setswitchinterval(1e-5)
N = 1500
THREADS = 3


class Named:
    pass


thing = Named()
KINDS = {
    "int": lambda n: n,
    "big int": lambda n: 10**30 + n,
    "float": lambda n: n / 7,
    "str": lambda n: f"{n:06d}",
    "bytes": lambda n: b"%06d" % n,
    "tuple": lambda n: (n // 10, n, thing),
    "nested": lambda n: ((n // 10, "x"), n),
    "mixed": lambda n: n if n % 2 else float(n),
    "decimal": lambda n: decimal.Decimal(n),
    "date": lambda n: datetime.date.fromordinal(n + 1),
    "delta": lambda n: (datetime.timedelta(n), n),
}


def run(work):
    errors = []
    start = threading.Barrier(THREADS)

    def body(i):
        start.wait()
        try:
            work(i)
        except BaseException as error:
            errors.append(repr(error))

    threads = [threading.Thread(target=body, args=(i,)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors


def check(name, make):
    items = [make(n) for n in range(N * THREADS)]
    heap = []
    run(lambda i: [heapq.heappush(heap, item) for item in items[i::THREADS][::-1]])
    assert all(heap[(k - 1) // 2] <= heap[k] for k in range(1, len(heap))), name
    outs = [[] for _ in range(THREADS)]

    def mix(i):
        out = outs[i]
        for k in range(N // 2):
            item = heapq.heappop(heap)
            heapq.heappush(heap, item)
            out.append(heapq.heappop(heap))
            heapq.heappushpop(heap, out.pop())
            heapq.heapreplace(heap, heap[0])
        heapq.heapify(heap)

    run(mix)
    assert len(heap) == len(items) - THREADS * (N // 2), (name, len(heap))
    assert all(heap[(k - 1) // 2] <= heap[k] for k in range(1, len(heap))), name
    heap[:] = items
    heapq.heapify(heap)

    def drain(i):
        try:
            while True:
                outs[i].append(heapq.heappop(heap))
        except IndexError:
            pass

    outs = [[] for _ in range(THREADS)]
    run(drain)
    assert all(out == sorted(out) for out in outs), name
    assert sorted(sum(outs, [])) == sorted(items), name


for name, make in KINDS.items():
    check(name, make)
print("ok")
