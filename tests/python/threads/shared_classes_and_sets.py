# Threads that change one class, make a built-in type's first use, change one set: nothing is lost, mixed up or left half-done.
# timeout: 120
import subprocess
import sys
import threading

BATON = sys.implementation.name == 'baton'


def together(*functions):
    """Runs them at once, from one signal on; -> their results."""
    results, errors = [None] * len(functions), []
    gate = threading.Barrier(len(functions))

    def run(i):
        try:
            gate.wait()
            results[i] = functions[i]()
        except BaseException as e:
            errors.append(e)
            raise
    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(functions))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors
    return results


# Of two assignments of a special method the one that stands in the class's dict is the one that calls use, in subclasses, too.
for _ in range(300):
    class Base:
        pass

    class Derived(Base):
        pass

    def assign(answer):
        for _ in range(20):
            Base.__len__ = lambda self: answer
    together(lambda: assign(1), lambda: assign(2))
    wanted = Base.__dict__['__len__'](None)
    assert len(Base()) == len(Derived()) == wanted, (len(Base()), len(Derived()), wanted)

# A class that is made while its base changes.
for _ in range(200):
    class Base:
        __len__ = lambda self: 1

    def make():
        return [type('D', (Base,), {}) for _ in range(10)]

    def change():
        Base.__len__ = lambda self: 2
    made, _ = together(make, change)
    assert {len(d()) for d in made} == {2}

# A key and its hash stay together when a set is copied while slots of removed keys are used again.
keys = list(range(0, 64 * 1021, 1021)) + ['key %d' % i for i in range(64)]
for _ in range(30):
    shared, stop = set(keys[:8]), []

    def churn(part):
        for _ in range(200):
            for key in part:
                shared.add(key)
            for key in part:
                shared.discard(key)

    def copy():
        for _ in range(400):
            try:
                copied = {'other'}
                copied.update(shared)
                copied |= frozenset(shared)
            except RuntimeError:  # changed size during iteration
                continue
            for key in list(copied):
                assert key in copied, key
                copied.remove(key)
            assert not copied
    together(lambda: churn(keys[8:40]), lambda: churn(keys[40:]), copy)
    assert shared == set(keys[:8]), shared

# discard() takes its own key only, whatever came into the slot meanwhile.
for _ in range(300):
    shared = set()

    def use(part):
        for _ in range(10):
            for key in part:
                shared.add(key)
                assert key in shared, key
                shared.remove(key)
    together(lambda: use(keys[:32]), lambda: use(keys[32:64]), lambda: use(keys[64:]))
    assert not shared

# Keys that are equal and not identical, added by several threads at once, are added once.
for _ in range(60):
    shared = set()

    def fill(start):
        for i in range(start, start + 200):
            shared.add('key %d' % (i % 200))
            assert 'key %d' % (i % 200) in shared, i
    together(lambda: fill(0), lambda: fill(0), lambda: fill(100))
    assert len(shared) == len(list(shared)) == 200 and shared == {'key %d' % i for i in range(200)}, sorted(shared)

# The first use of many built-in types, in several threads at once: in a fresh interpreter each time.
FIRST_USES = '''
import threading
gate = threading.Barrier(4)
def use():
    gate.wait()
    assert list(iter([3, 2, 1].pop, 2)) == [1], 1
    assert [type(x).__name__ for x in (iter(b''), iter(bytearray()), iter({}.items()), reversed([]), iter(set()), iter(''), iter(()),
            memoryview(b''), iter(range(2 ** 70)), zip(), map(len, ''), filter(None, ''), enumerate(''), slice(0), (i for i in ''))]
    assert list(reversed({1: 2})) == [1] and list(iter(memoryview(b'ab'))) == [97, 98]
    import collections, array, itertools, datetime
    assert collections.deque('ab')[0] == 'a' and list(collections.deque('ab')) == ['a', 'b']
    assert list(itertools.pairwise('abc')) == [('a', 'b'), ('b', 'c')] and datetime.date(1, 1, 1) == datetime.date.min
    assert array.array('i', [1]).tolist() == [1]
errors = []
def run():
    try: use()
    except BaseException as e:
        errors.append(e)
        raise
threads = [threading.Thread(target=run) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
assert not errors, errors
'''
options = ['-X', 'gil=' + sys._xoptions['gil']] if 'gil' in sys._xoptions else []
for _ in range(12):
    subprocess.run([sys.executable, *options, '-S', '-c', FIRST_USES], check=True)
print('ok')
