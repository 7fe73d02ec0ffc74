# The plain reference and the plain proxy of an object come first among its weak references, whenever they are made; the others
# from the newest to the oldest one.
import weakref


class Plain:
    pass


class Named(weakref.ref):
    __slots__ = ("name",)


class Called:
    def __call__(self):
        pass


def show(target, names):
    found = weakref.getweakrefs(target)
    print([next(name for name, link in names if link is each) for each in found])


for cls in (Plain, Called):
    o = cls()
    names = []

    def add(name, link):
        names.append((name, link))
        show(o, names)

    add("callback 1", weakref.ref(o, lambda r: None))
    add("named 1", Named(o))
    add("proxy", weakref.proxy(o))
    add("callback 2", weakref.ref(o, lambda r: None))
    add("plain", weakref.ref(o))
    add("proxy with callback", weakref.proxy(o, lambda r: None))
    add("named 2", Named(o))
    add("callback 3", weakref.ref(o, lambda r: None))
    print(weakref.ref(o) is dict(names)["plain"], weakref.proxy(o) is dict(names)["proxy"], Named(o) is dict(names)["named 1"])
    print(weakref.getweakrefcount(o) >= 8)
