# str.join() of containers that are no lists: deques and arrays (taken in whole), iterators, generators that fail or join in turn.
import array
from collections import OrderedDict, UserList, deque


class Own(deque):
    def __iter__(self):
        return iter(['mine'])


def message(error, separator, items):
    try:
        separator.join(items)
    except error as e:
        return str(e)
    raise AssertionError('nothing raised')


d = deque(['a', 'bc', 'ü', '漢'])
assert '-'.join(d) == 'a-bc-ü-漢' and ''.join(deque(['x'])) == 'x' and '-'.join(deque()) == ''
d.rotate(2)
assert ''.join(d) == 'ü漢abc' and ', '.join(deque('abcdef', maxlen=3)) == 'd, e, f'
assert '-'.join(Own('abc')) == 'mine' and '-'.join(UserList(['a', 'b'])) == 'a-b'
assert '-'.join(array.array('u', 'xyz')) == 'x-y-z'
assert message(TypeError, '-', deque(['a', 1])) == 'sequence item 1: expected str instance, int found'
assert message(TypeError, '-', array.array('i', [1])) == 'sequence item 0: expected str instance, int found'
for items in 5, None, object():
    assert message(TypeError, '-', items) == 'can only join an iterable'

for made in iter(d), reversed(d), (x for x in d), map(str.upper, d), filter(None, d), OrderedDict.fromkeys(d):
    assert '-'.join(made).count('-') == 3, made


def failing():
    yield 'a'
    raise TypeError('mine')


assert message(TypeError, '-', failing()) == 'mine'
assert message(TypeError, '-', dict.fromkeys(d).values()) == 'sequence item 0: expected str instance, NoneType found'


def nested(depth):
    for i in range(3):
        yield ','.join(nested(depth - 1)) if depth else str(i)


assert ';'.join(nested(2)) == ';'.join([','.join(['0,1,2'] * 3)] * 3)
