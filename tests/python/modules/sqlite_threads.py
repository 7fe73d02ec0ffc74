# sqlite3: other threads run while a query does; callbacks come back to the thread that asked; connections dropped without close().
# baton-only: CPython 3.11 can deadlock here, when a callback wants the GIL that another user of the connection holds
import gc
import os
import sqlite3
import tempfile
import threading
import time

# A long query lets others run (the GIL is free), and interrupt() ends it.
connection = sqlite3.connect(":memory:", check_same_thread=False)
slow = "with recursive r(x) as (select 1 union all select x + 1 from r) select count(*) from r"
ended = []


def query():
    try:
        connection.execute(slow).fetchall()
    except sqlite3.OperationalError as error:
        ended.append(str(error))


thread = threading.Thread(target=query)
thread.start()
start = time.monotonic()
count = 0
while time.monotonic() - start < 0.3:
    count += 1
print(count > 100)
# expect: True
while thread.is_alive():
    connection.interrupt()
    thread.join(0.05)
print(ended)
# expect: ['interrupted']

# Threads with connections of their own to one file, each with a function in Python.
path = os.path.join(tempfile.mkdtemp(), "database")
with sqlite3.connect(path) as setup:
    setup.execute("create table t(thread, n)")
setup.close()
failures = []


def work(number):
    try:
        own = sqlite3.connect(path, timeout=60)
        own.create_function("twice", 1, lambda n: n * 2)
        for i in range(20):
            with own:
                own.execute("insert into t values(?, twice(?))", (number, i))
        own.close()
    except Exception as error:
        failures.append(error)


threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
check = sqlite3.connect(path)
print(failures, check.execute("select thread, count(*), sum(n) from t group by thread order by 1").fetchall())
# expect: [] [(0, 20, 380), (1, 20, 380), (2, 20, 380), (3, 20, 380)]

# One connection by several threads at once: a function runs in the thread that executes, and queries wait for each other.
shared = sqlite3.connect(":memory:", check_same_thread=False)
idents = []
shared.create_function("who", 0, lambda: idents.append(threading.get_ident()) or threading.get_ident())
wrong = []


def ask():
    for _ in range(100):
        if shared.execute("select who()").fetchone()[0] != threading.get_ident():
            wrong.append(1)


threads = [threading.Thread(target=ask) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(wrong, len(idents), len(set(idents)) <= 3)
# expect: [] 300 True
try:
    threading.Thread(target=lambda: None).start()
    caught = []

    def other():
        try:
            check.execute("select 1")
        except sqlite3.ProgrammingError as error:
            caught.append(str(error)[:60])

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    print(caught)
# expect: ['SQLite objects created in a thread can only be used in that ']
finally:
    check.close()

# The cursor that executes can't be used by its own callbacks, another one can.
inner = sqlite3.connect(":memory:")
cursor = inner.cursor()
messages = []


def again():
    try:
        cursor.execute("select 2")
    except sqlite3.ProgrammingError as error:
        messages.append(str(error))
    return inner.execute("select 3").fetchone()[0]


inner.create_function("again", 0, again)
print(cursor.execute("select again()").fetchall(), messages)
# expect: [(3,)] ['Recursive use of cursors not allowed.']

# Dropped in the middle of everything.
for i in range(30):
    lost = sqlite3.connect(path)
    half_read = lost.execute("select * from t")
    next(half_read)
    del lost, half_read
gc.collect()
with sqlite3.connect(path) as last:
    last.execute("insert into t values(9, 9)")
print(last.execute("select count(*) from t").fetchone())
# expect: (81,)
last.close()
os.unlink(path)
