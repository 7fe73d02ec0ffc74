# Native types whose __getitem__ takes keys only aren't iterated; and texts of wrong calls next to them.
import re
import sqlite3


def show(label, f):
    try:
        print(label, repr(f())[:60])
    except Exception as e:
        print(label, type(e).__name__, e)


connection = sqlite3.connect(':memory:')
connection.execute('create table t(b blob)')
connection.execute('insert into t values (zeroblob(5))')
blob = connection.blobopen('t', 'b', 1)
for label, v in ('match', re.match('(a)', 'a')), ('blob', blob):
    show(label, lambda: list(v))
    show(label, lambda: iter(v))
    show(label, lambda: [*v])
    show(label, lambda: print(*v))
    show(label, lambda: 0 in v)
    show(label, lambda: reversed(v))
    show(label, lambda: v[0])
    show(label, lambda: tuple(x for x in v))

# The connection is looked at before the arguments.
for closed in False, True:
    c = sqlite3.connect(':memory:')
    if closed:
        c.close()
    for arguments in (), (5,), ('select 1', 2):
        show(('call', closed), lambda: c(*arguments))
    show(('keyword', closed), lambda: c(sql='select 1'))
    show(('both', closed), lambda: c('select 1', x=2))
    show(('unbound', closed), lambda: sqlite3.Connection.__call__(5))

show('super', lambda: super(1, 2, 3))
show('super', lambda: super(1))
show('super', lambda: super(x=1))
show('super', lambda: super.__init__())
show('super', lambda: super.__init__(5))
show('super', lambda: super(int, 5).__init__(int, 5, 6))
show('super', lambda: super(int, True).bit_length())
