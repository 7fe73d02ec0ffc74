# Calls of methods with * and **: Python and native ones, found on classes and instances, and what goes wrong.
import contextvars
import functools
import sys


def error(f):
    try:
        return f()
    except Exception as e:
        return type(e).__name__ + ": " + str(e)


class A:
    def plain(self, *args, **kwargs):
        return args, sorted(kwargs.items())

    def three(self, a, b=2, *, c=3):
        return a, b, c

    @classmethod
    def of_class(cls, *args, **kwargs):
        return cls.__name__, args, kwargs

    @staticmethod
    def static(*args, **kwargs):
        return args, kwargs

    class Inner:
        def __init__(self, *args, **kwargs):
            self.made = args, kwargs

    @property
    def prop(self):
        return lambda *a, **k: (a, k)

    def __getattr__(self, name):
        return lambda *a, **k: (name, a, k)


class B(A):
    def plain(self, *args, **kwargs):
        return super().plain("B", *args, **kwargs)


rest, names = (1, 2), {"x": 5}
for round in range(3):
    for o in (A(), B()):
        print(o.plain(*rest), o.plain(0, *rest), o.plain(*rest, 9), o.plain(0, *rest, *[7], **names), o.plain(**names))
        print(o.three(*rest), o.three(0, *rest[:1]), o.three(*rest, **{"c": 4}), o.three(5, **{"b": 6}))
        print(o.of_class(*rest), o.static(0, *rest, **names), o.prop(*rest), o.missing(3, *rest, **names))
        print(o.Inner(*rest, **names).made, o.Inner(1, *()).made)
        print(error(lambda: o.three(*())), error(lambda: o.three(*rest, 3)), error(lambda: o.three(1, **{"a": 1})))
        print(error(lambda: o.three(1, *5)), error(lambda: o.plain(**names, **names)), error(lambda: o.plain(*rest, **{1: 2})))
        print(error(lambda: o.plain(*5)), error(lambda: o.plain(**5)))
    o.plain = lambda *args: ("own", args)
    print(o.plain(0, *rest))

for round in range(3):
    items = []
    items.append(*rest[:1])
    items.extend(*[[4, 5]])
    items.insert(0, *"a")
    print(items, error(lambda: items.append(1, *rest)), error(lambda: items.append(1, *None)), "{} {x}".format(0, *rest, **names))
    print("-".join(*[["a", "b"]]), {}.get(1, *rest[:1]), dict.fromkeys(*["ab"]), b"x,y".split(*[b","]), (3).to_bytes(*[2, "big"]))
    print(contextvars.copy_context().run(max, 4, *rest), functools.partial(max, 3).__call__(*rest, 9), int.__add__(*rest))
    print(error(lambda: [].append(*rest)), error(lambda: "a".join(*[])))

# Bound native methods as values.
for round in range(3):
    out = []
    for o in ([1], bytearray(b"a"), [2]):
        push = o.append
        push(*[3])
        out.append((o, push.__self__ is o, push.__name__, push == o.append))
    print(out)
print([].__len__.__class__.__name__, [].append.__class__.__name__, {}.fromkeys.__self__, (1).__add__(*[2]))

# Many arguments, iterables of every kind, and the order of evaluation.
many = range(1500)
print(len(A().plain(*many)[0]), len(A().plain("first", *many, **{"k%d" % i: i for i in range(80)})[1]), max(0, *many))
print(A().plain(0, *"ab"), A().plain(0, *{1: 2}), A().plain(0, *(i for i in range(3))), A().plain(0, *[]), A().plain(0, *[1] * 20))


def note(x):
    print("eval", x)
    return x


def failing():
    yield 1
    raise ValueError("while iterating")



print(A().plain(note(1), *note((2, 3)), **note({"z": 4})))
print(error(lambda: A().plain(note(1), *failing(), **note({"never": 1}))))


class Indexed:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i


print(A().plain("i", *Indexed()))


class Meta(type):
    def plain(cls, *args):
        return cls.__name__, args


class C(metaclass=Meta):
    pass


print(C.plain(0, *rest))

# Profilers are told of native functions, whichever way they are called.
events = []


def profiler(frame, event, arg):
    if event.startswith("c_") and arg.__name__ != "setprofile":
        events.append((event, arg.__name__, getattr(arg, "__self__", None) is items))


def profiled():
    items.append(*rest[:1])
    items.append(1)
    max(0, *rest)
    list.append(items, *rest[:1])
    items.insert(0, *rest[:1], **{})


sys.setprofile(profiler)
profiled()
sys.setprofile(None)
for e in events:
    print(e)
