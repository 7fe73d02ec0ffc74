# sqlite3: errors with their texts, functions and hooks in Python, rows, blobs, adapters and converters, backups, dumps.
import sqlite3
c=sqlite3.connect(':memory:')
class X: pass
def t(f):
    try:
        r=f()
        print(r if not 'object at' in repr(r) else type(r))
    except Exception as e:
        print(type(e).__module__, type(e).__name__, e, getattr(e, 'sqlite_errorcode', None), getattr(e, 'sqlite_errorname', None))
cur=c.cursor()
for f in (lambda:c.execute('select ?',(X(),)), lambda:c.execute('select :a',{'a':X()}),
          lambda:c.execute('select :a',{}), lambda:c.execute('select ?',{}), lambda:c.execute('select ?',()),
          lambda:c.execute('select ?',3), lambda:c.execute('select ?',(2**70,)), lambda:c.execute('foo'),
          lambda:c.execute('select 1; select 2'), lambda:c.execute(''), lambda:c.execute('--'), lambda:c.execute(3),
          lambda:c.execute('select 1\0'), lambda:c.executemany('select 1',[()]), lambda:cur.execute('select 1',1,2),
          lambda:cur.execute(), lambda:c.execute('select ?',('\udc80',)),
 lambda:cur.fetchone(), lambda:cur.fetchmany(), lambda:cur.fetchall(), lambda:cur.rowcount, lambda:cur.lastrowid,
           lambda:cur.description, lambda:cur.arraysize, lambda:c.isolation_level,
           lambda:setattr(c,'isolation_level','x'), lambda:setattr(c,'isolation_level',3),
           lambda:delattr(c,'isolation_level'), lambda:sqlite3.connect('/nonexistent/x'), lambda:sqlite3.connect(3),
           lambda:sqlite3.connect(), lambda:c.cursor(3), lambda:c.cursor(lambda x:3), lambda:sqlite3.Cursor(3),
           lambda:sqlite3.Cursor(), lambda:sqlite3.adapt(X()), lambda:sqlite3.adapt(X(),None,5),
           lambda:sqlite3.Row(1,2), lambda:sqlite3.Row(cur,2), lambda:sqlite3.Row(cur,(2,)),
           lambda:c.create_function('f',1,3), lambda:c.create_function('f',-5,3), lambda:c.create_collation('x',3),
           lambda:c.set_trace_callback(None), lambda:c('select 1'), lambda:c.executescript('select 1; foo'),
           lambda:c.executescript(3), lambda:c.executescript('a\0b'),
           lambda:sqlite3.Connection.__new__(sqlite3.Connection).commit(),
           lambda:sqlite3.Cursor.__new__(sqlite3.Cursor).execute(''), lambda:sqlite3.complete_statement('select 1;'),
           lambda:c.getlimit(1), lambda:c.getlimit(99), lambda:c.setlimit(1,100000), lambda:c.blobopen('a','b',1),
           lambda:c.enable_load_extension(0), lambda:c.total_changes, lambda:c.in_transaction, lambda:c.backup(3),
           lambda:c.backup(c), lambda:c.serialize(name='x'), lambda:sqlite3.register_converter(3,3),
           lambda:sqlite3.enable_callback_tracebacks(0), lambda:c.Error is sqlite3.Error):
    t(f)
c.create_function('f',1,lambda x:1/0);
t(lambda:c.execute('select f(1)').fetchall())
c.execute('create table t(a int primary key, b)'); c.execute('insert into t values(1,2)')
t(lambda:c.execute('insert into t values(1,2)'))
c.create_function('g',-1,lambda *x:X()); t(lambda:c.execute('select g(1)').fetchall())
c.create_function('h',-1,lambda *x:2**80); t(lambda:c.execute('select h(1)').fetchall())
c.create_function('k',-1,lambda *x:(len(x),x)[0]); t(lambda:c.execute("select k(1,'a',x'00',null,2.5)").fetchall())
class Agg:
    def step(self,x): raise ValueError
    def finalize(self): return 1
c.create_aggregate('agg',1,Agg); t(lambda:c.execute('select agg(a) from t').fetchall())
class A2:
    def finalize(self): return 1
c.create_aggregate('agg2',1,A2); t(lambda:c.execute('select agg2(a) from t').fetchall())
class A3:
    def __init__(self): 1/0
c.create_aggregate('agg3',1,A3); t(lambda:c.execute('select agg3(a) from t').fetchall())
class A4:
    def __init__(self): self.n=0
    def step(self,x): self.n+=x
    def finalize(self): return self.n
c.create_aggregate('agg4',1,A4); t(lambda:c.execute('select agg4(a) from t').fetchall())
class W(A4):
    def inverse(self,x): self.n-=x
    def value(self): return self.n
