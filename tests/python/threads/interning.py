# modes: gil=1,gil=0
# Threads intern the same names at once, more than the table has room for at first: each name is one object.
import sys
import threading

COUNT, THREADS = 12000, 4
found = [[] for _ in range(THREADS)]
barrier = threading.Barrier(THREADS)


def work(mine, first):
    barrier.wait()
    for i in range(COUNT):
        mine.append(sys.intern('name_%d' % ((i + first) % COUNT)))


threads = [threading.Thread(target=work, args=(found[k], 3 * k)) for k in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
known = {name: name for name in found[0]}
assert len(known) == COUNT
for mine in found:
    assert all(known[name] is name for name in mine)
assert all(sys.intern('name_%d' % i) is known['name_%d' % i] for i in range(COUNT))


class C:
    pass


for name in known:
    setattr(C, name[:3] + name[3:], name)
assert all(getattr(C, name) is name for name in known)
assert sum(name in known for name in vars(C)) == COUNT
print('ok')
