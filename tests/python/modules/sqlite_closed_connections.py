# A connection that is closed gives up its transaction and its locks at once, whatever statements its cursors had: cached, pushed out of the
# cache, never cached, in the middle of their rows.
import os
import sqlite3
import tempfile
import threading
import time

kept = []
directory = tempfile.TemporaryDirectory()
path = os.path.join(directory.name, "numbers.db")


def open_it(**options):
    connection = sqlite3.connect(path, **options)
    kept.append(connection)
    return connection


connection = open_it()
connection.execute("create table numbers(x)")
connection.executemany("insert into numbers values (?)", [(i,) for i in range(9)])
connection.commit()
connection.close()


def reader_in_the_middle():
    connection = open_it()
    connection.execute("select x from numbers").fetchone()
    connection.close()


def writer():
    connection = open_it()
    connection.execute("insert into numbers values (3)")
    print(len(connection.execute("select x from numbers").fetchall()))
    connection.close()


def closed_cursor():
    connection = open_it()
    cursor = connection.cursor()
    cursor.execute("insert into numbers values (3)")
    cursor.close()
    connection.close()


def nothing_cached():
    connection = open_it(cached_statements=0)
    connection.execute("insert into numbers values (3)")
    print(len(connection.execute("select x from numbers").fetchall()))
    connection.close()


def pushed_out():
    connection = open_it(cached_statements=5)
    for i in range(20):
        connection.execute(f"insert into numbers values ({i})")
    connection.close()


class Text(str):
    pass


def text_of_a_subclass():
    connection = open_it()
    connection.execute(Text("insert into numbers values (3)"))
    connection.close()


def writer_with_rows_left():
    connection = open_it()
    connection.execute("insert into numbers values (3)")
    cursor = connection.execute("select x from numbers")
    print(cursor.fetchone())
    connection.close()
    for refused in (cursor.fetchone, cursor.close, connection.commit):
        try:
            refused()
        except sqlite3.ProgrammingError as error:
            print(error)


def many_rows():
    connection = open_it()
    connection.executemany("insert into numbers values (?)", [(1,), (2,)])
    connection.close()


def failed_statements():
    connection = open_it()
    connection.execute("insert into numbers values (1)")
    try:
        connection.execute("select x from numbers where x = ?", ())
    except sqlite3.ProgrammingError as error:
        print(error)
    connection.row_factory = lambda cursor, row: 1 / 0
    try:
        connection.execute("select x from numbers").fetchone()
    except ZeroDivisionError as error:
        print(error)
    connection.close()


def other_thread():
    connection = open_it(check_same_thread=False)
    connection.execute("insert into numbers values (1)")
    connection.execute("select x from numbers").fetchone()
    thread = threading.Thread(target=connection.close)
    thread.start()
    thread.join()


def aggregate_in_the_middle():
    class Sum:
        def __init__(self):
            self.sum = 0

        def step(self, value):
            self.sum += value

        def finalize(self):
            return self.sum

    connection = open_it()
    connection.create_aggregate("total_of", 1, Sum)
    connection.execute("insert into numbers values (1)")
    print(connection.execute("select total_of(x) from numbers where x < 3 group by x % 2 order by 1").fetchone())
    connection.close()


def opened_anew():
    connection = open_it()
    connection.execute("insert into numbers values (1)")
    connection.execute("select 1").fetchall()
    connection.__init__(path)
    connection.close()


def try_to_write():
    writer = sqlite3.connect(path, timeout=10)
    begin = time.monotonic()
    writer.execute("insert into numbers values (5)")
    writer.rollback()
    writer.close()
    print("waited" if time.monotonic() - begin > 8 else "at once")


for close in (
    reader_in_the_middle,
    writer,
    closed_cursor,
    nothing_cached,
    pushed_out,
    text_of_a_subclass,
    writer_with_rows_left,
    many_rows,
    failed_statements,
    other_thread,
    aggregate_in_the_middle,
    opened_anew,
):
    print(close.__name__)
    close()
    try_to_write()

# A journal of the write-ahead kind is gone with the last connection.
connection = open_it()
connection.execute("pragma journal_mode = wal").fetchall()
connection.execute("insert into numbers values (7)")
connection.commit()
print(len(connection.execute("select x from numbers").fetchall()), sorted(os.listdir(directory.name)))
connection.close()
print(sorted(os.listdir(directory.name)))
directory.cleanup()
