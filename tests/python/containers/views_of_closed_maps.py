# Closing a map finds out that the views of it are gone by a look at the youngest objects, not by full collections.
import gc
import mmap
import sys


def use():
    m = mmap.mmap(-1, 4096)
    view = memoryview(m)
    view[:4] = b'abcd'
    same = bytes(view[:4]) == b'abcd'
    view.release()
    m.close()
    return same


def held():
    m = mmap.mmap(-1, 4096)
    view = memoryview(m)
    part = view[:4]
    view.release()
    try:
        m.close()
    except BufferError as e:
        print(e)
    assert part.tobytes() == bytes(4)
    part.release()
    m.close()


def full_collections():
    return gc.get_stats()[2]['collections']


before = full_collections()
for _ in range(50):
    assert use()
if 'gc_stress' not in sys._xoptions:
    assert full_collections() - before < 10, full_collections() - before
held()
