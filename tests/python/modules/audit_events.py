# sys.audit and sys.addaudithook: which events come, with what arguments; what a hook may refuse.
import gc
import marshal
import mmap
import os
import sys
import tempfile

seen = []
refuse = set()
active = True


def hook(event, args):
    if not active:
        return
    if event in refuse:
        raise PermissionError("refused " + event)
    seen.append((event, args))


sys.addaudithook(hook)


def events(*names):
    found = [(event, args) for event, args in seen if event in names]
    seen.clear()
    return found


class A: pass
class B: pass
class C(A): pass


seen.clear()
C.__name__ = "X"
C.__bases__ = (B,)
a = A()
a.__class__ = B
C.plain = 1
print([(args[1], args[0] is C) for event, args in events("object.__setattr__")])

marshal.loads(marshal.dumps((1, "x")))
print([(event, type(args[0]).__name__) for event, args in events("marshal.dumps", "marshal.loads")])
exec(compile("x = 1", "<made>", "exec"), {})
print([(event, type(args[0]).__name__) for event, args in events("compile", "exec")])
sys._getframe()
print([(event, args[0].f_code.co_name) for event, args in events("sys._getframe")])
gc.get_referents([1]), gc.get_referrers(A), gc.get_objects()
print([event for event, args in events("gc.get_referents", "gc.get_referrers", "gc.get_objects")])
mmap.mmap(-1, 8).close()
print(events("mmap.__new__")[0][1][:2])

directory = tempfile.mkdtemp()
seen.clear()
path = os.path.join(directory, "f")
with open(path, "wb"):
    pass
os.close(os.open(path, os.O_RDONLY))
print([(os.path.basename(args[0]), args[1]) for event, args in events("open")])
os.rename(path, path + "2")
os.listdir(directory)
os.mkdir(path)
os.rmdir(path)
os.remove(path + "2")
print([event for event, args in events("os.rename", "os.listdir", "os.mkdir", "os.rmdir", "os.remove")])
try:
    import no_such_module_here
except ImportError:
    print([args[0] for event, args in events("import")])

import pickle
import sqlite3
pickle.loads(pickle.dumps(print))
print(events("pickle.find_class"))
with sqlite3.connect(":memory:") as database:
    database.enable_load_extension(False)
print([(event, [a for a in args if a is not database]) for event, args in events(
    "sqlite3.connect", "sqlite3.connect/handle", "sqlite3.enable_load_extension")])

refuse = {"open", "sys.addaudithook", "exec"}
for attempt in (lambda: open(directory), lambda: eval("1"), lambda: sys.addaudithook(print)):
    try:
        print(attempt())
    except PermissionError as e:
        print(e)
refuse = set()
sys.audit("own.event", 1, 2)
print(events("own.event"))
for bad in ((), (1,), ("a", "b")):
    try:
        print(sys.audit(*bad))
    except TypeError as e:
        print(e)
os.rmdir(directory)
active = False
