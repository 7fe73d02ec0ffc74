# Readers take no lock in either mode: lists, dicts, sets, deques, instances, globals and cells are read while others write to
# them. A reader sees a value that was there at some moment, or the exception that CPython would raise; never another object, never a
# crash. Each reader makes a thousand passes while writers run. The thread sanitizer's build runs this too.
# timeout: 120
# no-stress
import collections
import sys
import threading

PASSES = 1000
sys.setswitchinterval(1e-4)


class Box:
    pass


box = Box()
box.a = ('a', 0)
shared_list = [('l', i) for i in range(8)]
shared_dict = {i: ('d', i) for i in range(8)}
shared_set = set(range(8))
shared_deque = collections.deque(('q', i) for i in range(8))
shared_text = {'k%d' % i: ('t', i) for i in range(8)}
shared_global = ('g', 0)


def closure():
    cell = ('c', 0)

    def write(i):
        nonlocal cell
        cell = ('c', i)

    def read():
        return cell

    return read, write


read_cell, write_cell = closure()
stop = threading.Event()
problems = []


def expect(tag, value):
    if type(value) is not tuple or len(value) != 2 or value[0] != tag:
        problems.append((tag, repr(value)))


def write_list(i):
    shared_list.append(('l', i))
    shared_list[0] = ('l', -i)
    if len(shared_list) > 40:
        del shared_list[5:]
    shared_list.insert(2, ('l', i))
    shared_list.pop()


def write_dict(i):
    shared_dict[i % 50] = ('d', i)
    shared_dict.pop((i + 25) % 50, None)
    shared_text['k%d' % (i % 20)] = ('t', i)
    if i % 100 == 0:
        shared_dict.clear()
        shared_dict.update({j: ('d', j) for j in range(8)})


def write_set(i):
    shared_set.add(i % 60)
    shared_set.discard((i + 30) % 60)


def write_deque(i):
    shared_deque.append(('q', i))
    shared_deque.rotate(1)
    if len(shared_deque) > 30:
        shared_deque.popleft()


def write_box(i):
    global shared_global
    box.a = ('a', i)
    setattr(box, 'n%d' % (i % 12), ('a', i))
    if i % 3 == 0 and hasattr(box, 'n%d' % (i % 12)):
        try:
            delattr(box, 'n%d' % (i % 12))
        except AttributeError:
            pass
    shared_global = ('g', i)
    write_cell(i)


def read_list():
    for item in shared_list:
        expect('l', item)
    expect('l', shared_list[0])
    try:
        expect('l', shared_list[7])
    except IndexError:
        pass
    for item in shared_list[:], list(shared_list), tuple(shared_list), shared_list + []:
        for element in item:
            expect('l', element)
    len(shared_list), ('l', 3) in shared_list


def read_dict():
    for key in range(50):
        value = shared_dict.get(key)
        if value is not None:
            expect('d', value)
        try:
            expect('d', shared_dict[key])
        except KeyError:
            pass
    for value in shared_dict.copy().values():
        expect('d', value)
    try:
        for key, value in shared_dict.items():
            expect('d', value)
    except RuntimeError:
        pass
    for i in range(8):
        expect('t', shared_text['k%d' % i])


def read_set():
    for i in range(60):
        i in shared_set
    for i in shared_set.copy() | shared_set:
        if type(i) is not int or not 0 <= i < 60:
            problems.append(('s', repr(i)))


def read_deque():
    expect('q', shared_deque[0])
    expect('q', shared_deque[-1])
    for value in shared_deque.copy():
        expect('q', value)
    try:
        for value in shared_deque:
            expect('q', value)
    except RuntimeError:
        pass


def read_box():
    expect('a', box.a)
    for i in range(12):
        value = getattr(box, 'n%d' % i, None)
        if value is not None:
            expect('a', value)
    for value in dict(box.__dict__).values():
        expect('a', value)
    expect('g', shared_global)
    expect('c', read_cell())


def reader(read):
    try:
        for _ in range(PASSES):
            read()
    except BaseException as e:
        problems.append((read.__name__, repr(e)))


def writer(write):
    i = 0
    try:
        while not stop.is_set():
            write(i)
            i += 1
    except BaseException as e:
        problems.append((write.__name__, repr(e)))


for read, write in ((read_list, write_list), (read_dict, write_dict), (read_set, write_set), (read_deque, write_deque),
                    (read_box, write_box)):
    stop.clear()
    writers = [threading.Thread(target=writer, args=(write,)) for _ in range(2)]
    readers = [threading.Thread(target=reader, args=(read,)) for _ in range(2)]
    for t in writers + readers:
        t.start()
    for t in readers:
        t.join()
    stop.set()
    for t in writers:
        t.join()
    print(read.__name__, problems)
