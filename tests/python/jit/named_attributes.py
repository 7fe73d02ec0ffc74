# getattr(), hasattr() and setattr() with names that are made at run time, again and again: what they find follows each change of
# the object and its class, whatever was found before.


class Visitor:
    shared = 'class'

    def visit_a(self, x):
        return 'a', x

    def visit_b(self, x):
        return 'b', x

    @staticmethod
    def visit_static(x):
        return 'static', x

    @classmethod
    def visit_class(cls, x):
        return cls.__name__, x

    @property
    def visit_property(self):
        return lambda x: ('property', x)


class Slotted:
    __slots__ = ('first', 'a_name_that_is_longer_than_sixteen_characters')

    def __init__(self):
        self.first = 1


class Dynamic:
    def __getattr__(self, name):
        if name.startswith('no'):
            raise AttributeError(name)
        return 'made ' + name


class Text(str):
    pass


def visit(v, kind, x):
    return getattr(v, 'visit_' + kind)(x)


def tell(o, name):
    return getattr(o, name, 'missing'), hasattr(o, name)


def rounds(n=60):
    v = Visitor()
    return [[visit(v, kind, i) for kind in ('a', 'b', 'static', 'class', 'property')] for i in range(n)][-1]


print(rounds())

# A method replaced, shadowed by the instance, and back.
v = Visitor()
for i in range(40):
    visit(v, 'a', i)
Visitor.visit_a = lambda self, x: ('replaced', x)
print(visit(v, 'a', 1))
v.visit_a = lambda x: ('own', x)
print(visit(v, 'a', 2), visit(Visitor(), 'a', 2))
del v.visit_a
print(visit(v, 'a', 3))
del Visitor.visit_a
try:
    visit(v, 'a', 4)
except AttributeError as e:
    print(e)

# Stores: new attributes, many of them, and a descriptor that comes to the class later.
objects = [Visitor() for _ in range(40)]
for k, o in enumerate(objects):
    for i in range(30):
        setattr(o, 'n' + str(i), k * i)
    setattr(o, 'shared', k)
print([getattr(objects[7], 'n' + str(i)) for i in range(0, 30, 5)], objects[9].shared, Visitor.shared)
Visitor.n5 = property(lambda self: 'read', lambda self, x: print('written', x))
setattr(objects[3], 'n' + '5', 1)
print(tell(objects[3], 'n' + '5'), tell(objects[3], 'n' + '6'))
del Visitor.n5
print(tell(objects[3], 'n' + '5'))
for o in objects[:20]:
    delattr(o, 'n' + '6')
print(tell(objects[3], 'n' + '6'), tell(objects[30], 'n' + '6'))

# __slots__, long names, names that are no plain strings, __getattr__.
long = 'a_name_that_is_longer_than_' + 'sixteen_characters'
for i in range(40):
    s = Slotted()
    before = tell(s, 'fir' + 'st'), tell(s, long)
    setattr(s, long, i)
    setattr(s, Text('first'), i + 1)
print(before, tell(s, Text(long)), tell(s, Text('first')))
for name in ('x', 'ä', 'ÿ' * 9, '中文', 'x' * 15, 'x' * 16, 'x' * 17, 'nothing', ''):
    for i in range(20):
        o = Dynamic()
        before = tell(o, Text(name))
        setattr(o, Text(name), i)
        after = tell(o, name + '')
    print(before, after)

# Names that share their ends.
o = Visitor()
names = ['pre' + format(i, '04') + 'fix' for i in range(1500)]
for name in names:
    setattr(o, name, name)
print(all(getattr(o, ''.join(name)) == name for name in names), len(vars(o)))
for bad in (lambda: setattr(1, 'x' + 'y', 1), lambda: getattr(1, 'x' + 'y'), lambda: setattr(Slotted(), 'x' + 'y', 1), lambda: getattr(o, 1),
            lambda: hasattr(o, 1), lambda: setattr(o, 1, 1)):
    try:
        bad()
    except (AttributeError, TypeError) as e:
        print(type(e).__name__, e)
