# What machine code knows of objects and classes from one instruction to the next: what ends it.
#
# An attribute that comes or goes, by another name of the object too; a class that is changed in the middle of a method; a function
# that gets other code; a method replaced on the way to its call; recursion to the limit through inlined calls.
import sys


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def get(self):
        return self.x

    def twice(self):
        return self.get() + self.get()

    def sum(self):
        return self.get() + self.x + self.y + self.get()


def repeat(function, *args):
    for _ in range(400):
        result = function(*args)
    return result


# --- an attribute is added under another name of the object
def add_by_alias(a, b):
    first = a.x
    b.z = first + 1  # a's shape, too
    return first, a.x, a.z, a.y


def adds():
    p, q = Point(1, 2), Point(3, 4)
    same = Point(5, 6)
    try:
        other = add_by_alias(p, q)
    except AttributeError:
        other = 'no z'
    return other, add_by_alias(same, same)


print(repeat(adds))


# --- and one that is deleted
def delete_by_alias(a, b):
    first = a.x
    del b.x
    try:
        return first, a.x
    except AttributeError as error:
        return first, str(error)


def deletes():
    same = Point(5, 6)
    return delete_by_alias(Point(1, 2), Point(3, 4)), delete_by_alias(same, same)


print(repeat(deletes))


# --- __dict__ and __class__ by handlers
class Other:
    def get(self):
        return 'other'

    x = 'class value'


def changed_in_the_middle(p, what):
    before = p.get() + p.x
    what(p)
    return before, p.get(), p.x


def become_other(p):
    p.__class__ = Other


def replace_dict(p):
    p.__dict__ = {'x': 'new', 'z': 3}


def shadow(p):
    p.get = lambda: 'shadowed'


def nothing(p):
    pass


for what in nothing, become_other, replace_dict, shadow, nothing:
    print(what.__name__, repeat(lambda: changed_in_the_middle(Point(1, 2), what)))


# --- a descriptor that changes the class while its method runs
class Changing:
    changes = False

    def __init__(self):
        self.value = 1

    @property
    def innocent(self):
        if Changing.changes:
            Changing.step = lambda self: 'changed'
        return 0

    def step(self):
        return 'plain'

    def run(self):
        return self.step(), self.innocent, self.step(), self.value


plain_step = Changing.step
changing = Changing()
print(repeat(changing.run))
Changing.changes = True
print(changing.run())
Changing.changes = False
Changing.step = plain_step
print(repeat(changing.run))


# --- by an operator in the middle
class Adds:
    def __radd__(self, other):
        Point.get = lambda self: 100
        return other


def uses_both(p, more):
    a = p.get()
    a = a + more
    return a + p.get()


plain_get = Point.get
print(repeat(uses_both, Point(1, 2), 5))
print(uses_both(Point(1, 2), Adds()))
Point.get = plain_get
print(repeat(uses_both, Point(1, 2), 5))


# --- other code for a function that is inlined
def inner(a):
    return a + 1


def outer(a):
    return inner(a) + inner(a)


def replacement(a):
    return a * 10


class HasCode:
    def method(self):
        return 'first'

    def both(self):
        return self.method(), self.method()


print(repeat(outer, 3), repeat(HasCode().both))
inner.__code__ = replacement.__code__
HasCode.method.__code__ = (lambda self: 'second').__code__
print(repeat(outer, 3), repeat(HasCode().both))


# --- the method that was found is called, whatever the argument does
class Late:
    def method(self, argument):
        return 'old', argument

    def call(self, argument):
        return self.method(argument.taken)


class Taken:
    @property
    def taken(self):
        if armed:
            Late.method = lambda self, argument: ('new', argument)
        return 7


armed = False
late = Late()
print(repeat(late.call, Taken()))
armed = True
print(late.call(Taken()), late.call(Taken()))


# --- several shapes where there was one
def many(p):
    return p.x, p.y, p.get(), p.x


def with_shapes():
    out = set()
    for k in range(6):
        p = Point(k, -k)
        if k > 2:
            setattr(p, 'extra%d' % k, k)
        out.add(many(p))
    return len(out)


print(repeat(many, Point(1, 2)), repeat(with_shapes), repeat(many, Point(1, 2)))


# --- to the limit
def descend(p, n):
    try:
        return max(p.sum(), descend(p, n + 1), p.sum())
    except RecursionError:
        return n


depths = {descend(Point(1, 2), 0) > 100 for _ in range(20)}
print(depths)


# --- tracing that begins on the way
def traced(p, begins):
    a = p.get()
    if begins:
        sys.settrace(tracer)
    b = p.get()
    c = p.twice()
    sys.settrace(None)
    return a + b + c


calls = []


def tracer(frame, event, arg):
    calls.append((event, frame.f_code.co_name))


print(repeat(traced, Point(1, 2), False), traced(Point(1, 2), True), calls)


# --- what an __init__ makes
class Made:
    def __init__(self, a):
        self.a = a
        self.b = self.a + 1
        self.c = self.total()

    def total(self):
        return self.a + self.b


def makes(n):
    made = Made(n)
    made.a += made.b
    return made.a, made.b, made.c, sorted(vars(made))


print(repeat(makes, 5))


# --- an object in a loop that changes in some rounds
def loop(p):
    total = 0
    for k in range(300):
        total += p.x
        if k == 150:
            p.__dict__['new'] = 1
        if k == 200:
            p.another = 2
        if k == 250:
            del p.y
        total += p.get()
    return total, sorted(vars(p))


print(loop(Point(1, 2)), loop(Point(1, 2)))
