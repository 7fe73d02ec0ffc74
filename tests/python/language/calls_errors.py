# The texts of TypeErrors of calls to Python functions.

def show(f, *args, **kw):
    try:
        print('no error', f(*args, **kw))
    except TypeError as e:
        print(e)


def none(): pass
def one(a): pass
def two(a, b): pass
def three(a, b, c): pass
def default(a, b=1): pass
def many(a, b=1, c=2): pass
def star(a, *b): pass
def kwonly(*, a): pass
def kwonly2(a, *, b, c): pass
def posonly(a, b, /): pass
def posmix(a, /, b): pass
def keywords(a, **k): pass


show(none, 1)
show(none, 1, 2)
show(none, x=1)
show(one)
show(one, 1, 2)
show(one, b=1)
show(one, 1, a=2)
show(two)
show(two, 1)
show(two, 1, 2, 3)
show(three)
show(three, b=1)
show(default)
show(default, 1, 2, 3)
show(many, 1, 2, 3, 4)
show(star)
show(kwonly)
show(kwonly, 1)
show(kwonly, b=1)
show(kwonly2, 1)
show(kwonly2, 1, b=2)
show(kwonly2, 1, 2, b=2)
show(posonly, 1)
show(posonly, a=1, b=2)
show(posonly, 1, b=2)
show(posmix, b=2)
show(keywords)
show(keywords, 1, a=2)


class C:
    def method(self, a): pass

    @classmethod
    def cm(cls, a): pass

    @staticmethod
    def sm(a): pass

    def __init__(self, x=0): pass


c = C()
show(c.method)
show(c.method, 1, 2)
show(C.method)
show(C.cm)
show(C.cm, 1, 2)
show(C.sm)
show(C.sm, 1, 2)
show(C, 1, 2)
show(C, y=1)
show(c)
show(3)
show('text')
show(None)


class Plain:
    pass


show(Plain, 1)
show(Plain, a=1)


def call_star(value):
    one(*value)


def call_kw(value):
    one(**value)


show(call_star, 3)
show(call_kw, 3)
show(call_kw, {1: 2})
show(lambda: one(**{'a': 1}, **{'a': 2}))
show(lambda: one(1, **{'a': 2}))
show((lambda x: x))
show(object, 1)
show(type)
show(int, 1, 2, 3)
