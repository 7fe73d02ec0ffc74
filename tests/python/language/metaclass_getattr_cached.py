# Attributes of classes whose metaclass has __getattr__(): members of enums, and what appears and goes while places are cached.
import enum


class Color(enum.Enum):
    RED = 1
    GREEN = 2

    @classmethod
    def first(cls):
        return cls.RED

    @staticmethod
    def plain():
        return "plain"

    def method(self):
        return self.name


class Meta(type):
    def __getattr__(cls, name):
        if name == "no":
            raise AttributeError("none of " + name)
        return "made " + name

    above = "of the metaclass"

    @property
    def data(cls):
        return "property of " + cls.__name__


class A(metaclass=Meta):
    x = 1
    above = "of the class"
    data = "hidden"


class B(A):
    pass


class Getter:
    def __get__(self, instance, owner):
        if owner is B:
            raise AttributeError("refused")
        return "got", instance, owner.__name__


def red(cls):
    return cls.RED


def look(cls):
    return cls.x, cls.above, cls.data


def call(cls):
    return cls.first(), cls.plain(), cls.GREEN.method()


def attempt(f, *args):
    try:
        return f(*args)
    except AttributeError as e:
        return "AttributeError", str(e)


for _ in range(2500):
    r = red(Color), look(A), look(B), call(Color)
print(r)
print(red(Color) is Color.RED, red(Color).value, attempt(red, A), attempt(lambda c: c.no, A))
A.x = 2
print(look(A), look(B))
B.x = 3
print(look(A), look(B))
del B.x
print(look(A), look(B))
del A.x
print(look(A), look(B))
A.x = Getter()
print(attempt(look, A), attempt(look, B))
A.x = 5
for _ in range(300):
    r = look(A)
print(r)
Meta.x = property(lambda cls: "data of " + cls.__name__)
print(look(A), look(B))
del Meta.x
print(look(A), look(B))
A.x = types = [1]
print(look(A))


class Other(enum.Enum):
    RED = "r"


for cls in (Color, Other, A, Color):
    print(attempt(red, cls))
Meta.__getattribute__ = lambda cls, name: ("all", name)
print(look(A), red(Color))
