# sqlite3: cursors dropped in the middle of their rows by the hundred: their statements are used again, with nothing left of what was
# bound before, also after the schema has changed, in transactions, with several connections, and beside cursors that are kept.
# no-stress
import os
import sqlite3
import tempfile


def many(c, count=400):
    for i in range(count):
        n = i % 10
        assert c.execute("select a, b from t where a >= ? order by a", (n,)).fetchone() == (n, str(n))
        assert c.execute("select b from t where a = :a or a > :a order by a", {"a": n}).fetchone() == (str(n),)
        assert c.execute("select count(*) from t").fetchone() == (20,)
        c.execute("select a from t")
        if i % 7 == 0:
            assert c.execute("select ?", (None,)).fetchone() == (None,)


def table(c):
    c.execute("create table t(a, b)")
    c.executemany("insert into t values(?, ?)", [(i, str(i)) for i in range(20)])


c = sqlite3.connect(":memory:")
table(c)
many(c)  # in the transaction that the inserts have begun
c.commit()
many(c)

# what is not bound again is not there
for _ in range(100):
    assert c.execute("select ?1, a from t", ("kept",)).fetchone() == ("kept", 0)
try:
    c.execute("select ?1, a from t")
except sqlite3.ProgrammingError as e:
    assert str(e).startswith("Incorrect number of bindings supplied."), e
else:
    raise AssertionError("no error")

# cursors that are kept go on where they were
kept = [c.execute("select a from t order by a") for _ in range(50)]
for i in range(5):
    assert [next(k) for k in kept] == [(i,)] * 50
    many(c, 50)
del kept
many(c, 50)

# another schema
c.execute("alter table t add column d default 'new'")
for _ in range(100):
    assert c.execute("select * from t order by a").fetchone() == (0, "0", "new")
c.execute("drop table t")
try:
    c.execute("select * from t order by a")
except sqlite3.OperationalError as e:
    assert str(e) == "no such table: t"
table(c)
many(c, 100)

# user functions, row factories, converters
calls = []
c.create_function("f", 1, lambda x: calls.append(x) or x)
for i in range(100):
    assert c.execute("select f(a) from t order by a").fetchone() == (0,)
c.create_function("f", 1, lambda x: -5)
for i in range(100):
    assert c.execute("select f(a) from t order by a").fetchone() == (-5,)

# defined anew while dropped cursors are in the middle of their rows
c.create_collation("back", lambda a, b: (a < b) - (a > b))
for order in (1, -1):
    c.create_collation("back", lambda a, b: ((a < b) - (a > b)) * order)
    assert c.execute("select b from t where a < 5 order by b collate back").fetchone() == ("4" if order == 1 else "0",)


class Total:
    def __init__(self):
        self.n = 0

    def step(self, x):
        self.n += x

    def finalize(self):
        return self.n * self.factor


for factor in (1, 2):
    c.create_aggregate("total", 1, type("T", (Total,), {"factor": factor}))
    assert c.execute("select total(a), b from t group by b").fetchall()[0][0] == 0
    assert c.execute("select total(a) from t").fetchone() == (190 * factor,)
alive = c.execute("select f(a) from t")
try:
    c.create_function("f", 1, lambda x: 0)
except sqlite3.OperationalError as e:
    assert str(e) == "Error creating function"
else:
    raise AssertionError("no error")
assert next(alive) == (-5,)
del alive
c.create_function("f", 1, None)
c.row_factory = sqlite3.Row
assert all(c.execute("select a as x from t order by a").fetchone()["x"] == 0 for _ in range(100))

# several connections, without a cache, and closed while statements wait
path = os.path.join(tempfile.mkdtemp(), "db")
a, b = sqlite3.connect(path), sqlite3.connect(path, cached_statements=0)
table(a)
a.commit()
for _ in range(3):
    many(a, 60)
    many(b, 60)
    a.execute("insert into t values (100, 'x')")
    a.commit()
    b.execute("delete from t where a = 100")
    b.commit()
a.close()
many(b, 60)
b.close()
os.remove(path)
for _ in range(20):
    c = sqlite3.connect(":memory:")
    table(c)
    many(c, 20)
