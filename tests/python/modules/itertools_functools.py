# itertools, functools, operator, heapq, bisect: every function.
import bisect
import functools
import heapq
import itertools as it
import operator as op

L = list
print(L(it.count(5, 2).__class__ and it.islice(it.count(5, 2), 4)), L(it.islice(it.cycle('ab'), 5)),
        L(it.repeat(1, 3)), L(it.accumulate([1, 2, 3])), L(it.accumulate([1, 2, 3], op.mul, initial=2)),
                L(it.chain('ab', [1])), L(it.chain.from_iterable(['ab', 'c'])), L(it.compress('abc', [1, 0, 1])))
print(L(it.dropwhile(lambda x: x < 3, [1, 3, 1])), L(it.takewhile(lambda x: x < 3, [1, 3, 1])),
        L(it.filterfalse(lambda x: x % 2, range(5))), [(k, L(g)) for k, g in it.groupby('aabbca')],
                [(k, L(g)) for k, g in it.groupby(range(6), lambda x: x // 4)], L(it.islice(range(10), 2, 8, 3)),
                        L(it.islice('abc', None)), L(it.pairwise('abcd')))
print(L(it.starmap(pow, [(2, 3), (3, 2)])), [L(t) for t in it.tee([1, 2], 2)],
        L(it.zip_longest('abc', [1], fillvalue='-')), L(it.product('ab', [1, 2])), L(it.product([0, 1], repeat=2)),
                L(it.permutations('abc', 2)), L(it.combinations('abcd', 2)),
                        L(it.combinations_with_replacement('ab', 2)), L(it.permutations([])), L(it.product()))
for bad in ('it.islice([], -1)', 'it.islice([], 0, 5, 0)', 'it.combinations("a", -1)', 'it.count("a")',
        'it.repeat(1, "a")', 'next(it.chain(5))', 'it.tee([], -1)', 'it.zip_longest(1)', 'it.product([1], repeat=-1)',
        'next(it.cycle([]))', 'it.accumulate()', 'it.groupby()', 'it.pairwise(5)', 'it.compress(1, 2)', 'L(it.starmap(pow, [1]))',
            'functools.reduce(op.add, [])', 'functools.partial()', 'functools.partial(5)',
            'functools.reduce(1, [1, 2])', 'functools.lru_cache(5)(5)', 'heapq.heappop([])',
            'bisect.bisect([1, "a"], 2)', 'op.itemgetter()', 'op.attrgetter(5)', 'op.methodcaller()',
            'op.attrgetter("a.b")(5)', 'op.itemgetter(9)([])', 'op.index(1.5)', 'op.length_hint([], "a")', 'op.concat(1, 2)'):
    try:
        r = eval(bad)
        print(bad, 'ok', type(r).__name__)
    except StopIteration:
        print(bad, 'StopIteration')
    except Exception as e:
        print(bad, '->', type(e).__name__, e)
a, b = it.tee(iter(range(5)))
print(next(a), next(a), L(b), L(a), repr(it.count(3)), repr(it.count(1.5, 2)), repr(it.repeat(7, 2)),
        next(it.count(10 ** 30)), it.repeat(1, 5).__length_hint__())
g = it.groupby('aab')
k1, g1 = next(g)
k2, g2 = next(g)
print(k1, L(g1), k2, L(g2))
import copy, pickle
c = it.count(3)
next(c)
print(copy.copy(c), next(pickle.loads(pickle.dumps(it.chain([1, 2])))))

print(op.add(1, 2), op.itemgetter(1)('abc'), op.itemgetter(0, 2)('abc'), op.itemgetter(slice(1, 3))('abcd'),
        op.attrgetter('real', 'imag')(1j), op.methodcaller('split', ',')('a,b'), op.contains([1], 1),
                op.countOf([1, 1], 1), op.indexOf('abc', 'c'), op.not_(1), op.truth([]), op.is_(1, 1),
                        op.iadd([1], [2]), op.setitem, op.concat('a', 'b'), op.inv(5), op.matmul.__name__,
                                op.mod(7, 3), op.call(len, 'ab'), repr(op.itemgetter('a')),
                                        op.attrgetter('__class__.__name__')(5), op.floordiv(7, 2))
h = [5, 1, 4, 2, 3]
heapq.heapify(h)
heapq.heappush(h, 0)
print(heapq.heappop(h), heapq.heappushpop(h, 9), heapq.heapreplace(h, 7), heapq.nlargest(2, h),
        heapq.nsmallest(2, h, key=lambda x: -x), sorted(h), L(heapq.merge([1, 4], [2, 3])),
                L(heapq.merge('ac', 'b', reverse=False)))
xs = [1, 2, 2, 3]
print(bisect.bisect_left(xs, 2), bisect.bisect(xs, 2), bisect.bisect_right(xs, 0), bisect.bisect_left(xs, 5, 1, 3),
        bisect.bisect([(1, 'a')], 1, key=lambda t: t[0]))
bisect.insort(xs, 2.5)
bisect.insort_left(xs, 0)
print(xs, functools.reduce(op.add, [[1], [2]], []), functools.partial(int, base=2)('101'),
        repr(functools.partial(max, 1, key=len)).replace('functools.', '').split(',')[0],
                functools.cmp_to_key(lambda a, b: b - a)(1) < functools.cmp_to_key(lambda a, b: b - a)(0),
                        sorted([1, 3, 2], key=functools.cmp_to_key(lambda a, b: b - a)))


@functools.lru_cache(maxsize=None, typed=True)
def cached(x, y=1):
    calls.append((x, y))
    return x


calls = []
cached(1), cached(1.0), cached(1, y=1), cached(1, 1), cached(1)
print(calls, cached.cache_info(), cached.cache_parameters(), cached.__wrapped__(9), cached.cache_clear(), cached.cache_info())
small = functools.lru_cache(2)(lambda x: calls.append(x) or x)
calls.clear()
for x in 'abacab':
    small(x)
print(calls, small.cache_info(), functools.cache(abs)(-1))
p = functools.partial(functools.partial(lambda *a, **k: (a, sorted(k.items())), 1, a=1), 2, b=2)
print(p(3, a=9), p.args, p.keywords, p.func('z'), functools.WRAPPER_ASSIGNMENTS)
