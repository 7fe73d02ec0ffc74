# A function called by way of a native (__setattr__, __getattr__) begins to trace: the loop that called the native traces, too,
# though another native calls Python before its next poll.
import sys
LOG = []
def tr(f, e, a):
    LOG.append((e, f.f_code.co_name, f.f_lineno))
N = 0
def tick(v=None):
    global N
    N += 1
    if N == K: act()
def act():
    sys.settrace(tr)
    sys._getframe(2).f_trace = tr
class C0:
    def __call__(self, a): return a
    def __getattr__(self, n): return 1
    def __setattr__(self, n, v):
        tick()
def note(x): pass
o0 = C0(); o = C0(); o1 = C0()
def d0(n):
    for i in range(n):
        try:
            try:
                o1[1] = 5
            except Exception as x: note(x)
            o1.x = 1 / i
            try:
                o0.z = o.p
                o0(1)
            finally:
                tick()
            tick()
        except Exception as x: note(x)
for K in range(2, 12):
    N = 0
    d0(5)
    sys.settrace(None)
    print(K)
    for l in LOG[:30]: print(*l)
    LOG.clear()
