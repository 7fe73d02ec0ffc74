# dict, its views, set and frozenset: methods, order, operators, hashing protocol, and errors.

d = {'a': 1, 'b': 2}
d['c'] = 3
d.update({'d': 4}, e=5)
d.update([('f', 6), ['g', 7]])
print(d, len(d), list(d), d.get('z'), d.get('z', 0), d.pop('a'), d.pop('zz', None), d.popitem(), d.setdefault('b', 9),
        d.setdefault('n', []), 'b' in d, d.copy() == d)
del d['b']
d['b'] = 'again at the end'
print(list(d.items()), list(d.keys()), list(d.values()), list(reversed(d)), dict.fromkeys('ab', 0),
        dict.fromkeys([1]), dict(a=1), dict([(1, 2)]), dict({'x': 1}, y=2), dict(zip('ab', [1, 2])))
print({'a': 1} | {'b': 2, 'a': 3}, {**{'a': 1}, 'a': 2}, {'a': 1} == {'a': 1.0}, {1: 'x', 1.0: 'y', True: 'z'},
        {} == {}, {'a': 1, 'b': 2} == {'b': 2, 'a': 1})
d |= [('q', 1)]
for bad in ('d["zz"]', 'del d["zz"]', 'd.pop("zz")', '{}.popitem()', 'd[[]]', '{[]: 1}', 'd | [1]', '{} | 5',
        'dict(5)', 'dict([1])', 'dict([(1,)])', 'dict(["abc"])', 'd.update(5)', 'd.update([1])', 'd.get()', 'd.nope',
        '{} < {}', 'hash({})', 'd.get([])', 'dict(1, 2)', 'd.setdefault()', 'd.fromkeys(5)',
            'd[(1, [])]', 'd.keys()[0]', 'd.items() + []', '{1} + {2}', '{1} | [2]', '{1} - [1]', '{1}.remove(2)',
            'set().pop()', '{[]}', '{1}.add([])', 'frozenset().add(1)', '{1} < 5', '{1}.union(5)', 'set(1, 2)',
            'set(5)', 'hash(set())', '{1}[0]', '{{}: 1}', '{1}.discard([])', '{1}.update(5)', '[] in {1}', 'd.pop()'):
    try:
        print(bad, '=', eval(bad) if not bad.startswith('del') else exec(bad))
    except Exception as e:
        print(bad, '->', type(e).__name__, e)
k, v, i = d.keys(), d.values(), d.items()
d['late'] = 1
print('late' in k, 1 in v, ('late', 1) in i, len(k), sorted(k & {'late', 'q'}), sorted(k - {'late'}), k | {'x'} >= k,
        k == set(k), i == set() , k.isdisjoint(['zz']), sorted(k ^ {'q', 'w'}), k.mapping['late'], repr({}.keys()),
                repr({1: 2}.items()), repr({1: 2}.values()))

# Growth, deletion, order under churn.
big = {}
for n in range(5000):
    big[n] = n
    if n % 3 == 0:
        del big[n]
for n in range(0, 5000, 6):
    big[n] = -n
assert len(big) == 5000 - 1667 + 834 and list(big)[-1] == 4998 and list(big)[:3] == [1, 2,
        4] and all(big[n] == n for n in range(1, 5000, 3))
while big:
    big.popitem()
assert not big
for n in range(100):
    big['k%d' % n] = n
for n in range(90):
    del big['k%d' % n]
assert list(big) == ['k%d' % n for n in range(90, 100)]


# The hashing protocol: __hash__ once per lookup, identity before __eq__, equal hashes, __missing__.
class K:
    def __init__(self, n): self.n = n
    def __hash__(self): calls.append(('hash', self.n)); return self.n % 2
    def __eq__(self, o): calls.append(('eq', self.n, o.n)); return self.n == o.n


calls = []
k1, k2, k3 = K(1), K(2), K(3)
box = {k1: 'one', k2: 'two', k3: 'three'}
calls.clear()
assert box[k1] == 'one' and calls == [('hash', 1)]
calls.clear()
assert box[K(3)] == 'three'
print(calls)


