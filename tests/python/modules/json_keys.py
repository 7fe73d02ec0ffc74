# Objects of JSON documents: keys of all lengths and widths, repeated ones within a document and from one to the next, twice in one
# object, beside what Python's own scanner makes of the same text; hooks that change or drop what they get; threads.
import gc
import json
import random
import threading
from json.scanner import py_make_scanner

decoder = json.JSONDecoder()
plain_scan = py_make_scanner(json.JSONDecoder())


def check(text):
    got, expected = decoder.decode(text), plain_scan(text, 0)[0]
    assert got == expected and repr(got) == repr(expected), text
    return got


rng = random.Random(4)
LETTERS = ['abcdefgh', 'ab', 'äöü', 'aé', 'a漢b', 'a\U0001f600']


def some_key(length, letters):
    return ''.join(rng.choice(letters) for _ in range(length))


for letters in LETTERS:
    for length in [*range(12), 15, 16, 17, 31, 32, 33, 34, 64, 100]:
        keys = [some_key(length, letters) for _ in range(5)]
        for ascii_only in True, False:
            text = json.dumps([{k: i} for i, k in enumerate(keys)] * 2 + [dict.fromkeys(keys)], ensure_ascii=ascii_only)
            check(text)
            check(text[:-1] + ', "漢"]')

# keys that differ in the middle only, or in length
check(json.dumps([{f'first{i:03}last.....': i} for i in range(300)] * 2))
check(json.dumps({'a' * i: i for i in range(50)}))
check(json.dumps({chr(i): i for i in range(1, 3000)}, ensure_ascii=False))
check('{"a\\u0062": 1, "ab": 2, "a\\"b": 3, "\\\\": 4, "": 5}')

# one object for equal keys of a document
a, b = decoder.decode('[{"some_key": 1, "other é": 2}, {"some_key": 3, "other é": 4}]')
assert all(x is y for x, y in zip(a, b))

# of equal keys the first one's place and the last one's value
assert list(check('{"a": 1, "b": 2, "a": 3, "c": {"a": 1, "a": 2}, "b": 4}').items()) == [('a', 3), ('b', 4), ('c', {'a': 2})]
assert json.loads('{"a": 1, "a": 2}', object_pairs_hook=list) == [('a', 1), ('a', 2)]
many = ', '.join(f'"k{i % 70}": {i}' for i in range(500))
check('{' + many + '}')

# sizes around those of tables, nested; what comes out can be changed
for n in [*range(1, 25), 40, 41, 80, 81, 160, 161, 700, 70000]:
    d = check(json.dumps({f'k{i}': i for i in range(n)})) if n < 1000 else json.loads(json.dumps({f'k{i}': i for i in range(n)}))
    assert len(d) == n and d[f'k{n - 1}'] == n - 1
    d['more'] = 1
    del d['k0']
    assert len(d) == n and list(d)[-1] == 'more'
deep = '{"a": ' * 200 + '{}' + ', "b": [{"a": 1}]}' * 200
check(deep)

# hooks between an object's members
got = json.loads('[{"x": {"y": {"z": 1}}, "w": {"v": 2}}, {"u": {}}]', object_hook=lambda d: (gc.collect(), tuple(d.items()))[1])
assert got == [(('x', (('y', (('z', 1),)),)), ('w', (('v', 2),))), (('u', ()),)], got


def failing(d):
    if 'bad' in d:
        raise KeyError('bad')
    return d


for _ in range(3):
    try:
        json.loads('{"a": {"b": 1}, "c": {"bad": 1}}', object_hook=failing)
    except KeyError:
        pass
    else:
        raise AssertionError
assert json.loads('{"a": {"b": json}}'.replace('json', '2'), object_hook=failing) == {'a': {'b': 2}}
for broken, message in [('{"a": 1,}', 'Expecting property name'), ('{"a" 1}', "Expecting ':'"), ('{"a": 1 "b"}', "Expecting ','"),
                        ('{"abc', 'Unterminated string'), ('{"a\tb": 1}', 'Invalid control character'), ('{"a', 'Unterminated'),
                        ('{"' + 'k' * 40, 'Unterminated'), ('{"' + 'k' * 32, 'Unterminated')]:
    try:
        json.loads(broken)
    except json.JSONDecodeError as e:
        assert e.msg.startswith(message), (broken, e)
    else:
        raise AssertionError(broken)
assert json.loads('{"a\tb": 1}', strict=False) == {'a\tb': 1}


def work(seed, wrong):
    mine = random.Random(seed)
    for _ in range(150):
        d = {some: mine.random() for some in [f'key{mine.randrange(3000)}' for _ in range(20)]}
        if json.loads(json.dumps(d)) != d:
            wrong.append(d)


wrong = []
threads = [threading.Thread(target=work, args=(seed, wrong)) for seed in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not wrong
