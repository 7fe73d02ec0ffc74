# An executor that was a global variable, and is dropped: its threads end, although compiled code has looked it up in a table of
# names that the module has outgrown since.
# timeout: 120
import concurrent.futures


def submit(n):
    return pool.submit(abs, n)


pool = concurrent.futures.ThreadPoolExecutor(2)
results = [submit(n).result() for n in range(-10, 10)]
threads = list(pool._threads)
for i in range(3000):
    globals()["name%d" % i] = i
pool = None
for t in threads:
    t.join()
print(results)
