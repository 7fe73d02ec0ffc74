# type(name, bases, namespace) makes an instance of the most derived metaclass of the bases, also where that metaclass has no
# __new__ of its own, and runs its __init__.

log = []


class Init(type):
    def __init__(cls, name, bases, namespace, **keywords):
        log.append((name, [base.__name__ for base in bases], keywords))
        super().__init__(name, bases, namespace)


class Plain(type):
    pass


class New(Init):
    def __new__(metaclass, name, bases, namespace, **keywords):
        log.append(("new", metaclass.__name__, keywords))
        return super().__new__(metaclass, name, bases, namespace)


class Mixin:
    pass


class OfInit(metaclass=Init):
    pass


class OfPlain(metaclass=Plain):
    pass


class OfNew(metaclass=New):
    pass


for base in (OfInit, OfPlain, OfNew):
    for bases in ((base,), (Mixin, base), (base, Mixin)):
        made = type("Made", bases, {"a": 1})
        print(type(made).__name__, made.__name__, made.a, [entry.__name__ for entry in made.__mro__])
        made = type.__new__(type, "ByNew", bases, {"a": 2})
        print(type(made).__name__, made.__name__, made.a)
print(type(type("Both", (OfInit, OfNew), {})).__name__)
print(type(Init("ByInit", (OfNew,), {}, word=1)).__name__)


class Other(metaclass=Plain):
    pass


for call in (lambda: type("No", (OfInit, Other), {}), lambda: Plain("No", (OfInit,), {})):
    try:
        call()
    except TypeError as error:
        print(error)


# A metaclass may make what is no class at all.
class Number(type):
    def __new__(metaclass, name, bases, namespace):
        return super().__new__(metaclass, name, bases, namespace) if not bases else 42


class OfNumber(metaclass=Number):
    pass


print(Number("Five", (OfNumber,), {}))
print(type("Six", (OfNumber,), {}), type.__new__(type, "Seven", (OfNumber,), {}))
print(*log, sep="\n")