class Missing(dict):
    def __missing__(self, key):
        self[key] = key * 2
        return self[key]


m = Missing(a=1)
print(m['a'], m['b'], m.get('zz'), dict(m), 'q' in m)
class BadHash:
    def __hash__(self): return 'x'


class BadEq:
    def __hash__(self): return 1
    def __eq__(self, o): raise RuntimeError('eq')


try:
    {BadHash(): 1}
except TypeError as e:
    print(e)
try:
    {BadEq(): 1, BadEq(): 2}
except RuntimeError as e:
    print(e)


class D(dict):
    def __getitem__(self, k): return 'sub'
    def __setitem__(self, k, v): super().__setitem__(k, ('set', v))
    def keys(self): return ['fake']


s = D(a=1)
s['b'] = 2
s.update(c=3)
print(s['x'], s.get('a'), dict(s), {**s}, list(s), s)
rec = {}
rec['me'] = rec
print(rec)

# set
a, b = {1, 2, 3}, {3, 4}
print(a | b, a & b, a - b, a ^ b, a < {1, 2, 3, 4}, a <= a, a < a, a > {1}, a.issuperset([1]), a.issubset(range(5)),
        a.isdisjoint([9]), a.union([7], (8,)), a.intersection([1, 2], [2]), a.difference([1]),
                a.symmetric_difference([1, 9]), a == frozenset(a))
a.add(5)
a.discard(99)
a.remove(1)
a |= {10}
a &= {2, 3, 10}
a -= {2}
a ^= {3, 11}
a.update([1], {2})
a.intersection_update([1, 2, 10])
a.difference_update([2])
a.symmetric_difference_update({1, 7})
print(sorted(a), len(a), 7 in a, a.copy() is not a, set('hello') == set('ehlo'), {1, 1.0, True}, set(), frozenset(),
        frozenset([1]), repr({1}), repr(frozenset({'x'})))
f = frozenset('ab')
print(hash(f) == hash(frozenset('ba')), f | {'c'} == frozenset('abc'), type(f | {1}).__name__, type({1} | f).__name__,
        {f: 1}[frozenset('ba')], f in {f}, {frozenset('ab')} == {f}, set('ab') in {f})
assert {1, 2} == {2, 1} and {1} != {2} and not {1} == [1]
try:
    {1, 2}.pop() and [] in {frozenset()}
except TypeError as e:
    print(e)
class S(set):
    pass


print(S([1]) | {2}, type(S([1]) | {2}).__name__, type(S([1]).copy()).__name__, S([3]))
primes = {n for n in range(2, 60)} - {n for i in range(2, 8) for n in range(i * 2, 60, i)}
print(sorted(primes), sum(primes), max(primes), len(primes))
import collections
dd = collections.defaultdict(list)
dd['x'].append(1)
od = collections.OrderedDict(a=1, b=2)
od.move_to_end('a')
c = collections.Counter('abracadabra')
cm = collections.ChainMap({'a': 1}, {'a': 2, 'b': 3})
print(dd, od, c.most_common(2), c['zz'], c + collections.Counter('a'), c - collections.Counter('aab'), dict(cm),
        cm['b'], od.popitem(last=False), list(cm))

# One key that comes and goes: what is in front of it is dead, and found by nobody.
class Key:
    def __init__(self, name):
        self.name = name


def come_and_go(d, keys):
    for i in range(40):
        for k in keys:
            assert k not in d and d.setdefault(k, i) == i and d.setdefault(k, -1) == i and d[k] == i
        assert list(d) == keys and d.pop(keys[0]) == i and keys[0] not in d
        d[keys[0]] = -i
        assert list(d) == keys[1:] + keys[:1]
        for k in keys:
            del d[k]
        assert not d and keys[0] not in d
    return len(d)


print([come_and_go({}, keys) for keys in ([Key(1)], [Key(1), Key(2)], [1, 2, 3], ["a", 1, None], [Key(i) for i in range(9)])])
