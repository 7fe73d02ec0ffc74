# baton-only: baton.heap.why_alive names the root that holds an object, and the way from there.
import gc
import sys
import threading
import weakref

from baton.heap import why_alive


class Thing:
    pass


def lines(ref):
    return why_alive(ref).split('\n')


def last(text):
    return text[-1].strip().split(' at ')[0]


# A global, by its dict; an attribute; an item.
held = Thing()
ref = weakref.ref(held)
found = lines(ref)
assert last(found) == "value of 'held': Thing", found
assert ref() is not None
held = [Thing()]
held[0].inner = {'key': (1, Thing())}
ref = weakref.ref(held[0].inner['key'][1])
found = lines(ref)
names = [line.strip().split(' at ')[0] for line in found[1:] if ' at ' in line]    # the others are storage
assert names[-1] == 'item 1: Thing', found
assert names[-2] == "value of 'key': tuple", found
assert names[-3] == 'attribute inner: dict', found
assert names[-4] == 'item 0: Thing', found
found = why_alive(id(held[0].inner)).split('\n')
assert last(found) == 'attribute inner: dict', found
assert found[-1].endswith(hex(id(held[0].inner))), found

# Nothing: it was made and dropped.
held = None
assert why_alive(ref) is None
assert ref() is None


# A local variable of a waiting thread, and one of the caller.
def wait(ready, go):
    local = Thing()
    ready.append(weakref.ref(local))
    here.release()
    go.acquire()
    del local
    here.release()
    go.acquire()


here, go, ready = threading.Semaphore(0), threading.Semaphore(0), []
thread = threading.Thread(target=wait, args=(ready, go), name='holder')
thread.start()
here.acquire()
found = lines(ready[0])
assert len(found) == 2 and 'register 2 (local) of wait at ' in found[0], found
assert f'thread {thread.native_id} (holder)' in found[0], found
go.release()
here.acquire()
assert why_alive(ready[0]) is None, why_alive(ready[0])
go.release()
thread.join()


def caller():
    mine = Thing()
    found = lines(weakref.ref(mine))
    assert '(mine) of caller' in found[0], found
    return mine


caller()


# Native code that calls back keeps what it works with on the C++ stack; an exception keeps its frames.
def key(thing):
    seen.append(why_alive(weakref.ref(thing)))
    return 0


seen = []
max(iter([Thing()]), key=key)
assert last(seen[0].split('\n')) == 'Thing', seen


def fail():
    lost = Thing()
    refs.append(weakref.ref(lost))
    raise ValueError


refs = []
try:
    fail()
except ValueError:
    found = lines(refs[0])
    assert found[0].startswith('handled exception') and last(found) != 'Thing' or 'Thing' in found[-1], found
    assert any('traceback' in line for line in found), found
assert why_alive(refs[0]) is None

# A generator's variable; a frozen object.
def generate():
    thing = Thing()
    refs.append(weakref.ref(thing))
    yield


g = generate()
next(g)
found = lines(refs[-1])
assert any('generator' in line for line in found), found
g = None
assert why_alive(refs[-1]) is None

for wrong in ('text', None, Thing()):
    try:
        why_alive(wrong)
    except TypeError as e:
        assert 'weak reference or an id' in str(e)
    else:
        raise AssertionError(wrong)
assert sys.modules['baton.heap'].why_alive is why_alive
