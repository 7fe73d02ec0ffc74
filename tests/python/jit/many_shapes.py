# Attributes and methods at places where objects of many classes come: each is found as it is, also after classes and objects have
# changed, and when classes come and go.
import gc


def make_classes(n, start=0):
    made = []
    for i in range(start, start + n):
        body = {'kind': i, '__init__': init_of(i), 'method': method_of(i)}
        if i % 5 == 0:
            body['value'] = property(lambda self, i=i: ('property', i))
        if i % 7 == 0:
            body['__slots__'] = ('name', 'late', 'value_', 'extra') + tuple(f'pad{k}' for k in range(i % 3))
        made.append(type(f'C{i}', (object,), body))
    return made


def init_of(i):
    def __init__(self):
        if i % 7:
            for k in range(i % 4):
                setattr(self, f'pad{i}_{k}', k)
        self.name = ('name', i)
        if i % 5 and i % 7:
            self.value = ('value', i)
    return __init__


def method_of(i):
    def method(self, x=1):
        return i, x
    return method


def name_of(o):
    return o.name


def value_of(o):
    return o.value


def kind_of(o):
    return o.kind


def call(o):
    return o.method()


def store(o, v):
    o.late = v


def store_name(o, v):
    o.name = v


def look(objects):
    for o in objects:
        i = type(o).kind
        assert name_of(o) == ('name', i) and kind_of(o) == i and call(o) == (i, 1)
        if i % 5 == 0:
            assert value_of(o) == ('property', i)
        elif i % 7:
            assert value_of(o) == ('value', i)
        else:
            try:
                value_of(o)
            except AttributeError as error:
                assert str(error) == f"'C{i}' object has no attribute 'value'", error
            else:
                raise AssertionError(i)
        store(o, i)
        assert o.late == i
        store_name(o, o.name)


classes = make_classes(40)
objects = [c() for c in classes]
for round in range(120):
    look(objects)
    look([c() for c in classes])

# Changed objects: an attribute of their own hides the class's, and is deleted again.
for o in objects:
    if type(o).kind % 7:
        o.kind, o.method = 'own', lambda: 'own method'
for _ in range(20):
    for o in objects:
        if type(o).kind % 7:
            assert kind_of(o) == 'own' and call(o) == 'own method'
        else:
            assert kind_of(o) == type(o).kind
for o in objects:
    if type(o).kind % 7:
        del o.kind, o.method
for _ in range(20):
    look(objects)

# Changed classes.
for c in classes:
    c.method = method_of(c.kind + 1000)
for o in objects * 10:
    assert call(o) == (type(o).kind + 1000, 1)
for c in classes:
    c.method = method_of(c.kind)
classes[3].name = property(lambda self: 'of the class')
assert name_of(objects[3]) == 'of the class'
try:
    store_name(objects[3], 1)
except AttributeError:
    pass
else:
    raise AssertionError
del classes[3].name
classes[4].__getattribute__ = lambda self, name: ('asked for', name)
assert name_of(objects[4]) == ('asked for', 'name') and kind_of(objects[4]) == ('asked for', 'kind')
del classes[4].__getattribute__
stored = []
classes[6].__setattr__ = lambda self, name, v: stored.append((name, v))
store(objects[6], 5)
store_name(objects[6], 6)
assert stored == [('late', 5), ('name', 6)]
del classes[6].__setattr__
for _ in range(20):
    look(objects)

# Dictionaries, classes, modules and natives at the same places.
import types as types_module
odd = types_module.SimpleNamespace(name='n', value='v', kind='k', method=lambda: 'm')
module = types_module.ModuleType('module')
module.__dict__.update(name='n', value='v', kind='k', method=lambda: 'm')


class OnlyClass:
    name, value, kind = 'n', 'v', 'k'

    @classmethod
    def method(cls):
        return 'm'


by_dict = objects[1]
by_dict.__dict__[1] = 2
for _ in range(60):
    for o in (odd, module, OnlyClass, OnlyClass()):
        assert (name_of(o), value_of(o), kind_of(o), call(o)) == ('n', 'v', 'k', 'm')
    assert name_of(by_dict) == ('name', 1)
    look(objects[7:20])

# Classes that come and go: what had been known of others' layouts at their place is known no more.
for round in range(12):
    fresh = make_classes(30, 100 + round * 40)
    for _ in range(4):
        look([c() for c in fresh])
    del fresh
    gc.collect()
look(objects)
