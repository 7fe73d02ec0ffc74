# What sqlite3 says of functions with too many parameters, of seeks beyond a C int, and of scripts at the limit of length.
import sqlite3


class Window:
    def step(self, x):
        pass

    inverse = step

    def value(self):
        return 1

    finalize = value


def show(function, *args):
    try:
        print("ok", function(*args))
    except (sqlite3.Error, OverflowError, ValueError) as error:
        print(type(error).__name__, error)


connection = sqlite3.connect(":memory:")
show(connection.create_window_function, "f", -100, Window)
show(connection.create_window_function, "x" * 300, 1, Window)
show(connection.create_function, "f", -100, len)
show(connection.create_aggregate, "f", -100, Window)

connection.execute("create table t(b blob)")
connection.execute("insert into t values (zeroblob(10))")
blob = connection.blobopen("t", "b", 1)
show(blob.seek, 2**31 - 1, 2)
blob.seek(5)
show(blob.seek, 2**31 - 1, 1)
show(blob.seek, -5)
blob.close()

connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 8)
for length in (7, 8, 9, 10):
    show(connection.cursor().executescript, "a" * length)
    show(connection.executescript, "a" * length)
    show(connection.execute, "a" * length)
