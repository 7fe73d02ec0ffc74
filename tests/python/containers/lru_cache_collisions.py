# A hit in a bounded lru_cache searches once; what was asked for last is kept.
import functools


class Key:
    compared = 0

    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return 7

    def __eq__(self, other):
        Key.compared += 1
        return self.value == other.value


@functools.lru_cache(100)
def value_of(key):
    return key.value


value_of(Key(0))
Key.compared = 0
for i in range(100):
    value_of(Key(0))
print(Key.compared, value_of.cache_info())
for i in range(1000):
    assert value_of(Key(i % 20)) == i % 20
print(value_of.cache_info())
for i in range(100, 280):
    value_of(Key(i))
    value_of(Key(3))
print(value_of.cache_info())
