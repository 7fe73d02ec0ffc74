# Variables of the module that functions assign.
import gc
import threading

count = 0
kept = None
names = []


def add(n):
    global count
    for i in range(n):
        count += 1
    return count


def keep(n):
    global kept
    for i in range(n):
        kept = [i, kept if i % 100 else None]
    return kept[0]


def keep_floats(n):
    global kept
    x = 0.5
    for i in range(n):
        x = x * 1.5 % 7
        kept = x
    return kept


def outer(n):
    def bump():
        global count
        count = count + 2

    for _ in range(n):
        bump()
    return count


def make(n):
    global fresh
    for i in range(n):
        fresh = i
        if i % 500 == 499:
            del fresh
    return "fresh" in globals()


def shadows(n):
    global len
    got = []
    for i in range(n):
        if i == n // 2:
            len = lambda x: -1
        got.append(len("ab"))
    del len
    return sum(got), len("abc")


print(add(3000), add(3000))
print(keep(5000))
gc.collect()
print(kept[0], kept[1][0])
print(round(keep_floats(3000), 9))
print(outer(3000))
print(make(3000), make(2750), fresh)
print(shadows(4000))

scope = {"total": 0}
exec("def f(n):\n    global total\n    for i in range(n):\n        total += i\n    return total\n", scope)
print(scope["f"](3000))
scope.clear()
scope["total"] = 5
exec("def f(n):\n    global total\n    for i in range(n):\n        total += i\n    return total\n", scope)
print(scope["f"](3000))
for k in range(100):
    scope["v%d" % k] = k
print(scope["f"](3000), globals()["count"])


def work(k):
    for i in range(3000):
        exec_add(k)


lock = threading.Lock()


def exec_add(k):
    global count
    with lock:
        count += k


threads = [threading.Thread(target=work, args=(k,)) for k in (1, 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(count)
