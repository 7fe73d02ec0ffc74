# Special methods are found along the MRO, whatever its shape, also after a class in the middle has changed.
import random

random.seed(5)
USES = {
    '__len__': lambda x: len(x),
    '__neg__': lambda x: -x,
    '__call__': lambda x: x(),
    '__add__': lambda x: x + 1,
    '__getitem__': lambda x: x['k'],
    '__index__': lambda x: hex(x),
    '__contains__': lambda x: 7 in x,
    '__hash__': lambda x: hash(x),
    '__repr__': lambda x: repr(x),
}


def define(number):
    def values(name):
        return {'__repr__': str(number), '__index__': number, '__contains__': number % 2 == 0}.get(name, number)
    return {name: (lambda *_, v=values(name): v) for name in USES if random.random() < 0.3}


def expected(cls, name):
    for c in cls.__mro__:
        if name in c.__dict__:
            return c.__dict__[name]
    return None


def check(cls):
    x = cls()
    for name, use in USES.items():
        method = expected(cls, name)
        if method is None or method in (object.__hash__, object.__repr__):
            continue
        want = method(x) if name != '__index__' else hex(method(x))
        assert use(x) == want, (cls.__mro__, name)


def check_missing(cls):
    for name in ['__len__', '__neg__', '__call__', '__index__']:
        if expected(cls, name) is None:
            try:
                USES[name](cls())
            except TypeError:
                continue
            raise AssertionError((cls, name))


classes = [type('Root', (), define(0))]
for number in range(1, 150):
    bases = random.sample(classes, min(len(classes), random.choice([1, 1, 2, 3])))
    try:
        cls = type(f'C{number}', tuple(bases), define(number))
    except TypeError:  # no linearisation
        continue
    classes.append(cls)
    check(cls)
    check_missing(cls)
for number in range(200, 260):
    changed = random.choice(classes)
    for name, method in define(number).items():
        if name in changed.__dict__ and random.random() < 0.5:
            delattr(changed, name)
        else:
            setattr(changed, name, method)
    for cls in random.sample(classes, 20):
        check(cls)
        check_missing(cls)
print(len(classes) > 50)
