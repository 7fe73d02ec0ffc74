# The dict in which a class's body ran is nobody else's afterwards: whoever took hold of it in the body has a dict of his own.
import sys


class Plain:
    x = 1
    def f(self): return __class__, self.x
    y = [x] * 2


print([k for k in Plain.__dict__ if k not in ('__dict__', '__weakref__')], Plain().f() == (Plain, 1), Plain.y)


class Shown:
    x = 1
    names = locals()


del Shown.names['x']
Shown.names['z'] = 3
print(Shown.x, hasattr(Shown, 'z'), sorted(Shown.names))


class ByFrame:
    x = 1
    frame = sys._getframe()


ByFrame.frame.f_locals['x'] = 2
print(ByFrame.x, ByFrame.frame.f_locals['x'])


class ByExec:
    exec('x = 1')
    keep = eval('locals()')
    count = len(vars())
    listed = dir()


ByExec.keep['x'] = 5
print(ByExec.x, ByExec.count, ByExec.listed)


def reached():
    return sys._getframe(1).f_locals


class ByCall:
    x = 1
    names = reached()


ByCall.names.clear()
print(ByCall.x)


class Traced:
    pass


seen = []


def tracer(frame, event, arg):
    if frame.f_code.co_name == 'Body':
        seen.append(frame.f_locals)
    return tracer


old = sys.gettrace()
sys.settrace(tracer)
class Body:
    x = 1
sys.settrace(old)
for names in seen:
    names['x'] = 7
print(Body.x, len(seen) > 0)


# made twice by the same function; a mapping of another class; a class that can't be made before one that can
def body():
    pass


def twice():
    class C:
        made = []
        def add(self): self.made.append(1)
    return C


A, B = twice(), twice()
A().add()
print(A.made, B.made, A.__dict__ == B.__dict__)
for i in range(3):
    class InLoop:
        n = i
        values = list(range(i))
    print(InLoop.n, InLoop.values)


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        mcs.prepared = {'from_meta': 1}
        return mcs.prepared


class WithMeta(metaclass=Meta):
    x = 1


Meta.prepared['x'] = 2
print(WithMeta.x, WithMeta.from_meta)


class WithType(metaclass=type):
    x = 1


print(WithType.x)


class Base:
    def __init_subclass__(cls, fail=False, **kw):
        if fail:
            raise ValueError(sorted(k for k in cls.__dict__ if not k.startswith('__')))
        cls.extra = type('Inner', (), {'given': 1})


names = {'x': 1}
Given = type('Given', (Base,), names)
names['x'] = 2
print(Given.x, Given.extra.given, sorted(names))
for fail in True, False, True:
    try:
        class Sub(Base, fail=fail):
            x = 1
            y = 2
        print(Sub.x, Sub.extra.given)
    except ValueError as e:
        print(e)
        print(type('Next', (), {'x': 9}).x)
try:
    class Wrong(int, str):
        x = 1
except TypeError as e:
    print(e)
class After:
    x = 2
print(After.x, __builtins__.__build_class__(body, 'Built').__name__)
print(__builtins__.__build_class__(Base.__init__ if False else (lambda: None), 'Other').__dict__.keys() >= {'__dict__'})
