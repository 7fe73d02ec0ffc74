# Iterating over a mapping gives bytes of length one, indexing it ints.
import mmap
import operator


def raised(function, *args):
    try:
        print(function(*args))
    except Exception as e:
        print(type(e).__name__, e)


class Sub(mmap.mmap):
    pass


class Own(mmap.mmap):
    def __getitem__(self, i):
        return 'own', super().__getitem__(i)


for kind in mmap.mmap, Sub, Own:
    m = kind(-1, 3)
    m[:] = b'abc'
    print(list(m), m[0], b'a' in m, 97 in m, list(reversed(m)), max(m), [*zip(m, range(2))])
    raised(operator.indexOf, m, b'b')
    raised(operator.countOf, m, 98)
    iterator = iter(m)
    next(iterator)
    m.close()
    raised(next, iterator)
    raised(list, m)
