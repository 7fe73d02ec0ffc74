# What the operator % and mappingproxy() take for a mapping: a deque has items by index only. And empty dicts of exceptions.
import collections
import types


class Derived(collections.deque):
    pass


class Own(collections.deque):
    def __getitem__(self, key):
        return 5


for value in (collections.deque([1]), Derived([1]), Own([1]), [1], range(3), {1: 2}, {1: 2}.keys(), types.MappingProxyType({}), {1}, None):
    for function in (lambda: 'a' % value, lambda: b'a' % value, lambda: '%(a)s' % value, lambda: exec('1', {}, value),
                     lambda: eval('1', {}, value), lambda: type(types.MappingProxyType(value)).__name__, lambda: '%s' % value,
                     lambda: '%(0)s' % value):
        try:
            print(type(value).__name__, function())
        except Exception as error:
            print(type(value).__name__, type(error).__name__, error)

error = ValueError('a')
print(error.__reduce__())
error.attribute = 1
print(error.__reduce__())
other = KeyError('b')
print(other.__dict__, other.__reduce__())
