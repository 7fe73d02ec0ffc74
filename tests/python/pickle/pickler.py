# Pickler and Unpickler: settings, memo proxies, persistent ids, reducers, dispatch tables, buffers, files.
import _pickle
import copyreg
import io
import pickle


def show(function, *args, **kwargs):
    try:
        print(function(*args, **kwargs))
    except Exception as error:
        print("%s: %s" % (type(error).__name__, error))


class Derived(_pickle.Pickler):
    pass


for attempt in (
        lambda: Derived.__new__(Derived).dump(1), lambda: _pickle.Pickler(3), lambda: _pickle.Pickler(io.BytesIO(), 7),
        lambda: _pickle.Pickler(io.BytesIO(), "a"), lambda: _pickle.Pickler(io.BytesIO(), 4, True, print), lambda: _pickle.Unpickler(3),
        lambda: _pickle.loads("abc"), lambda: _pickle.loads(b"", data=3), lambda: _pickle.PickleBuffer(3), lambda: _pickle.PickleBuffer(),
        lambda: _pickle.PickleBuffer(b"", b""), lambda: _pickle.PickleBuffer(object=b""),
        lambda: _pickle.Unpickler.__new__(_pickle.Unpickler).load(), lambda: _pickle.Unpickler(io.BytesIO(), encoding=3),
        lambda: _pickle.Unpickler(io.BytesIO(), buffers=3), lambda: _pickle.Unpickler(io.BytesIO()).find_class("sys", "xx"),
        lambda: setattr(_pickle.Pickler(io.BytesIO()), "memo", 3), lambda: setattr(_pickle.Pickler(io.BytesIO()), "memo", {1: 2}),
        lambda: setattr(_pickle.Pickler(io.BytesIO()), "memo", {1: ("a", 3)}),
        lambda: setattr(_pickle.Pickler(io.BytesIO()), "persistent_id", 3), lambda: delattr(_pickle.Pickler(io.BytesIO()), "persistent_id"),
        lambda: delattr(_pickle.Pickler(io.BytesIO()), "memo"), lambda: delattr(_pickle.Pickler(io.BytesIO()), "bin"),
        lambda: delattr(_pickle.Pickler(io.BytesIO()), "dispatch_table"), lambda: setattr(_pickle.Pickler(io.BytesIO()), "bin", "x"),
        lambda: setattr(_pickle.Unpickler(io.BytesIO()), "memo", {1: 2, "x": 4}),
        lambda: setattr(_pickle.Unpickler(io.BytesIO()), "memo", {-1: 2}), lambda: setattr(_pickle.Unpickler(io.BytesIO()), "memo", 3),
        lambda: _pickle.Unpickler(io.BytesIO()).persistent_load, lambda: _pickle.Pickler(io.BytesIO()).persistent_id,
        lambda: _pickle.Pickler(io.BytesIO()).dispatch_table, lambda: Derived(io.BytesIO()).dispatch_table,
        lambda: _pickle.dumps(lambda: 0), lambda: _pickle.dumps(iter([]).__class__), lambda: _pickle.dumps(memoryview(b""))):
    show(attempt)

# --- the memo
file = io.BytesIO()
pickler = _pickle.Pickler(file)
shared = ["x"]
pickler.dump(shared)
first = file.tell()
pickler.dump(shared)
print(file.getvalue()[first:], sorted(pickler.memo.copy()[id(shared)][:1]))
print(pickler.memo.__reduce__() == (dict, (pickler.memo.copy(),)))
other = _pickle.Pickler(io.BytesIO())
other.memo = pickler.memo
print(other.memo.copy() == pickler.memo.copy())
other.memo = pickler.memo.copy()
print(other.memo.copy() == pickler.memo.copy())
pickler.clear_memo()
print(pickler.memo.copy())
unpickler = _pickle.Unpickler(io.BytesIO(file.getvalue()))
print(unpickler.load(), unpickler.memo.copy(), unpickler.load(), unpickler.memo.__reduce__())
unpickler.memo.clear()
print(unpickler.memo.copy())


