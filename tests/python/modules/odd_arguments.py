# Arguments of kinds that are hardly ever given: which of them is complained of first, and in what words.
import _lsprof, _multiprocessing, _thread, ctypes, datetime, io, mmap, os, pyexpat, select, socket, sqlite3, ssl, _ssl
import xml.etree.ElementTree as ElementTree


def attempt(function, *args, **named):
    try:
        print(function(*args, **named))
    except Exception as e:
        print(type(e).__name__, e)


def delete(object, key): del object[key]


class S(ctypes.Structure): _fields_ = [("x", ctypes.c_int)]


later = datetime.timedelta(1)

# sqlite3
database = sqlite3.connect(":memory:")
database.execute("create table t (a)")
database.execute("insert into t values (zeroblob(4))")
for value in (None, 3, b"select 1"): attempt(database, value)
attempt(database.backup, None)
attempt(sqlite3.Cursor, None)
attempt(database.enable_load_extension, 1.5)
attempt(database.enable_load_extension, "yes")
blob = database.blobopen("t", "a", 1)
for key in ("a", 0, 99, slice(0, 2), None): attempt(delete, blob, key)
attempt(blob.__setitem__, 99, "x")
attempt(blob.__setitem__, 99, 1)
blob.close()
copy = sqlite3.connect(":memory:")
attempt(copy.deserialize, database.serialize())
print(copy.execute("select * from t").fetchall())
attempt(copy.deserialize, "text")
attempt(copy.deserialize, 5)

# ssl
context = _ssl._SSLContext(ssl.PROTOCOL_TLS_CLIENT)
attempt(context._wrap_socket, 1j, "w")
attempt(context._wrap_socket, None, False)
with socket.socket() as s: attempt(context._wrap_socket, s, "w")
attempt(context._wrap_bio, None, None, False)
attempt(context._wrap_bio, _ssl.MemoryBIO(), None, False)

# pyexpat, ElementTree
attempt(pyexpat.ParserCreate().Parse, later, ...)
attempt(pyexpat.ParserCreate().Parse, later)
attempt(ElementTree.Element, "a", None)
attempt(ElementTree.SubElement, ElementTree.Element("a"), "b", None)

# mmap
with mmap.mmap(-1, 64) as memory:
    for key in ("a", 0, 99, -65, slice(0, 2), slice("a"), None, 2**70): attempt(delete, memory, key)
    attempt(memory.__setitem__, "a", 1)
    attempt(memory.__getitem__, "a")
    attempt(memory.__setitem__, 64, "x")
    attempt(memory.__setitem__, 63, "x")

# sockets
with socket.socket() as s:
    attempt(s.setblocking, 2**63)
    attempt(s.setblocking, "x")
    attempt(s.recvmsg_into, ["abc"])
    attempt(s.recvmsg_into, "abc")
    attempt(s.sendmsg, "abc")

# ctypes
for state in ((1, b"abcd"), ({}, "abcd"), ({}, 5), (None, b"abcd"), ({"y": 3}, b"\5")):
    number = S(7)
    attempt(number.__setstate__, *state)
    print(number.x & 0xFFFF, number.__dict__)
for make in (S * 2, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(S)): attempt(make, later)
attempt(setattr, S(), "x", later)
attempt(ctypes.POINTER(S).from_param, later)
for value in (None, 1.5, (1,), (1, 2)): attempt((ctypes.c_int * 2)().__setitem__, slice(0, 2), value)
attempt(delete, ctypes.pointer(S()), later)
attempt(delete, ctypes.pointer(S()), 0)

# what is on or off is an int
attempt(_lsprof.Profiler, None, 0.0, int)
attempt(_lsprof.Profiler().enable, "x")
lock = _multiprocessing.SemLock(1, 1, 5, "/baton-odd-%d" % os.getpid(), True)
attempt(lock.acquire, "x")
attempt(lock.acquire, 1)

# names of attributes
for method in (_thread._local().__getattribute__, _thread._local().__delattr__): attempt(method, 3)
attempt(_thread._local().__setattr__, 3, 4)

# a file that can't be read
with io.FileIO("f", "w") as file:
    attempt(file.read, "x")
    attempt(file.read, 1)
attempt(file.read, "x")
attempt(file.read, 1)

# which objects take new attributes
for object, name in ((mmap.mmap(-1, 8), "mine"), (mmap.mmap(-1, 8), "read"), (io.IncrementalNewlineDecoder(None, True), "mine")):
    attempt(setattr, object, name, 1)
    print(hasattr(object, "__dict__"))


class Mapping(mmap.mmap): pass


mapping = Mapping(-1, 8)
mapping.mine = 1
print(mapping.__dict__)
attempt(copy.deserialize, b"")
