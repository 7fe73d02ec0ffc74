# sqlite3: a cursor that is let go of in the middle of its rows keeps no transaction open: later statements commit by themselves, see
# what others wrote, and aren't refused; neither are those of other connections. Cursors that are kept go on.
import os, sqlite3, tempfile

def show(what, call):
    try:
        print(what, call())
    except sqlite3.Error as e:
        print(what, type(e).__name__, e)

def rows(connection, sql):
    return connection.execute(sql).fetchall()

def write_ahead(path):
    c = sqlite3.connect(path, isolation_level=None)
    c.execute('pragma journal_mode=wal')  # answers a row
    c.execute('create table t (x)')
    c.execute('insert into t values (1), (2), (3)')
    other = sqlite3.connect(path, timeout=0.1)
    show('what was written is seen by others:', lambda: rows(other, 'select x from t'))
    show('others write:', lambda: other.execute('insert into t values (4)').rowcount)
    show('and commit:', other.commit)
    print('the first of several:', c.execute('select x from t order by x').fetchone())
    other.execute('insert into t values (5)')
    other.commit()
    print('new rows are seen:', c.execute('select count(*) from t').fetchone())
    c.close()
    other.close()

def transactions():
    c = sqlite3.connect(':memory:', isolation_level=None)
    c.execute('create table t (x)')
    c.execute('begin')
    c.execute('insert into t values (1), (2) returning x')
    c.commit()
    c.execute('begin')
    c.execute('insert into t values (3), (4) returning x').fetchone()
    c.execute('commit')
    c.execute('savepoint a')
    c.execute('update t set x = x + 1 returning x').fetchone()
    c.execute('release a')
    print(rows(c, 'select x from t'))
    c.execute('select x from t').fetchone()
    c.execute('vacuum')
    c.execute('select x from t').fetchone()
    c.execute('drop table t')
    c.executescript('create table t (x); insert into t values (1), (2);')
    print(rows(c, 'select x from t'))

def two_connections(path):
    a = sqlite3.connect(path, timeout=0.1)
    a.execute('create table t (x)')
    a.execute('insert into t values (1), (2)')
    a.commit()
    b = sqlite3.connect(path, timeout=0.1)
    print(b.execute('select x from t').fetchone())
    a.execute('insert into t values (3)')
    a.commit()  # b reads no more
    print(rows(b, 'select x from t'))

def kept():
    c = sqlite3.connect(':memory:', isolation_level=None)
    c.execute('create table t (x)')
    c.executemany('insert into t values (?)', [(i,) for i in range(5)])
    seen = []
    for x, in c.execute('select x from t order by x'):
        for y, in c.execute('select x from t where x < ? order by x', (x,)):
            seen.append((x, y))
            c.execute('update t set x = x').fetchone()
    print(seen)
    c.execute('begin')
    writer = c.execute('insert into t values (7), (8) returning x')
    show('a cursor that is kept:', c.commit)
    print(writer.fetchall())
    show('after its end:', c.commit)
    reader = c.execute('select x from t')
    print(reader.fetchone())
    show('a reader that is kept:', lambda: c.execute('drop table t').rowcount)
    print(reader.fetchall())

with tempfile.TemporaryDirectory() as folder:
    write_ahead(os.path.join(folder, 'a.db'))
    for turn in range(3):
        transactions()
        two_connections(os.path.join(folder, f'b{turn}.db'))
    kept()
