# list.pop(), dict.get() and range() in code that runs often: of what machine code does by itself, of subclasses, and the errors.
import collections


def taken(n):
    t = 0
    class L(list): pass
    class D(dict):
        def __missing__(self, k): return 'missing'
    d = {1: 'a', 'k': 2, (1, 2): 3}; e = {}; od = collections.OrderedDict(k=1); dd = collections.defaultdict(int, k=5); s = D(k=3)
    r = []
    for i in range(n):
        l = [i, 2, None]; m = L([1, 2])
        x = l.pop(), l.pop(), m.pop()
        l.append(7); y = l.pop(), l.pop()
        try: l.pop()
        except IndexError as q: t += len(str(q))
        big = [0] * 70
        while big: t += big.pop()
        st = [1]
        while st:
            z = st.pop()
            if z < 20: st.append(z * 2); st.append(z * 3)
            t += z
        r = [x, y, d.get(1), d.get('k'), d.get('k', 9), d.get('nix'), d.get('nix', 9), d.get((1, 2)), d.get((1, 3), i), e.get(1), e.get(1, 2),
             od.get('k'), dd.get('k'), dd.get('z'), s.get('k'), s.get('q'), d.get(1.0), d.get(True), d.get(None, 'n'), d.get(2 ** 70)]
        try: d.get([])
        except TypeError as q: r.append(str(q))
        f = {i: i}; del f[i]; r.append(f.get(i, 'gone'))
    return t, r


def ranges(n):
    t = 0; r = []
    for i in range(n):
        for a in range(3): t += a
        for a in range(i, i + 2): t += a
        for a in range(5, i % 9): t -= a
        for a in range(-3): t = None
        for a in range(-3, 1): t += a
        r = [range(i), range(-i), range(i, 5), range(5, i), range(True), range(1 << 60), range(-(1 << 60), 1 << 60), range(1 << 70), range(-1 << 61, (1 << 61) - 1)]
        if i % 500 == 0:
            print(r, [len(q) if q.stop < 1 << 62 and q.start > -(1 << 59) else q[-1] for q in r], r[0] == range(0, i, 1), [q.step for q in r], r[2].index(4) if 4 in r[2] else None)
            for bad in (lambda: range('a'), lambda: range(1.5, 2), lambda: range(None)):
                try: bad()
                except TypeError as q: print(q)
    return t


print(taken(1500))
print(ranges(1501))
