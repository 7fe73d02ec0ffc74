# dbm.ndbm: a mapping of bytes in a file. The library writes its own remarks about a database open for reading to stderr.
import dbm
import dbm.ndbm
import os
import tempfile

os.chdir(tempfile.mkdtemp())


def show(what, *namespaces):
    try:
        print(what, "->", repr(eval(what)))
    except Exception as e:
        print(what, "->", type(e).__name__, type(e).__module__, e)


d = dbm.ndbm.open("x", "c")
d["a"] = "1"
d[b"\xff"] = b"two"
d["\u00e9"] = "three"
for what in ("d['a']", "d[b'\\xff']", "d['\u00e9'.encode()]", "sorted(d.keys())", "len(d)", "bool(d)", "'a' in d", "b'a' in d",
             "'b' in d", "1 in d", "d[1]", "d['k']", "d.get(1)", "d.get('k')", "d.get(b'k', 5)", "d.get(bytearray())", "d[memoryview(b'a')]", "d.__setitem__(1, 2)",
             "d.__setitem__('a', 2)", "d.__delitem__('zz')", "d.__delitem__(1)", "d.__delitem__('a')", "'a' in d",
             "d.setdefault('r', 3)", "d.setdefault('r', 'new')", "d['r']", "d.setdefault('r', 'other')", "iter(d)",
             "d.__enter__() is d", "type(d)()", "dbm.ndbm.open(1)", "dbm.ndbm.open('x', 'q')", "dbm.ndbm.open('x', 3)",
             "dbm.ndbm.open('/not there/x')", "dbm.ndbm.library", "dbm.ndbm.error.__mro__", "type(d)", "d.close()", "d.close()",
             "d['a']", "len(d)", "bool(d)", "d.keys()", "d.get('a')", "'a' in d", "d.setdefault('a')", "d.__setitem__('a', 'a')",
             "d.__delitem__('a')", "dbm.whichdb('x')"):
    show(what)

try:
    dbm.ndbm.open("missing", "r")
except dbm.ndbm.error as e:
    print(e.errno, e.strerror, e.filename)

with dbm.open("x", "w") as d:
    for i in range(1000):
        d[str(i)] = str(i * i)
with dbm.open("x", "r") as d:
    print(len(d), sum(int(d[k]) for k in d.keys() if k.isdigit()))
