# baton-only: sys.getrefcount counts the references that a search of the heap finds.
import sys

class C: pass

def count(o):
    return sys.getrefcount(o)

def main():
    x = C()
    one = sys.getrefcount(x)
    keep = [x, x]
    assert sys.getrefcount(x) == one + 2, (one, sys.getrefcount(x))
    y = x
    assert sys.getrefcount(x) == one + 3
    del y
    keep.clear()
    assert sys.getrefcount(x) == one
    d = {'a': x, x: 1}
    assert sys.getrefcount(x) == one + 2
    del d
    assert sys.getrefcount(x) == one    # the dict is dead: what it refers to doesn't count
    assert count(x) >= one + 1
    assert count(C()) < count(x)
    other = C()
    other.attribute = x
    assert sys.getrefcount(x) == one + 1
    assert sys.getrefcount(1) == 4294967295
    assert sys.getrefcount(None) > 10 ** 9
    assert sys.getrefcount('unlikely' + str(x)) >= 1
    for bad in (lambda: sys.getrefcount(), lambda: sys.getrefcount(1, 2), lambda: sys.getrefcount(object=1)):
        try:
            bad()
        except TypeError as e:
            print(e)
    print(sys.getrefcount.__text_signature__)

main()
