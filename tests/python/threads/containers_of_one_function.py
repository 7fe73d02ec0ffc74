# A function's own lists, dicts and sets, which no other thread knows: until it is handed out, in one way or another, or somebody
# looks into the frame or lists the heap. From then on both threads' changes count.
import gc
import sys
import threading
import time

N = 60000


def in_threads(*works):
    threads = [threading.Thread(target=work) for work in works]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


# Nobody else knows them.
def own(results, k):
    table = {}
    items = []
    members = set()
    for i in range(N):
        table[i % 777] = i + k
        items.append(i * k)
        members.add(i % 1000)
        items[i] += 1
    results[k] = len(table), sum(table.values()), len(items), sum(items), len(members)


results = {}
in_threads(lambda: own(results, 1), lambda: own(results, 2))
print(sorted(results.items()))


# The other side of each of the following: it changes what it has got while the function goes on with it.
class Guest:
    def __init__(self):
        self.done = False
        self.added = 0

    def change(self, items, table):
        if items is not None:
            items.append(-1)
        if table is not None:
            table['guest %d' % self.added] = self.added
        self.added += 1


def check(name, guest, items, table, count):
    own_items = [x for x in items if x != -1]
    good = own_items == list(range(count)) and len(items) - count == guest.added
    good &= all(table.get('guest %d' % i) == i for i in range(guest.added))
    good &= len(table) == guest.added + 64
    print(name, good and guest.added > 0 or (len(items), len(own_items), len(table), guest.added))


def host(guest, ready):
    items = []
    table = {}
    count = 0
    ready.append(threading.get_ident())
    while guest.added < 40 and count < 100 * N:
        items.append(count)
        table[count & 63] = count
        count += 1
    guest.done = True
    check(host.title, guest, items, table, count)


def look_into_frame(guest, ready):
    while not ready:
        time.sleep(0.001)
    while not guest.done and guest.added < 40:
        frame = sys._current_frames().get(ready[0])
        while frame and frame.f_code is not host.__code__:
            frame = frame.f_back
        if frame:
            found = frame.f_locals
            if 'items' in found and 'table' in found:
                guest.change(found['items'], found['table'])
        time.sleep(0.0005)


host.title = 'looked into'
guest, ready = Guest(), []
in_threads(lambda: host(guest, ready), lambda: look_into_frame(guest, ready))


# Its lists and dicts are found among all objects.
class Marker:
    pass


MARKER = Marker()


def marked(guest, ready):
    items = [MARKER]
    table = {MARKER: MARKER}
    count = 0
    ready.append(True)
    while guest.added < 5 and count < 100 * N:
        items.append(count)
        table[count & 63] = count
        count += 1
    guest.done = True
    del items[0], table[MARKER]
    check('listed', guest, items, table, count)


def list_objects(guest, ready):
    while not ready:
        time.sleep(0.001)
    while not guest.done and guest.added < 5:
        items = table = None
        for found in gc.get_objects():
            if type(found) is list and len(found) > 1 and found[0] is MARKER:
                items = found
            elif type(found) is dict and len(found) > 1 and MARKER in found:
                table = found
        if items is not None and table is not None:
            guest.change(items, table)
        found = None


guest, ready = Guest(), []
in_threads(lambda: marked(guest, ready), lambda: list_objects(guest, ready))


# Handed out in the middle of a loop. The loops are written out, as each function has to show its own way.
class Holder:
    items = table = None


def hand_out(guest, take):
    items = []
    table = {}
    count = 0
    while guest.added < 2000 and count < 100 * N:
        items.append(count)
        table[count & 63] = count
        count += 1
        if count == 5000:
            take(items, table)
    guest.done = True
    check('handed out', guest, items, table, count)


def assign(guest, holder):
    items = []
    table = {}
    count = 0
    while guest.added < 2000 and count < 100 * N:
        items.append(count)
        table[count & 63] = count
        count += 1
        if count == 5000:
            holder.table = table
            holder.items = items
    guest.done = True
    check('assigned', guest, items, table, count)


def captured(guest, holder):
    items = []
    table = {}
    count = 0

    def take():
        holder.table = table
        holder.items = items
    while guest.added < 2000 and count < 100 * N:
        items.append(count)
        table[count & 63] = count
        count += 1
        if count == 5000:
            take()
    guest.done = True
    check('captured', guest, items, table, count)


def by_exception(guest, holder):
    items = []
    table = {}
    count = 0
    try:
        while count < 5000:
            items.append(count)
            table[count & 63] = count
            count += 1
        raise KeyError(items, table)
    except KeyError as e:
        holder.items, holder.table = e.args
    while guest.added < 2000 and count < 100 * N:
        items.append(count)
        table[count & 63] = count
        count += 1
    guest.done = True
    check('raised', guest, items, table, count)


def generated(guest, holder):
    def steps():
        items = []
        table = {}
        count = 0
        while guest.added < 2000 and count < 100 * N:
            items.append(count)
            table[count & 63] = count
            count += 1
            if count == 5000:
                yield items, table
        guest.done = True
        check('yielded', guest, items, table, count)
    for items, table in steps():
        holder.table = table
        holder.items = items


def use(guest, holder):
    while not guest.done and guest.added < 2000:
        if holder.items is not None:
            guest.change(holder.items, holder.table)
        else:
            time.sleep(0.0005)


def take(holder):
    def set_both(items, table):
        holder.table = table
        holder.items = items
    return set_both


for work in (lambda guest, holder: hand_out(guest, take(holder)), assign, captured, by_exception, generated):
    guest, holder = Guest(), Holder()
    in_threads(lambda: work(guest, holder), lambda: use(guest, holder))
# expect: [(1, (777, 46318524, 60000, 1800030000, 1000)), (2, (777, 46319301, 60000, 3600000000, 1000))]
# expect: looked into True
# expect: listed True
# expect: handed out True
# expect: assigned True
# expect: captured True
# expect: raised True
# expect: yielded True
