# Descriptors of attributes name the class they belong to by its bare __name__ if it was made in Python, by its whole name if it is native.
import collections
import functools
import inspect


def tell(function, *args):
    try:
        print(function(*args))
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)


def make():
    class Inner:
        class Deep:
            __slots__ = ("a", "__dict__", "__weakref__")

        __slots__ = ("x", "__weakref__")

    return Inner


class Plain:
    pass


for cls in make(), make().Deep, Plain, functools.partial, collections.defaultdict, int:
    for name, value in sorted(cls.__dict__.items()):
        if type(value).__name__ not in ("member_descriptor", "getset_descriptor") or name in ("__doc__", "__vectorcalloffset__"):
            continue
        print(name, value, value.__qualname__)
        tell(value.__get__, "text")
        tell(value.__set__, "text", 2)
        tell(value.__delete__, "text")
        tell(value.__get__, None, cls)
        tell(value.__get__, None, int)
        tell(value.__get__, None, None)
        if cls.__module__ == __name__ and name != "__dict__":
            instance = cls()
            tell(value.__get__, instance)
            tell(value.__set__, instance, 1)
            tell(value.__delete__, instance)

# __get__(None) asks for nothing, so it fails; inspect tells classes from None by that.
print(inspect.getattr_static(None, "missing", "nothing"), inspect.getattr_static(None, "__bool__"))
