# Which parameters are adapted: types that SQLite knows only once one of them has an adapter; what is left of a statement that is done.
import sqlite3

con = sqlite3.connect(":memory:")


def back(*values):
    return con.execute("select " + ", ".join("?" * len(values)), values).fetchone()


class Point:
    def __init__(self, x):
        self.x = x

    def __conform__(self, protocol):
        return f"point {self.x}" if protocol is sqlite3.PrepareProtocol else None


class Refuses:
    def __conform__(self, protocol):
        raise TypeError("no")


class Number(int):
    pass


print(back(1, 2.5, "x", None, b"b", bytearray(b"a"), True, Number(7), Point(3)))
try:
    back(Refuses())
except sqlite3.Error as e:
    print(type(e).__name__, e)
sqlite3.register_adapter(Number, lambda n: f"number {int(n)}")
print(back(1, Number(7), True))
sqlite3.register_adapter(bool, lambda b: "yes" if b else "no")
print(back(1, True, False))
sqlite3.register_adapter(int, lambda n: n * 2)
sqlite3.register_adapter(str, lambda s: s.upper())
print(back(1, "x", 2.5, True, Number(7)))
sqlite3.register_adapter(float, lambda f: -f)
print(back(1, "x", 2.5))
for kind in (int, str, float, bool):
    sqlite3.register_adapter(kind, lambda v: v)
print(back(1, "x", 2.5))

# statements that are done are reset, whoever has their cursor
con.execute("create table t(a integer primary key, b)")
cursors = [con.execute("insert into t(b) values (?)", (i,)) for i in range(5)]
print([c.lastrowid for c in cursors], [c.rowcount for c in cursors], con.total_changes)
c = con.executemany("insert into t(b) values (?)", [(i,) for i in range(10)])
print(c.rowcount, con.total_changes)
c = con.execute("insert into t(b) values (1), (2) returning a")
print(c.fetchone(), c.rowcount, c.fetchone(), c.rowcount, c.fetchone())
c = con.execute("select a from t where a < 3")
print(c.fetchone(), c.fetchone(), c.fetchone(), c.fetchone(), c.description)
c = con.execute("select a from t where a < 0")
print(c.description, c.fetchall())
con.commit()
c = con.execute("update t set b = ? where a = ?", ("z", 3))
print(c.rowcount, con.in_transaction)
con.rollback()
print(con.execute("select b from t where a = 3").fetchall(), con.in_transaction)
try:
    con.execute("insert into t(a) values (?)", (1,))
except sqlite3.IntegrityError as e:
    print(e)
print(con.execute("insert into t(a) values (?)", (100,)).lastrowid)
try:
    con.executemany("insert into t(a) values (?)", [(200,), (201,), (100,), (202,)])
except sqlite3.IntegrityError as e:
    print(e, con.execute("select a from t where a >= 200").fetchall())
for x, y in con.execute("select a, b from t where a < 4"):
    con.execute("update t set b = ? where a = ?", (y, x))
con.execute("drop table t")
con.close()
