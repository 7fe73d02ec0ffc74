# Attribute hooks and data descriptors that a class gets after its instances, those of its subclasses or its classes (it is a metaclass)
# were used are seen everywhere, and so are their ends.


def read(obj):
    return obj.x


def write(obj):
    obj.x = 5


def call(obj):
    return obj.method()


def look(what, *objects):
    shown = []
    for function in read, write, read, call:
        for obj in objects:
            try:
                shown.append(function(obj))
            except AttributeError as error:
                shown.append(str(error))
    print(what, shown)


def make_property():
    return property(lambda self: "property", lambda self, value: None)


def hooks(owner):
    yield "__getattr__", lambda self, name: "getattr " + name
    yield "__getattribute__", lambda self, name: (lambda: "hooked") if name == "method" else "getattribute " + name
    yield "__setattr__", lambda self, name, value: None
    yield "__delattr__", lambda self, name: None
    yield "x", make_property()
    yield "method", property(lambda self: lambda: "by property", lambda self, value: None)


def run(owner, make_objects):
    for name, hook in hooks(owner):
        objects = make_objects()
        for _ in range(3):
            look("before", *objects)
        had = owner.__dict__.get(name)
        setattr(owner, name, hook)
        look(name, *objects)
        look(name, *make_objects())
        if had is None:
            delattr(owner, name)
        else:
            setattr(owner, name, had)
        look("after", *objects)


class Base:
    def __init__(self):
        self.x = 1

    def method(self):
        return "method"


class Middle(Base):
    pass


class Derived(Middle):
    pass


class Slots:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 2

    def method(self):
        return "of slots"


class Meta(type):
    def method(cls):
        return "of meta"


class Unused:
    pass


run(Base, lambda: [Base()])
run(Base, lambda: [Derived()])
run(Middle, lambda: [Derived(), Base()])
run(Slots, lambda: [Slots()] if "x" in Slots.__dict__ else [])
run(Meta, lambda: [Meta("Made", (), {"x": 3})])
for name, hook in hooks(Unused):
    setattr(Unused, name, hook)
look("unused", Unused())
