# A defaultdict whose factory is a built-in type makes one value a key, whoever asks first, whatever the GIL's mode.
import collections
import sys
import threading

sys.setswitchinterval(1e-5)
THREADS, N = 4, 10000
for factory, add in ((list, list.append), (set, set.add), (collections.deque, collections.deque.append)):
    shared = collections.defaultdict(factory)
    start = threading.Barrier(THREADS)

    def work(i):
        start.wait()
        for n in range(N):
            add(shared[n], (i, n))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(len, shared.values())) == THREADS * N, (factory, sum(map(len, shared.values())))
print("one each")
