# Every way to change what an attribute means reaches code that ran before the change and has it cached. Each change is made,
# observed at one and the same place of code, and undone a thousand times.
ROUNDS = 1000


class Base:
    kind = 'base'

    def method(self):
        return 'base method'


class Middle(Base):
    pass


class Leaf(Middle):
    pass


def observe(o):
    return o.kind, o.method()


def warm(o):
    for _ in range(100):
        observe(o)


def repeat(name, change, undo, make=Leaf):
    o = make()
    before = observe(o)
    warm(o)
    good = 0
    changed = None
    for _ in range(ROUNDS):
        good += observe(o) == before
        change(o)
        changed = observe(o)
        good += changed != before
        undo(o)
    warm(o)
    print(name, good == 2 * ROUNDS, observe(o) == before, changed)


def set_class_attribute(o):
    Base.kind = 'changed'


def reset_class_attribute(o):
    Base.kind = 'base'


repeat('attribute of a far base', set_class_attribute, reset_class_attribute)


def shadow_in_middle(o):
    Middle.method = lambda self: 'middle method'


def unshadow(o):
    del Middle.method


repeat('method that shadows', shadow_in_middle, unshadow)


def add_data_descriptor(o):
    Middle.kind = property(lambda self: 'property')


def remove_data_descriptor(o):
    del Middle.kind


repeat('data descriptor over a class attribute', add_data_descriptor, remove_data_descriptor)


def with_instance_value():
    o = Leaf()
    o.kind = 'instance'
    return o


repeat('data descriptor over an instance attribute', add_data_descriptor, remove_data_descriptor, with_instance_value)


class Gains:
    def __get__(self, instance, owner):
        return 'descriptor' if hasattr(Gains, '__set__') else 'plain'


class HasGains:
    kind = Gains()

    def method(self):
        return 1


def with_gains():
    o = HasGains()
    o.__dict__['kind'] = 'instance'
    return o


def gain_set(o):
    Gains.__set__ = lambda self, instance, value: None


def lose_set(o):
    del Gains.__set__


repeat('descriptor that becomes a data descriptor', gain_set, lose_set, with_gains)


class OtherBase:
    kind = 'other'

    def method(self):
        return 'other method'


def change_bases(o):
    Middle.__bases__ = (OtherBase,)


def restore_bases(o):
    Middle.__bases__ = (Base,)


repeat('bases of a base', change_bases, restore_bases)


def change_class(o):
    o.__class__ = OtherLeaf


def restore_class(o):
    o.__class__ = Leaf


class OtherLeaf(OtherBase):
    pass


repeat('class of the instance', change_class, restore_class)


def set_on_instance(o):
    o.kind = 'own'


def delete_from_instance(o):
    del o.kind


repeat('instance attribute', set_on_instance, delete_from_instance)


def set_through_dict(o):
    o.__dict__['kind'] = 'through dict'


def clear_dict(o):
    o.__dict__.clear()


repeat('instance attribute through __dict__', set_through_dict, clear_dict)


def replace_dict(o):
    o.__dict__ = {'kind': 'replaced', 'x': 1}


def empty_dict(o):
    o.__dict__ = {}


repeat('the whole __dict__', replace_dict, empty_dict)


def add_getattribute(o):
    Middle.__getattribute__ = lambda self, name: (lambda: name) if name == 'method' else 'intercepted ' + name


def remove_getattribute(o):
    del Middle.__getattribute__


repeat('__getattribute__', add_getattribute, remove_getattribute)


# Missing names, and what makes them appear.
class Bare:
    pass


def probe(o):
    try:
        return o.absent
    except AttributeError:
        return None


o = Bare()
good = 0
for _ in range(ROUNDS):
    good += probe(o) is None
    Bare.__getattr__ = lambda self, name: 'made ' + name
    good += probe(o) == 'made absent'
    Bare.absent = 'there'
    good += probe(o) == 'there'
    del Bare.__getattr__, Bare.absent
print('missing names', good == 3 * ROUNDS)


# Special methods that instructions look up by themselves.
class Number:
    def __add__(self, other):
        return 'add'

    def __len__(self):
        return 1

    def __call__(self):
        return 'call'

    def __eq__(self, other):
        return 'eq'

    def __getitem__(self, key):
        return 'item'

    __hash__ = None


def operate(n):
    return n + 1, len(n), n(), n == 2, n[0], bool(n)


n = Number()
kept = {name: Number.__dict__[name] for name in ('__add__', '__len__', '__call__', '__eq__', '__getitem__')}
first = operate(n)
good = 0
for _ in range(ROUNDS):
    good += operate(n) == first
    Number.__add__ = lambda self, other: 'ADD'
    Number.__len__ = lambda self: 0
    Number.__call__ = lambda self: 'CALL'
    Number.__eq__ = lambda self, other: 'EQ'
    Number.__getitem__ = lambda self, key: 'ITEM'
    good += operate(n) == ('ADD', 0, 'CALL', 'EQ', 'ITEM', False)
    for name, function in kept.items():
        setattr(Number, name, function)
print('special methods', good == 2 * ROUNDS)


# Class attributes read from the class itself, and through a metaclass.
class Meta(type):
    pass


class WithMeta(metaclass=Meta):
    name = 'class'


def read(cls):
    return cls.name


good = 0
for _ in range(ROUNDS):
    good += read(WithMeta) == 'class'
    Meta.name = property(lambda cls: 'meta')
    good += read(WithMeta) == 'meta'
    del Meta.name
    WithMeta.name = 'new'
    good += read(WithMeta) == 'new'
    WithMeta.name = 'class'
print('through a metaclass', good == 3 * ROUNDS)


# super(), slots, functions whose code or defaults change.
class Slotted:
    __slots__ = ('a', 'b')


def slots(o):
    o.a = 1
    return o.a


s = Slotted()
slot = Slotted.__dict__['a']
good = 0
for _ in range(ROUNDS):
    good += slots(s) == 1
    Slotted.a = property(lambda self: 'property', lambda self, value: None)
    good += slots(s) == 'property'
    Slotted.a = slot
print('slots', good == 2 * ROUNDS)


class Child(Base):
    def method(self):
        return 'child of ' + super().method()


def call(o):
    return o.method()


c = Child()
original = Base.method
good = 0
for _ in range(ROUNDS):
    good += call(c) == 'child of base method'
    Base.method = lambda self: 'other'
    good += call(c) == 'child of other'
    Base.method = original
print('super', good == 2 * ROUNDS)


def f(a=1):
    return a


def g(a=2):
    return a * 10


def call_f():
    return f()


code_f, code_g = f.__code__, g.__code__
good = 0
for _ in range(ROUNDS):
    good += call_f() == 1
    f.__code__ = code_g
    good += call_f() == 10
    f.__defaults__ = (5,)
    good += call_f() == 50
    f.__code__ = code_f
    f.__defaults__ = (1,)
print('code and defaults', good == 3 * ROUNDS)


# Globals and builtins.
def use_len():
    return len('abc')


good = 0
for _ in range(ROUNDS):
    good += use_len() == 3
    globals()['len'] = lambda text: 'global'
    good += use_len() == 'global'
    del globals()['len']
print('globals over builtins', good == 2 * ROUNDS)

import builtins

kept_len = builtins.len
good = 0
for _ in range(ROUNDS):
    good += use_len() == 3
    builtins.len = lambda text: 'builtin'
    good += use_len() == 'builtin'
    builtins.len = kept_len
print('builtins', good == 2 * ROUNDS)