c.create_window_function('w',1,W)
c.executemany('insert into t values(?,?)',[(i,str(i)) for i in range(10,20)])
t(lambda:c.execute('select a, w(a) over (order by a rows between 1 preceding and 1 following) from t').fetchall())
c.create_collation('rev',lambda a,b:(a<b)-(a>b))
t(lambda:c.execute('select b from t where typeof(b)="text" order by b collate rev').fetchall())
c.text_factory=lambda b:b+b'!'; t(lambda:c.execute("select 'x'").fetchall())
c.text_factory=str; t(lambda:c.execute("select cast(x'ff' as text) as q").fetchall())
cur=c.execute('select * from t'); print(cur.description, cur.rowcount)
print(next(cur), cur.fetchmany(2), cur.fetchone(), len(cur.fetchall()))
cur=c.execute("update t set b=3"); print(cur.description, cur.rowcount,cur.lastrowid, c.in_transaction)
cur=c.execute("insert into t values (100,1),(101,2) returning a"); print(cur.fetchall(), cur.rowcount,cur.lastrowid)
traced=[]; c.set_trace_callback(traced.append); c.execute('select ?',(5,)); print(traced); c.set_trace_callback(None)
c.rollback()
auth=[]
c.set_authorizer(lambda *a:auth.append(a) or sqlite3.SQLITE_OK); c.execute('select b from t'); print(auth)
c.set_authorizer(None)
c.set_authorizer(lambda *a:sqlite3.SQLITE_DENY); t(lambda:c.execute('select b from t')); c.set_authorizer(None)
counting='with recursive r(x) as (select 1 union all select x+1 from r where x<1000) select count(*) from r'
n=[0]
def prog(): n[0]+=1; return 0
c.set_progress_handler(prog,10); c.execute(counting).fetchall(); print(n[0]>10); c.set_progress_handler(lambda:1,10)
t(lambda:c.execute(counting).fetchall()); c.set_progress_handler(None,0)
c.row_factory=sqlite3.Row
r=c.execute('select 1 as a, 2 as b').fetchone()
print(r['A'],r[1],r[-1],r[0:1],r.keys(),tuple(r),len(r),r==r,hash(r)==hash(r),dict(r)); t(lambda:r['x'])
t(lambda:r[5]); t(lambda:r[1.5])
with c: c.execute('insert into t values(7,8)')
print(c.in_transaction)
try:
    with c:
        c.execute('insert into t values(8,8)'); 1/0
except ZeroDivisionError: pass
c.row_factory=None
print(c.execute('select * from t').fetchall())
print('\n'.join(c.iterdump()))
d=sqlite3.connect(':memory:'); steps=[]
c.backup(d,pages=1,progress=lambda *a:steps.append(a)); print(steps[-1], d.execute('select count(*) from t').fetchall())
d2=sqlite3.connect(':memory:'); d2.deserialize(d.serialize()); print(d2.execute('select * from t').fetchall())
d2.execute('create table b(x)'); d2.execute('insert into b values(zeroblob(10))')
with d2.blobopen('b','x',1) as b:
    b.write(b'hello'); b.seek(0); print(b.read(3), b.tell(), len(b), b[0], b[1:4], b[::2]); b[0]=74; b[1:3]=b'EL'
    b.seek(-1,2)
    for f in (lambda:b.write(b'xx'), lambda:b[100], lambda:b.seek(100), lambda:b.__delitem__(1),
              lambda:b.__setitem__(0,300), lambda:b['a'], lambda:b.__setitem__(slice(0,2),b'xyz')): t(f)
t(lambda:b.read()); print(d2.execute('select x from b').fetchall())
import datetime
e=sqlite3.connect(':memory:',detect_types=sqlite3.PARSE_DECLTYPES|sqlite3.PARSE_COLNAMES)
e.execute('create table d(a date, b timestamp, c)')
e.execute('insert into d values(?,?,?)',(datetime.date(2020,1,2),datetime.datetime(2020,1,2,3,4,5),datetime.date(2021,1,1)))
cur=e.execute('select a,b,c as "c [date]" from d'); print(cur.description, cur.fetchall())
class P:
    def __init__(s,x): s.x=x
    def __conform__(s,proto): return 'P%d'%s.x if proto is sqlite3.PrepareProtocol else None
print(e.execute('select ?',(P(3),)).fetchall())
sqlite3.register_adapter(P,lambda p:p.x*2); print(e.execute('select ?',(P(3),)).fetchall())
print(e.execute('select :a+:b',{'a':1,'b':2}).fetchall(), e.execute('select ?2,?1',[1,2]).fetchall())
c.close()
cur=c.cursor if 0 else None
for f in (lambda:c.execute('select 1'), lambda:c.commit(), lambda:c.cursor(), lambda:c.close(),
          lambda:c.total_changes, lambda:c.isolation_level, lambda:c.interrupt(), lambda:c.in_transaction): t(f)
