# multiprocessing's locks among the threads of one process: the count and the owner are those of who holds the lock.
# timeout: 120
import multiprocessing
import threading

ROUNDS = 20000
for kind in multiprocessing.RLock, multiprocessing.Lock, lambda: multiprocessing.Semaphore(3):
    lock, errors, shared = kind(), [], [0]

    def work():
        try:
            for n in range(ROUNDS):
                with lock:
                    if kind is multiprocessing.RLock:
                        assert lock._semlock._is_mine() and lock._semlock._count() == 1
                        if n % 16 == 0:
                            with lock:
                                assert lock._semlock._count() == 2
                        shared[0] += 1
                    elif kind is multiprocessing.Lock:
                        shared[0] += 1
        except BaseException as e:
            errors.append(e)
            raise
    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors
    assert lock._semlock._count() == 0, lock._semlock._count()
    assert not lock._semlock._is_mine()
    print(shared)
