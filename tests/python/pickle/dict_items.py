# SETITEMS: what a dict holds after one or several batches, of keys of any kind, equal ones, into dicts that have keys or are known
# to others already; MEMOIZE beyond the memo's room and into places that are taken.
import io
import pickle
import _pickle


def loads(data):
    got = _pickle.loads(data)
    assert repr(got) == repr(pickle._loads(data))
    return got


# all sizes about those of tables and batches, all protocols
for n in [*range(0, 26), 40, 41, 81, 161, 321, 999, 1000, 1001, 1002, 2001, 3000]:
    for keys in [f'key{i}' for i in range(n)], list(range(n)), [f'k{i}' if i % 7 else i for i in range(n)], [f'ü漢{i}' for i in range(n)]:
        d = {k: [i] for i, k in enumerate(keys)}
        for protocol in 0, 2, 5:
            got = loads(pickle.dumps(d, protocol))
            assert got == d and list(got) == keys
            got['new'] = 1
            got.pop(keys[0] if keys else 'new')
            assert len(got) == max(n, 0)

# equal keys: the first one's place, the last one's value; through the memo and not
text = lambda s: b'\x8c' + bytes([len(s)]) + s.encode()
head = b'\x80\x05'
many = b''.join(text(f'k{i % 5}') + b'K' + bytes([i]) for i in range(20))
assert list(loads(head + b'}(' + many + b'u.').items()) == [(f'k{i}', 15 + i) for i in range(5)]
# two batches, the second of known keys
two = head + b'}(' + text('a') + b'K\x01' + text('b') + b'K\x02u(' + text('b') + b'K\x03' + text('c') + b'K\x04u.'
assert list(loads(two).items()) == [('a', 1), ('b', 3), ('c', 4)]
# the dict is its own value, and stands in the memo before it is filled
own = head + b'}\x94(' + text('a') + b'h\x00' + text('b') + b'h\x00u.'
got = _pickle.loads(own)
assert got['a'] is got and got['b'] is got and len(got) == 2
# one of two keys has a hash of its own
assert loads(head + b'}(' + text('a') + b'K\x01K\x07K\x02u.') == {'a': 1, 7: 2}
for bad, error in [(head + b'}(' + text('a') + b'K\x01]K\x02u.', TypeError), (head + b'}(' + text('a') + b'u.', _pickle.UnpicklingError),
                   (head + b'(' + text('a') + b'K\x01u.', _pickle.UnpicklingError)]:
    try:
        _pickle.loads(bad)
    except error:
        pass
    else:
        raise AssertionError(bad)


class Own(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, (value, 'mine'))


got = pickle.loads(pickle.dumps(Own([('a', 1), ('b', 2)])))
assert type(got) is Own and got == {'a': (1, 'mine'), 'b': (2, 'mine')}

# memo: thousands of objects, one Unpickler for several pickles, places put in by number before
strings = [f'text {i}' for i in range(5000)]
for protocol in 1, 2, 4, 5:
    assert loads(pickle.dumps([strings, strings[::-1]], protocol)) == [strings, strings[::-1]]
f = io.BytesIO()
p = pickle.Pickler(f, 4)
for part in range(3):
    p.dump([strings[:100 * part + 50], part])
f.seek(0)
u = pickle.Unpickler(f)
for part in range(3):
    assert u.load() == [strings[:100 * part + 50], part]
taken = head + text('a') + b'q\x010' + text('b') + b'\x940' + text('c') + b'\x940h\x01.'
assert _pickle.loads(taken) == 'c'
