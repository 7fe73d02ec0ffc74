# d[k] by keys of all kinds, with hashes and comparisons that fail, in code that runs often.
d = {1.5: 'a', b'x': 'b', (1, 2, 3, 4, 5): 'c', 1 << 70: 'd', 'k' * 50: 'e', None: 'f', True: 'g', frozenset({1}): 'h'}
class K:
    def __init__(self, v): self.v = v
    def __hash__(self): return hash(self.v)
    def __eq__(self, other): return self.v == (other.v if isinstance(other, K) else other)
class Bad:
    def __hash__(self): raise ValueError('no hash')
class BadEq:
    def __hash__(self): return hash(1.5)
    def __eq__(self, other): raise ValueError('no eq')
class Missing(dict):
    def __missing__(self, key): return 'missing'
def get(d, k):
    return d[k]
keys = [1.5, b'x', (1, 2, 3, 4, 5), 1 << 70, 'k' * 50, None, 1, frozenset({1}), K(1.5), K('k' * 50), K('none'), 2.5, b'y',
        [1], {}, Bad(), BadEq(), (1, [2]), 1 << 71, 'z' * 50, 7]
for r in range(300):
    out = []
    for k in keys:
        for t in d, Missing(d):
            try: out.append(get(t, k))
            except Exception as e: out.append((type(e).__name__, str(e) if 'K object' not in str(e) else 'K', e.__context__))
    try: d[5]
    except KeyError as e: out.append(e.args)
print(out)
