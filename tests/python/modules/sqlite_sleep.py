# A program that has dropped a cursor in the middle of its rows, and sleeps, doesn't keep other processes from writing.
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "data.db")
    connection = sqlite3.connect(path)
    connection.execute("create table t (n)")
    connection.executemany("insert into t values (?)", [(n,) for n in range(2000)])
    connection.commit()

    def look():
        return connection.execute("select n from t").fetchone()

    print(look())
    writer = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=20); c.execute('insert into t values (-1)'); c.commit()"
    child = subprocess.Popen([sys.executable, "-c", writer, path], stderr=subprocess.DEVNULL)
    while child.poll() is None:
        time.sleep(1.5)
    print(child.returncode)
    print(connection.execute("select count(*) from t where n = -1").fetchone())
    connection.close()
