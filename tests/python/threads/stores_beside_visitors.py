# One thread computes and stores; others wake up now and then, change the same objects' layout under it, and sleep again. No store is
# lost, whichever way objects are locked meanwhile.
# timeout: 120
import threading
import time

ROUNDS, STORES = 40, 1500
number = 0
stop = threading.Event()
lost, found = [], []


class Thing:
    pass


def visitor(me):
    """Grows, shrinks and rebuilds what the others store into, at its own places only."""
    mine, visits = [], 0
    while not stop.is_set():
        for i in range(30):
            setattr(thing, 'visitor%d_%d' % (me, i % 7), i)
            fresh = things[visits % len(things)]
            setattr(fresh, 'visitor%d' % me, i)
            if i % 10 == 9:
                vars(fresh)['also%d' % me] = i
                delattr(fresh, 'visitor%d' % me)
            items.append(None)
            table[me, visits, i] = i
            globals()['visitor_%d_%d' % (me, i)] = i
            if i % 3 == 2:
                del table[me, visits, i]
                del globals()['visitor_%d_%d' % (me, i)]
                items.pop()
        common.append((me, visits))
        mine.append((me, visits))
        visits += 1
        time.sleep(0.001)
    found.append(mine)


thing, things, items, table, common = Thing(), [Thing() for _ in range(ROUNDS)], [0] * 4, {'k': 0}, []
visitors = [threading.Thread(target=visitor, args=(i,)) for i in range(2)]


def compute():
    global number
    mine = []
    for round in range(ROUNDS):
        fresh = things[round]
        for n in range(STORES):
            thing.value = n
            fresh.value = n
            items[1] = n
            table['k'] = n
            number = n
            if (thing.value, fresh.value, items[1], table['k'], number) != (n, n, n, n, n):
                lost.append((n, thing.value, fresh.value, items[1], table['k'], number))
        common.append(('computing', round))
        mine.append(('computing', round))
        time.sleep(0)
    found.append(mine)


worker = threading.Thread(target=compute)
for t in visitors + [worker]:
    t.start()
worker.join()
stop.set()
for t in visitors:
    t.join()
print('lost:', lost[:5])
print(sorted(common, key=str) == sorted(sum(found, []), key=str))
print([[x for x in common if x[0] == mine[0][0]] == mine for mine in found])
