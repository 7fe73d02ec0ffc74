# Tuples as keys of dicts and members of sets in code that runs often: of ints, of texts, and of what has other hashes or is equal to
# such without being the same.
def tuple_keys(n):
    d = {}; s = set(); hits = 0; f = frozenset([(1, 2), ('a', 3)])
    text = ['x', 'yy', 'z' * 70]
    for i in range(n):
        x, y = i % 7 - 3, i % 5
        k = (x, y)
        d[k] = d.get(k, 0) + 1
        d[text[i % 3], y] = i
        hits += ((x, y) in d) + ((y, x) in d) * 2 + ((x, y, 0) in s) + (() in d) + ((x,) not in d) + ((1, y) in f) + ((chr(97 + y), 3) in f)
        s.add((x, y)); s.add((y, text[x % 3])); s.add((x, (y,))); s.add((x, y, x, y, x)); s.add((True, y)); s.add((1.0, y)); s.add((x, None))
        d[(1 << 60) + x, y] = 1; d[-(1 << 61), 0] = 2; d[10 ** 30, y] = 3
        hits += d[x, y] + d[(1 << 60) + x, y] + d[-(1 << 61), 0] + d[10 ** 30, y] + len(d[text[i % 3] + '', y].__class__.__name__)
        if (x, x) in d: del d[x, x]
        try: d[x, 'none']
        except KeyError as e: hits += len(e.args[0])
        e = {(x, y): 1, (y, x): 2, 'q': 3, (True, False): 4, (1, 0): 5}
        hits += len(e) + e[1, 0] + e[(x, y)]
        g = {(a, b): a * b for a in range(3) for b in range(2)}; h = {(a, b) for a in range(3) for b in range(2)}
        hits += len(g) + len(h) + g[2, 1] + ((1, 1) in h) + ((5, 5) in h)
        try: ([], 1) in d
        except TypeError as e: hits += len(str(e))
    r = {}
    r[1, 2] = 'a'; r['k'] = 'b'
    try: (lambda **k: k)(**r)
    except TypeError as e: print(e)
    return hits, sorted(map(repr, d))[:12], sorted(map(repr, s))[:20], len(d), len(s), hash((-1, 'x')) == hash((-1, 'x')), {(-1, -2): 1}[-1, -2], (-2, -1) in {(-1, -2)}


print(tuple_keys(2500))


def spoiled(n):
    # A dict that has had a tuple as a key is no longer one of strings only.
    for i in range(n):
        d = {}
        d['a'] = i
        d[i, 1] = 2
        t = {'a': 1, ('b', i): 2}
        for x in d, t:
            try: dict(**x)
            except TypeError as e: m = str(e)
    return m


print(spoiled(1500))
