# Subclasses of Random take what their __init__ takes: the seed is set by it, not as the object is made.
import random, _random
class R(random.Random):
    def __init__(self, a, b, *c, k=0): super().__init__(a)
def t(f, *a, **k):
    try: r = f(*a, **k); print(r if not isinstance(r, _random.Random) else r.random())
    except BaseException as e: print(type(e).__name__, e)
t(R, 1, 2); t(R, 1, [2]); t(R, 1, 2, 3); t(R, 1, 2, k=4)
class Q(random.Random):
    def __init__(self, *a): self.a = a; super().__init__(7)
t(Q, [1]); t(Q, {}); t(Q)
class S(_random.Random):
    def __new__(cls, *a, **k): return super().__new__(cls)
t(S, 5); t(S, 5, x=3); t(S, [5]); t(S, 5, 6)
class T(_random.Random): pass
t(T, 5); t(T, 5, x=3); t(T, x=[5]); t(T, [5]); t(T, 5, 6)
t(_random.Random, 1, 2); t(_random.Random, 1, x=2); t(_random.Random, [1]); t(_random.Random, 3)
r = _random.Random(1); t(r.__init__, 5); t(r.random); t(r.__init__, 5, 6); t(r.__init__, x=3); t(r.__init__, [])
x = _random.Random.__new__(_random.Random, 1, 2, 3); x.seed(4); t(x.random)
t(random.Random, 1, 2); t(random.Random, [1]); t(random.Random, x=3)
