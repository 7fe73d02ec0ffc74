# Keys in an instance's dictionary that are no str are asked whether they are the attribute that is looked for. CPython may ask more
# than once.
asked = set()


class Key:
    def __init__(self, name, answer=False, act=None):
        self.name, self.answer, self.act = name, answer, act

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        asked.add(other)
        if self.act:
            self.act()
        return self.answer


class C:
    value = 1

    def method(self):
        return "method"


def use(o):
    return o.value, o.method()


plain = C()
plain.__dict__[3] = 4
print(use(plain), hasattr(plain, "missing"))
o = C()
o.__dict__[Key("value")] = 2
print([use(o) for _ in range(3)], sorted(asked))
asked.clear()
o.__dict__[Key("method", True)] = lambda: "the instance's"
print([use(o) for _ in range(3)])
print(o.__dict__["method"](), getattr(o, "missing", None))


class Descriptor:
    def __get__(self, instance, owner):
        return "got"


class D:
    attr = Descriptor()


def forget():
    if "attr" in vars(D):
        del D.attr


d = D()
d.__dict__[Key("attr", act=forget)] = 0
print(d.attr)
try:
    d.attr
except Exception as e:
    print(type(e).__name__, e)


def fail():
    raise KeyError("eq")


e = C()
e.__dict__[Key("value", act=fail)] = 0
for get in (lambda: e.value, lambda: getattr(e, "value", 5), lambda: hasattr(e, "value"), lambda: e.method()):
    try:
        print(get())
    except KeyError as error:
        print("raised", error)
print(sorted(asked))