# --- persistent ids
class Persistent(_pickle.Pickler):
    def persistent_id(self, value):
        return "p%s" % value if isinstance(value, int) else None


class Loader(_pickle.Unpickler):
    def persistent_load(self, name):
        return "loaded " + name


for protocol in range(6):
    file = io.BytesIO()
    Persistent(file, protocol).dump([1, "a", {2: 3}])
    print(file.getvalue())
    file.seek(0)
    print(Loader(file).load())
file = io.BytesIO()
pickler = _pickle.Pickler(file, 0)
pickler.persistent_id = lambda value: "é"
show(pickler.dump, 1)
unpickler = _pickle.Unpickler(io.BytesIO(b"P\xff\n."))
unpickler.persistent_load = str
show(unpickler.load)


# --- reducers
class Point:
    def __init__(self, x):
        self.x = x


def make(x):
    return Point(x)


def set_state(point, state):
    point.x = state


class Overriding(_pickle.Pickler):
    def reducer_override(self, value):
        if isinstance(value, Point):
            return make, (value.x * 2,)
        if value is make:
            return "make"
        return NotImplemented


class WithTable(_pickle.Pickler):
    dispatch_table = {Point: lambda point: (make, (point.x * 3,))}


for kind in (Overriding, WithTable):
    file = io.BytesIO()
    kind(file).dump([Point(1), Point(2), Point])
    back = pickle.loads(file.getvalue())
    print([p.x for p in back[:2]], back[2] is Point)
file = io.BytesIO()
pickler = _pickle.Pickler(file)
pickler.dispatch_table = copyreg.dispatch_table.copy()
pickler.dispatch_table[Point] = lambda point: (make, (0,), point.x, None, None, set_state)
pickler.dump(Point(9))
print(pickle.loads(file.getvalue()).x)
copyreg.pickle(Point, lambda point: (make, (point.x * 5,)))
print(pickle.loads(_pickle.dumps([Point(1), Point(1)]))[1].x)
del copyreg.dispatch_table[Point]
print(pickle.loads(_pickle.dumps([Point(1), Point(1)]))[1].x)
for answer in (1, (), (1, 2), (make,), (make, 1), (make, (), None, 1), (make, (), None, None, 1), (make, (), None, None, None, 1),
               (copyreg.__newobj__, ()), (copyreg.__newobj__, (1,)), (copyreg.__newobj__, (int,)), (copyreg.__newobj_ex__, ()),
               (copyreg.__newobj_ex__, (1, 2, 3)), (copyreg.__newobj_ex__, (int, 2, 3)), (copyreg.__newobj_ex__, (int, (), 3)),                (make, (), None, None, iter([1])), (make, (), 1, 2, 3, 4, 5)):
    class Odd:
        def __reduce__(self):
            return answer

    show(_pickle.dumps, Odd())

# --- attributes in the instance, or changed while it is written
point = Point(1)
point.__reduce_ex__ = lambda protocol: (make, (77,))
print(pickle.loads(_pickle.dumps(point)).x)
point = Point(1)
point.__getstate__ = lambda: {"x": 78}
print(pickle.loads(_pickle.dumps(point)).x)


class Changing:
    def __init__(self, owner, how):
        self.owner, self.how = owner, how

    def __reduce__(self):
        self.how(self.owner)
        return int, ()


for how in (lambda o: o.__dict__, lambda o: setattr(o, "new", 1), lambda o: delattr(o, "z"), lambda o: setattr(o, "z", 5)):
    point = Point(1)
    point.y = Changing(point, how)
    point.z = 3
    try:
        print(sorted(pickle.loads(_pickle.dumps(point)).__dict__.items()))
    except RuntimeError as error:
        print("RuntimeError")  # not for the one that only sets what is there

# --- extension codes
copyreg.add_extension(__name__, "Point", 300)
data = _pickle.dumps(Point, 2)
print(data, pickle.loads(data) is Point)
copyreg.remove_extension(__name__, "Point", 300)
copyreg.clear_extension_cache()
show(_pickle.loads, data)

