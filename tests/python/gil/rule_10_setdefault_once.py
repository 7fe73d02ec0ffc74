# setdefault by several threads hands out one object for a key, and makes one entry, with and without the GIL.
import threading

THREADS, KEYS, ROUNDS = 4, 600, 40


def one_round():
    shared, got = {}, [{} for _ in range(THREADS)]
    together = threading.Barrier(THREADS)

    def work(i):
        together.wait()
        for n in range(KEYS):
            got[i][n] = shared.setdefault(n, [i])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return len(shared) == len(list(shared)) == KEYS and all(mine[n] is shared[n] for mine in got for n in range(KEYS))


print(all(one_round() for _ in range(ROUNDS)))
