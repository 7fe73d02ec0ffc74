# Attributes of objects that have them in a dict, and bound methods, in code that runs often.
import gc


class Thing:
    shared = 'class'

    def method(self, x):
        return self, x


def read(o):
    return o.a


def write(o, v):
    o.a = v


def many():
    o = Thing()
    for i in range(200):
        setattr(o, 'x%d' % i, i)
    o.a = 'first'
    return o


def by_dict():
    o = Thing()
    o.__dict__['a'] = 'first'
    o.__dict__[1] = 2
    return o


def with_deleted():
    o = Thing()
    o.b = 1
    o.a = 'first'
    del o.b
    return o


MAKERS = [many, by_dict, with_deleted]
for round in range(2):
    for make in MAKERS:
        o, other = make(), make()
        for i in range(3000):
            assert read(o) == 'first' and read(other) == 'first'
        for i in range(3000):
            write(o, [i])
            assert read(o) == [i] and o.__dict__['a'] == [i] and read(other) == 'first'
        del o.a
        for i in range(3):
            try:
                read(o)
            except AttributeError as e:
                text = str(e)
        write(o, 'again')
        assert read(o) == 'again' and list(o.__dict__)[-1] == 'a'
        o.__dict__ = {'b': 1, 'a': 'swapped'}
        assert read(o) == 'swapped'
        write(o, 'stored')
        assert o.__dict__ == {'b': 1, 'a': 'stored'}
        o.__dict__ = {}
        write(o, 'new')
        assert read(o) == 'new' and vars(o) == {'a': 'new'}
    print(text)
o = many()
gc.collect()
for i in range(30000):
    write(o, [i])
    [[j] for j in range(3)]
    assert read(o) == [i]


class Descriptor:
    def __get__(self, o, owner):
        return 'descriptor'

    def __set__(self, o, v):
        o.__dict__['stored'] = v


o = many()
for i in range(3000):
    read(o), write(o, i)
Thing.a = Descriptor()
assert read(o) == 'descriptor'
write(o, 5)
assert o.__dict__['stored'] == 5 and o.__dict__['a'] == 2999
del Thing.a
assert read(o) == 2999


# Bound methods.
def bound(o):
    return o.method


def call_bound(o, x):
    m = o.method
    return m(x)


class Other:
    def method(self, x):
        return 'other', x


class Native(list):
    pass


o, p = Thing(), Other()
for i in range(3000):
    m = bound(o)
    assert m(i) == (o, i) and m.__self__ is o and m.__func__ is Thing.method and m == o.method and call_bound(o, i) == (o, i)
    assert call_bound(p, i) == ('other', i)
print(type(bound(o)).__name__, bound(o).__qualname__, bound(p).__name__)
for i in range(2000):
    n = Native()
    append = n.append
    append(i)
    assert n == [i] and type(append).__name__ == 'builtin_function_or_method'
Thing.method = lambda self, x: ('changed', x)
assert call_bound(o, 1) == ('changed', 1)
o.method = lambda x: ('own', x)
assert call_bound(o, 1) == ('own', 1)
