# A program that waits for what a finaliser or a weak reference's callback sets going doesn't hang: executors that are dropped
# without shutdown(), with their threads joined; a lock that __del__ releases.
# timeout: 120
import concurrent.futures
import threading


class Releases:
    def __init__(self, lock):
        self.lock = lock

    def __del__(self):
        self.lock.release()


def dropped_executor():
    executor = concurrent.futures.ThreadPoolExecutor(3)
    results = executor.map(abs, range(-5, 5))
    return executor._threads, results


for _ in range(4):  # what happens to be left on a thread's stack differs
    threads, results = dropped_executor()
    for t in threads:
        t.join()
    print(list(results))


def drop(lock):
    Releases(lock)


lock = threading.Lock()
lock.acquire()
drop(lock)
print(lock.acquire(timeout=60))