# --- buffers
buffers = []
data = _pickle.dumps([_pickle.PickleBuffer(b"abc"), _pickle.PickleBuffer(bytearray(b"def"))], 5, buffer_callback=buffers.append)
print(data, [bytes(b.raw()) for b in buffers])
back = _pickle.loads(data, buffers=buffers)
print([(type(b).__name__, bytes(b)) for b in back])
print(_pickle.loads(data, buffers=[b"1", bytearray(b"2")]), [type(b) for b in _pickle.loads(data, buffers=[b"1", bytearray(b"2")])])
print(_pickle.dumps([_pickle.PickleBuffer(b"abc"), _pickle.PickleBuffer(bytearray(b"def"))], 5))
show(_pickle.dumps, _pickle.PickleBuffer(b""), 4)
source = bytearray(b"0123")
buffer = _pickle.PickleBuffer(source)
view = memoryview(buffer)
print(view.obj is source, view.tobytes(), bytes(buffer))
buffer.release()
buffer.release()
show(buffer.raw)
show(memoryview, buffer)
show(bytes, buffer)
show(_pickle.dumps, buffer, 5)
show(source.append, 1)
view.release()
source.append(1)
show(_pickle.PickleBuffer(memoryview(b"0123")[::2]).raw)
show(_pickle.dumps, _pickle.PickleBuffer(memoryview(b"0123")[::2]), 5)


# --- files
class Chunks:
    def __init__(self):
        self.sizes = []

    def write(self, chunk):
        self.sizes.append(len(chunk))


for protocol in range(6):
    chunks = Chunks()
    _pickle.dump([b"x" * 70000, "y" * 70000, list(range(60000)), "z", bytearray(70000)], chunks, protocol)
    print(protocol, chunks.sizes)


class Minimal:
    def __init__(self, data):
        self.file = io.BytesIO(data)
        self.log = []

    def read(self, n):
        self.log.append(n)
        return self.file.read(n)

    def readline(self):
        self.log.append("line")
        return self.file.readline()


for protocol in range(6):
    whole = _pickle.dumps([1, "a", (2, 3.5)], protocol)
    minimal = Minimal(whole + b"rest")
    print(_pickle.load(minimal), minimal.log, minimal.file.tell() == len(whole))
peeked = io.BufferedReader(io.BytesIO(_pickle.dumps("one") + _pickle.dumps("two", 0) + b"I5\n."))
print(_pickle.load(peeked), _pickle.load(peeked), _pickle.load(peeked))


class Bad(Minimal):
    def read(self, n):
        return "text"


show(_pickle.load, Bad(b""))
print(_pickle.loads(memoryview(b"I5\n.")))


# What a subclass says about persistent_id and dispatch_table while __init__ runs: a method, an attribute, __getattr__, or nothing.
class Method(pickle.Pickler):
    def persistent_id(self, obj):
        return 'p' if obj == 'persistent' else None


class Attribute(pickle.Pickler):
    dispatch_table = {complex: lambda c: (str, ('a complex',))}


class ByGetattr(pickle.Pickler):
    def __getattr__(self, name):
        asked.append(name)
        if name == 'dispatch_table':
            return {complex: lambda c: (str, ('by getattr',))}
        raise AttributeError(name)


class ByGetattribute(pickle.Pickler):
    def __getattribute__(self, name):
        asked.append(name)
        return super().__getattribute__(name)


def pickled(kind, obj):
    out = io.BytesIO()
    kind(out).dump(obj)
    return out.getvalue()


asked = []
print(b'persistent' in pickled(Method, 'persistent'), pickle.loads(pickled(Attribute, 1j)))
print(pickle.loads(pickled(ByGetattr, 1j)), asked)
asked.clear()
print(pickle.loads(pickled(ByGetattribute, 1j)), asked)
for name in ('dispatch_table', 'persistent_id'):
    print(hasattr(pickle.Pickler(io.BytesIO()), name))
